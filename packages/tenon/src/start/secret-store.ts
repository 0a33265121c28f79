// `secret_store` of infra.json: where `{"$secret": "name"}` is read from. Each kind is an adapter behind one small interface.
import { readFile } from "node:fs/promises";
import { isAbsolute, join, normalize, resolve } from "node:path";
import type { InfraValues, Settings } from "./infra-values.ts";

export interface SecretStore {
  /** Rejects with what is wrong, without the value. */
  read(name: string): Promise<string>;
}

const COMMAND_TIMEOUT_MS = 30_000;
const LARGEST_SECRET_BYTES = 1024 * 1024;

/** undefined: the file names none, or a wrong one, which is told. */
export function readSecretStore(value: unknown, values: InfraValues): SecretStore | undefined {
  if (value === undefined) return undefined;
  const at = "secret_store";
  const store = values.object(value, at);
  const type = values.word(store["type"], ["files", "command"], `${at}.type`);
  if (type === "files") return readFiles(store, at, values);
  return type === "command" ? readCommand(store, at, values) : undefined;
}

function readFiles(store: Settings, at: string, values: InfraValues): SecretStore {
  values.only(store, ["type", "directory"], at);
  const directory = values.text(store["directory"], `${at}.directory`);
  return fileStore(resolve(values.folder, directory));
}

/** What Kubernetes, Docker and systemd mount: a file each; a name may lead into folders. */
export function fileStore(directory: string): SecretStore {
  return {
    async read(name) {
      const path = normalize(name);
      if (isAbsolute(path) || path.startsWith("..")) throw new Error(`it is not below ${directory}`);
      return withoutLineEnd(await readFile(join(directory, path), "utf8"));
    },
  };
}

function readCommand(store: Settings, at: string, values: InfraValues): SecretStore | undefined {
  values.only(store, ["type", "command"], at);
  const [program, ...args] = values.names(store["command"], `${at}.command`);
  if (program !== undefined) return commandStore(program, args);
  values.problems.push(`${at}.command must name a program and its arguments`);
  return undefined;
}

/** What the program prints, run once for each secret and without a shell; "{name}" in an argument is the secret's, else it comes last. */
export function commandStore(program: string, args: readonly string[]): SecretStore {
  const isNamed = args.some((arg) => arg.includes("{name}"));
  return {
    read(name) {
      const all = isNamed ? args.map((arg) => arg.replaceAll("{name}", () => name)) : [...args, name];
      return run(program, all);
    },
  };
}

async function run(program: string, args: readonly string[]): Promise<string> {
  const { execFile } = await import("node:child_process");
  return new Promise((resolveText, reject) => {
    const options = { encoding: "utf8", timeout: COMMAND_TIMEOUT_MS, maxBuffer: LARGEST_SECRET_BYTES } as const;
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) return resolveText(withoutLineEnd(stdout));
      const [said = ""] = stderr.trim().split("\n");
      const why =
        error.killed === true ? "took too long or printed too much" : `ended with ${error.code ?? error.signal}`;
      reject(new Error(`${program} ${why}${said === "" ? "" : `: ${said}`}`));
    });
  });
}

function withoutLineEnd(text: string): string {
  return text.replace(/\r?\n$/, "");
}
