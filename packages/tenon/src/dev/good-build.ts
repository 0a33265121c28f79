// A copy of the build that serves. The build's own folder always holds the newest version, also one that does not start; a process that
// crashes meanwhile must come back as what it was.
import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { BuildManifest } from "@tenon/runtime";

/** `folder`, beside `buildDir` so that relative source maps hold, gets all that a process loads; an older copy there is replaced. */
export async function copyBuild(buildDir: string, folder: string): Promise<void> {
  const manifest = JSON.parse(await readFile(join(buildDir, "build.json"), "utf8")) as BuildManifest;
  const modules = Object.values(manifest.services).flatMap(({ bundle, codecs }) =>
    bundle === undefined ? [codecs] : [bundle, `${bundle}.map`, codecs],
  );
  const files = ["package.json", "app.json", "build.json", ...modules];
  await rm(folder, { recursive: true, force: true });
  for (const parent of new Set(files.map((file) => dirname(join(folder, file))))) {
    await mkdir(parent, { recursive: true });
  }
  await Promise.all(files.map((file) => copyFile(join(buildDir, file), join(folder, file))));
}
