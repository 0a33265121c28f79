// Loads the `main.js` of a production build, for the commands that run one.
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as start from "../start/main.ts";
import { appFolder } from "./app-folder.ts";
import { productionBuildDir } from "./build-folders.ts";
import { CommandError } from "./definition.ts";

/** `dir` is a build's folder, or (also when absent) an app whose `.tenon/build` is meant. */
export async function loadProductionBuild(dir: string | undefined): Promise<typeof start> {
  const main = join(productionBuildFolder(dir), "main.js");
  return import(pathToFileURL(main).href) as Promise<typeof start>;
}

/** Absolute. Throws CommandError `no_build`. */
export function productionBuildFolder(dir: string | undefined): string {
  const folder = dir === undefined ? undefined : resolve(dir);
  if (folder !== undefined && existsSync(join(folder, "main.js"))) return folder;
  const ofApp = productionBuildDir(appFolder(folder));
  if (existsSync(join(ofApp, "main.js"))) return ofApp;
  throw new CommandError(
    "no_build",
    `there is no build in ${ofApp}`,
    "Make one with `tenon build`, or name its folder.",
  );
}
