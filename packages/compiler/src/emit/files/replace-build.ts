// Puts a production build in its place: made beside it, so that it appears with one rename, and only where nothing but a build was.
import { existsSync } from "node:fs";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** Only what a build made may be replaced by one: a mistyped folder must not cost anybody their files. */
export async function isReplaceable(outDir: string): Promise<boolean> {
  if (!existsSync(outDir)) return true;
  const names = await readdir(outDir);
  return names.length === 0 || (names.includes("build.json") && names.includes("app.json"));
}

/** `make` fills the folder that it is given; unless what it made is complete, `outDir` stays as it was. */
export async function inStagingFolder<Result>(
  outDir: string,
  make: (stagingDir: string) => Promise<{ readonly result: Result; readonly isComplete: boolean }>,
): Promise<Result> {
  const stagingDir = join(dirname(outDir), `.tenon-build-${basename(outDir)}-${process.pid}`);
  await rm(stagingDir, { recursive: true, force: true });
  try {
    const { result, isComplete } = await make(stagingDir);
    if (!isComplete) return result;
    await rm(outDir, { recursive: true, force: true });
    await mkdir(dirname(outDir), { recursive: true });
    await rename(stagingDir, outDir);
    return result;
  } finally {
    await rm(stagingDir, { recursive: true, force: true });
  }
}
