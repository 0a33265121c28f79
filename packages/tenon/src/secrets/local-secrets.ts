// Where secrets come from on a developer's machine. The stronger wins: the environment of the command, mounted files, `.env.local`,
// `.secrets.local.cue`, `.env`, the encrypted file that the team shares.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readEnvFile } from "../dev/environment.ts";
import { parseCueSecrets } from "./cue-secrets.ts";
import { ENCRYPTED_FILE, readEncryptedSecrets } from "./encrypted-file.ts";
import { MOUNT_VARIABLE, readMountedSecrets } from "./mounted-secrets.ts";

export const CUE_FILE = ".secrets.local.cue";

export interface LocalSecret {
  readonly value: string;
  /** The file or the like that it comes from. */
  readonly source: string;
}

/** Of `names`, those that are set somewhere. */
export async function readLocalSecrets(
  appDir: string,
  names: readonly string[],
  processEnvironment: Readonly<Record<string, string | undefined>> = process.env,
): Promise<ReadonlyMap<string, LocalSecret>> {
  const [encrypted, env, cue, envLocal, mounted] = await Promise.all([
    readEncryptedSecrets(appDir, processEnvironment),
    readEnvFile(appDir, ".env"),
    readCueFile(appDir),
    readEnvFile(appDir, ".env.local"),
    readMountedSecrets(names, processEnvironment),
  ]);
  const layers: [string, Readonly<Record<string, string | undefined>>][] = [
    [ENCRYPTED_FILE, encrypted.values],
    [".env", env],
    [CUE_FILE, cue],
    [".env.local", envLocal],
    [MOUNT_VARIABLE, mounted],
    ["the environment", processEnvironment],
  ];
  const found = new Map<string, LocalSecret>();
  for (const [source, values] of layers) {
    for (const name of names) {
      const value = Object.hasOwn(values, name) ? values[name] : undefined;
      if (value !== undefined) found.set(name, { value, source });
    }
  }
  return found;
}

async function readCueFile(appDir: string): Promise<Record<string, string>> {
  const text = await readFile(join(appDir, CUE_FILE), "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return parseCueSecrets(text, CUE_FILE);
}
