// Where the packages are: in packages/, and those that are many of one kind (adapters) in a folder of theirs.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** Relative to `root`, with forward slashes, sorted. */
export function packageFolders(root) {
  return foldersIn(root, "packages")
    .flatMap((folder) => (isPackage(root, folder) ? [folder] : foldersIn(root, folder)))
    .filter((folder) => isPackage(root, folder))
    .sort();
}

function foldersIn(root, folder) {
  return readdirSync(join(root, folder), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => `${folder}/${entry.name}`);
}

function isPackage(root, folder) {
  return existsSync(join(root, folder, "package.json"));
}
