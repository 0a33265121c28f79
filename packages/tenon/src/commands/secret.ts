// `tenon secret set|list|rm`: the secrets of an app on this machine, and the encrypted ones that it shares. Values are never shown.
import { join } from "node:path";
import { readSecretValue } from "../secrets/read-value.ts";
import { CUE_FILE, readLocalSecrets } from "../secrets/local-secrets.ts";
import { removeFromEnvFile, setInEnvFile } from "../secrets/env-file.ts";
import { ENCRYPTED_FILE, KEY_FILE, removeEncryptedSecret, setEncryptedSecret } from "../secrets/encrypted-file.ts";
import { appFolder } from "./app-folder.ts";
import { readAppGraph } from "./app-graph.ts";
import {
  booleanOption,
  type Command,
  CommandError,
  type CommandInput,
  stringOption,
  UsageError,
} from "./definition.ts";

const LOCAL_FILE = ".env.local";

export const secretCommand: Command = {
  name: "secret",
  summary: "Sets (set NAME), lists (list) and removes (rm NAME) secrets",
  positionals: ["set|list|rm", "name"],
  options: {
    app: { type: "string", value: "DIR", summary: "the app's folder (nearest)" },
    encrypted: { type: "boolean", summary: `in ${ENCRYPTED_FILE}, which can be committed, instead of ${LOCAL_FILE}` },
    stdin: { type: "boolean", summary: "set: read the value from standard input" },
    value: { type: "string", value: "V", summary: "set: the value itself (it stays in the history of your shell)" },
    json: { type: "boolean", summary: "list: print one object a line" },
  },
  async run(input) {
    const [action = "list", name] = input.positionals;
    const appDir = appFolder(stringOption(input, "app"));
    if (action === "list") return list(appDir, booleanOption(input, "json"));
    if (action !== "set" && action !== "rm") throw new UsageError(`secret knows set, list and rm, not "${action}"`);
    if (name === undefined || !/^[A-Za-z_]\w*$/.test(name)) {
      throw new UsageError(`secret ${action} needs a name of letters, digits and _, got "${name ?? ""}"`);
    }
    return action === "set" ? set(appDir, name, input) : remove(appDir, name, booleanOption(input, "encrypted"));
  },
};

async function set(appDir: string, name: string, input: CommandInput): Promise<number> {
  const value = stringOption(input, "value") ?? (await readSecretValue(name, booleanOption(input, "stdin")));
  if (booleanOption(input, "encrypted")) {
    const { madeKey } = await setEncryptedSecret(appDir, process.env, name, value);
    print(`set ${name} in ${ENCRYPTED_FILE}`);
    if (madeKey) print(`made the key ${KEY_FILE}: keep it, give it to your team by a safe way, and never commit it`);
  } else {
    await setInEnvFile(join(appDir, LOCAL_FILE), name, value);
    print(`set ${name} in ${LOCAL_FILE}`);
  }
  return 0;
}

async function remove(appDir: string, name: string, encrypted: boolean): Promise<number> {
  const file = encrypted ? ENCRYPTED_FILE : LOCAL_FILE;
  const removed = encrypted
    ? await removeEncryptedSecret(appDir, name)
    : await removeFromEnvFile(join(appDir, LOCAL_FILE), name);
  if (!removed)
    throw new CommandError("secret_unknown", `${file} has no ${name}`, `It may be set in .env or ${CUE_FILE}.`);
  print(`removed ${name} from ${file}`);
  return 0;
}

async function list(appDir: string, json: boolean): Promise<number> {
  const graph = await readAppGraph(appDir);
  if (graph === null) return 1;
  const found = await readLocalSecrets(
    appDir,
    graph.secrets.map(({ name }) => name),
  );
  const rows = graph.secrets.map(({ name, services }) => ({ name, services, source: found.get(name)?.source ?? null }));
  if (json) for (const row of rows) print(JSON.stringify(row));
  else if (rows.length === 0) print("the app declares no secrets");
  else print(renderRows(rows));
  return 0;
}

function renderRows(rows: readonly { name: string; services: readonly string[]; source: string | null }[]): string {
  const width = Math.max(...rows.map(({ name }) => name.length));
  return rows
    .map(({ name, services, source }) => {
      const state = source === null ? "not set" : `set in ${source}`;
      return `${name.padEnd(width)}  ${state}${services.length === 0 ? "" : `  (used by ${services.join(", ")})`}`;
    })
    .join("\n");
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
