// Imports a built module of a checkout: the gate measures the same case on two of them, so cases name the folder, never the package.
import { join } from "node:path";
import { pathToFileURL } from "node:url";

/** `importBuilt(packagesDir, "runtime/dist/call/route.js")` */
export function importBuilt(packagesDir, path) {
  return import(pathToFileURL(join(packagesDir, path)).href);
}
