// Loads the `main.js` of a production build, for the commands that run one.
import { existsSync } from "node:fs";
import { isAbsolute, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import type * as start from "../start/main.ts";
import { appFolder } from "./app-folder.ts";
import { productionBuildDir } from "./build-folders.ts";
import { CommandError } from "./definition.ts";

/** `dir` is a build's folder, or (also when absent) an app whose `.tenon/build` is meant. */
export async function loadProductionBuild(dir: string | undefined): Promise<typeof start> {
  const folder = dir === undefined ? undefined : isAbsolute(dir) ? dir : resolve(dir);
  const main =
    folder !== undefined && existsSync(join(folder, "main.js")) ? join(folder, "main.js") : await mainOfApp(folder);
  return import(pathToFileURL(main).href) as Promise<typeof start>;
}

async function mainOfApp(dir: string | undefined): Promise<string> {
  const appDir = appFolder(dir);
  const main = join(productionBuildDir(appDir), "main.js");
  if (existsSync(main)) return main;
  throw new CommandError(
    "no_build",
    `there is no build in ${productionBuildDir(appDir)}`,
    "Make one with `tenon build`, or name its folder.",
  );
}
