// Reads the app file: the app's id, else the folder's name, and the other settings. What is wrong with the file is said elsewhere.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "jsonc-parser";
import { appFileNames } from "../aliases.ts";

export function readAppId(appDir: string): string {
  const { id } = readAppSettings(appDir);
  return typeof id === "string" && id !== "" ? id : basename(appDir);
}

/** Of the first app file that there is; empty without one. */
export function readAppSettings(appDir: string): Readonly<Record<string, unknown>> {
  const file = appFileNames.map((name) => join(appDir, name)).find((candidate) => existsSync(candidate));
  if (file === undefined) return {};
  const settings: unknown = parse(readFileSync(file, "utf8"));
  return typeof settings === "object" && settings !== null ? (settings as Record<string, unknown>) : {};
}
