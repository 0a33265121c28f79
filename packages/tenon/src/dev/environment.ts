// The local values of an app: `.env`, over it `.env.local`, over it the environment of the command itself.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { KEY_VARIABLE } from "../secrets/encrypted-file.ts";
import { CommandError } from "../commands/definition.ts";

export const environmentFiles: readonly string[] = [".env", ".env.local"];

export async function readEnvironment(appDir: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of environmentFiles) Object.assign(values, await readEnvFile(appDir, name));
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) values[name] = value;
  // It opens all secrets; a service gets its own only.
  delete values[KEY_VARIABLE];
  return values;
}

/** Nothing where the file is not there. */
export async function readEnvFile(appDir: string, name: string): Promise<Record<string, string>> {
  const text = await readFile(join(appDir, name), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw new CommandError(
      "env_file_unreadable",
      `${name} can't be read: ${error.message}`,
      "Check the file's permissions.",
    );
  });
  return parseEnv(text) as Record<string, string>;
}
