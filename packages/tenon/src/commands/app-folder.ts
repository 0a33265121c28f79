// The app a command is about: the nearest one from the folder named on the command line, or from where the user stands.
import { statSync } from "node:fs";
import { resolve } from "node:path";
import { findAppDir } from "@tenon/compiler/find-app-dir";
import { CommandError } from "./definition.ts";

/** Absolute. Throws CommandError `no_such_folder`. */
export function appFolder(dir: string | undefined): string {
  const start = resolve(dir ?? process.cwd());
  if (statSync(start, { throwIfNoEntry: false })?.isDirectory() !== true) {
    throw new CommandError(
      "no_such_folder",
      `there is no folder ${start}`,
      "Name the folder of an app, or leave it out to use the nearest one.",
    );
  }
  return findAppDir(start);
}
