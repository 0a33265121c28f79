// Whatever a program prints, run once for each secret and without a shell.
import type { InfraValues, Settings } from "../infra-values.ts";
import { type SecretStore, withoutLineEnd } from "./secret-store.ts";

const COMMAND_TIMEOUT_MS = 30_000;
const LARGEST_SECRET_BYTES = 1024 * 1024;

export function readCommand(store: Settings, at: string, values: InfraValues): SecretStore | undefined {
  values.only(store, ["type", "command"], at);
  const [program, ...args] = values.names(store["command"], `${at}.command`);
  if (program !== undefined) return commandStore(program, args);
  values.problems.push(`${at}.command must name a program and its arguments`);
  return undefined;
}

/** "{name}" in an argument is the secret's, else it comes last. */
function commandStore(program: string, args: readonly string[]): SecretStore {
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
