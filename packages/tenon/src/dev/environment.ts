// The local values of an app: `.env`, over it `.env.local`, over it the environment of the command itself.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CommandError } from "../commands/definition.ts";

export const environmentFiles: readonly string[] = [".env", ".env.local"];

export async function readEnvironment(appDir: string): Promise<Record<string, string>> {
  const values: Record<string, string> = {};
  for (const name of environmentFiles) {
    const text = await readFile(join(appDir, name), "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw new CommandError(
        "env_file_unreadable",
        `${name} can't be read: ${error.message}`,
        "Check the file's permissions.",
      );
    });
    Object.assign(values, parseEnv(text));
  }
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) values[name] = value;
  return values;
}

/** The values of the named secrets; those that are not set are left out. */
export function pickSecrets(
  names: readonly string[],
  environment: Readonly<Record<string, string>>,
): Record<string, string> {
  const secrets: Record<string, string> = {};
  for (const name of names) {
    const value = environment[name];
    if (value !== undefined) secrets[name] = value;
  }
  return secrets;
}
