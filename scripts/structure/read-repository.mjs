// What the repository consists of: its files as git sees them (tracked, or new and not ignored) and its packages.
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolders } from "./package-folders.mjs";

/** Paths relative to `root`, with forward slashes, sorted. */
export function listFiles(root) {
  const git = spawnSync(
    "git",
    ["-c", "safe.directory=*", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
    {
      cwd: root,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (git.status !== 0) throw new Error(`git ls-files failed in ${root}: ${git.stderr || git.error}`);
  const paths = git.stdout.split("\0").filter((path) => path !== "");
  // A file that is deleted but not committed yet is still listed by git.
  return [...new Set(paths)].filter((path) => existsSync(join(root, path))).sort();
}

/** @returns {{ folder: string, manifest: Record<string, any>, sources: string[] }[]} */
export function readPackages(root, files) {
  return packageFolders(root).map((folder) => ({
    folder,
    manifest: JSON.parse(readFileSync(join(root, folder, "package.json"), "utf8")),
    sources: files.filter(
      (file) =>
        (file.startsWith(`${folder}/src/`) || file.startsWith(`${folder}/bin/`)) && /\.([cm]?[jt]s|tsx)$/.test(file),
    ),
  }));
}

export function isTest(file) {
  return /\.(test|spec)\.[a-z]+$/.test(file) || file.includes("/fixtures/") || file.includes("/test-support/");
}
