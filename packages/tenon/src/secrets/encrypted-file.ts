// `secrets.enc.json`: encrypted secrets that may be committed and that a production build takes along. The key is never in it: it is in
// TENON_SECRETS_KEY, or on a developer's machine in `.tenon-secrets.key`.
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../commands/definition.ts";
import { createSecretsKey, decryptSecret, encryptSecret, parseSecretsKey } from "./secret-cipher.ts";

export const ENCRYPTED_FILE = "secrets.enc.json";
export const KEY_FILE = ".tenon-secrets.key";
export const KEY_VARIABLE = "TENON_SECRETS_KEY";

export interface EncryptedSecrets {
  /** Names in the file. */
  readonly names: readonly string[];
  /** Those that could be read; all of them, or none without a key. */
  readonly values: Readonly<Record<string, string>>;
  readonly hasKey: boolean;
}

/** Of the file in `folder`; without the file, nothing. Throws CommandError when the file or the key is of no use. */
export async function readEncryptedSecrets(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<EncryptedSecrets> {
  const content = await readContent(folder);
  const names = Object.keys(content);
  const key = names.length === 0 ? undefined : await findKey(folder, environment);
  if (key === undefined) return { names, values: {}, hasKey: false };
  const values: Record<string, string> = {};
  for (const [name, encrypted] of Object.entries(content)) {
    const value = decryptSecret(key, name, encrypted);
    if (value === undefined) throw wrongKey(name);
    values[name] = value;
  }
  return { names, values, hasKey: true };
}

/** Adds or replaces one; makes a key when there is none yet. Resolves with whether it did. */
export async function setEncryptedSecret(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
  name: string,
  value: string,
): Promise<{ readonly madeKey: boolean }> {
  const content = await readContent(folder);
  const known = await findKey(folder, environment);
  const other = Object.entries(content)[0];
  if (known === undefined && other !== undefined) throw missingKey();
  // A second key in one file would make half of it unreadable for everybody.
  if (known !== undefined && other !== undefined && decryptSecret(known, ...other) === undefined)
    throw wrongKey(other[0]);
  const key = known ?? (await makeKey(folder));
  await writeContent(folder, { ...content, [name]: encryptSecret(key, name, value) });
  return { madeKey: known === undefined };
}

/** Whether it was there. */
export async function removeEncryptedSecret(folder: string, name: string): Promise<boolean> {
  const { [name]: removed, ...rest } = await readContent(folder);
  if (removed !== undefined) await writeContent(folder, rest);
  return removed !== undefined;
}

/** Its text as it is; undefined when there is none. */
export function readEncryptedFile(folder: string): Promise<string | undefined> {
  return readOptional(join(folder, ENCRYPTED_FILE));
}

async function readContent(folder: string): Promise<Record<string, string>> {
  const text = await readEncryptedFile(folder);
  if (text === undefined) return {};
  try {
    const { secrets } = JSON.parse(text) as { secrets?: unknown };
    if (typeof secrets !== "object" || secrets === null) throw new Error('it has no "secrets"');
    const wrong = Object.entries(secrets).find(([, value]) => typeof value !== "string");
    if (wrong !== undefined) throw new Error(`secrets.${wrong[0]} is not a string`);
    return secrets as Record<string, string>;
  } catch (error) {
    throw new CommandError(
      "secrets_file_invalid",
      `${ENCRYPTED_FILE} can't be read: ${(error as Error).message}`,
      "`tenon secret set NAME --encrypted` writes it; restore it from version control.",
    );
  }
}

async function writeContent(folder: string, secrets: Readonly<Record<string, string>>): Promise<void> {
  const sorted = Object.fromEntries(Object.entries(secrets).sort(([a], [b]) => (a < b ? -1 : 1)));
  await writeFile(join(folder, ENCRYPTED_FILE), `${JSON.stringify({ secrets: sorted }, null, 2)}\n`);
}

async function findKey(
  folder: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Buffer | undefined> {
  const variable = environment[KEY_VARIABLE];
  const text = variable ?? (await readOptional(join(folder, KEY_FILE)));
  if (text === undefined) return undefined;
  const key = parseSecretsKey(text);
  if (key !== undefined) return key;
  const where = variable === undefined ? KEY_FILE : KEY_VARIABLE;
  throw new CommandError(
    "secrets_key_invalid",
    `${where} holds no key: 32 bytes in base64url`,
    "Copy it as it was made.",
  );
}

/** Readable for the owner alone, and kept out of git. */
async function makeKey(folder: string): Promise<Buffer> {
  const text = createSecretsKey();
  await writeFile(join(folder, KEY_FILE), `${text}\n`, { mode: 0o600, flag: "wx" });
  const ignoreFile = join(folder, ".gitignore");
  const ignored = (await readOptional(ignoreFile)) ?? "";
  if (!ignored.split(/\r?\n/).includes(KEY_FILE)) {
    const end = ignored === "" || ignored.endsWith("\n") ? "" : "\n";
    await writeFile(ignoreFile, `${ignored}${end}${KEY_FILE}\n`);
  }
  return parseSecretsKey(text) as Buffer;
}

async function readOptional(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return undefined;
    throw error;
  });
}

function missingKey(): CommandError {
  return new CommandError(
    "secrets_key_missing",
    `${ENCRYPTED_FILE} is there, but not its key`,
    `Set ${KEY_VARIABLE}, or put the key into ${KEY_FILE}; whoever made the file has it.`,
  );
}

function wrongKey(name: string): CommandError {
  return new CommandError(
    "secrets_key_wrong",
    `the key does not open "${name}" in ${ENCRYPTED_FILE}`,
    `${KEY_VARIABLE} or ${KEY_FILE} holds the key of another file, or the file was edited by hand.`,
  );
}
