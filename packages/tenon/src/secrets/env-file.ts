// Sets and removes one variable in a `.env` file and leaves everything else in it as it is: comments, order, spaces.
import { readFile, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";
import { CommandError } from "../commands/definition.ts";

/** Throws CommandError `secret_not_writable` for a value that such a file cannot hold. */
export async function setInEnvFile(file: string, name: string, value: string): Promise<void> {
  const line = `${name}=${quoted(name, value)}`;
  const text = await readOptional(file);
  const found = entryOf(text, name);
  const end = text === "" || text.endsWith("\n") ? "" : "\n";
  await writeFile(file, found === undefined ? `${text}${end}${line}\n` : text.replace(found, () => line), {
    mode: 0o600,
  });
}

/** Whether it was there. */
export async function removeFromEnvFile(file: string, name: string): Promise<boolean> {
  const text = await readOptional(file);
  const found = entryOf(text, name);
  if (found === undefined) return false;
  const at = text.indexOf(found);
  const after = text.slice(at + found.length).replace(/^\r?\n/, "");
  await writeFile(file, text.slice(0, at) + after, { mode: 0o600 });
  return true;
}

/** The text of the last assignment, which is the one that counts; a quoted value may go over several lines. */
function entryOf(text: string, name: string): string | undefined {
  const entry = new RegExp(
    `^(?:export[ \\t]+)?${name}[ \\t]*=[ \\t]*(?:"[^"]*"|'[^']*'|\`[^\`]*\`|[^\\r\\n]*)[^\\r\\n]*`,
    "gm",
  );
  return [...text.matchAll(entry)].at(-1)?.[0];
}

/** There is no escape in these files: a quote has to be one that the value does not have. */
function quoted(name: string, value: string): string {
  // Newer versions of Node read a lone quote as it is, older ones begin a text with it.
  const plain = /["'`]/.test(value) ? [] : [value];
  for (const candidate of [...plain, `'${value}'`, `"${value}"`, `\`${value}\``]) {
    if (parseEnv(`X=${candidate}`)["X"] === value) return candidate;
  }
  throw new CommandError(
    "secret_not_writable",
    `the value of ${name} has all kinds of quotes, which a .env file cannot hold`,
    "Use --encrypted, or a file in TENON_SECRETS_DIR.",
  );
}

async function readOptional(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
}
