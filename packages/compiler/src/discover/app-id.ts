// Reads the app's id from its app file; the folder's name where there is none. What is wrong with the file is said elsewhere.
import { existsSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { parse } from "jsonc-parser";
import { appFileNames } from "../aliases.ts";

export function readAppId(appDir: string): string {
  for (const name of appFileNames) {
    const file = join(appDir, name);
    if (!existsSync(file)) continue;
    const settings: unknown = parse(readFileSync(file, "utf8"));
    const id = typeof settings === "object" && settings !== null ? (settings as { id?: unknown }).id : undefined;
    if (typeof id === "string" && id !== "") return id;
  }
  return basename(appDir);
}
