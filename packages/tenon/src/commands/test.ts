// `tenon test`: runs the `test` script of the app's package.json with the app analysed and everything it needs ready.
import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { type StartedTestRun, startTestRun } from "../test/start-test-run.ts";
import { testRunVariable } from "../test/test-run.ts";
import { appFolder } from "./app-folder.ts";
import { type Command, CommandError } from "./definition.ts";

export const testCommand: Command = {
  name: "test",
  summary: "Runs the app's test script with everything it needs",
  positionals: ["dir"],
  rest: "arguments of the script",
  options: {},
  async run(input) {
    const appDir = appFolder(input.positionals[0]);
    const script = await testScript(appDir);
    const run = await startTestRun(appDir);
    try {
      return await runScript(script, input.rest, appDir, run);
    } finally {
      await run.close();
    }
  },
};

/** Throws CommandError `no_test_script`. */
async function testScript(appDir: string): Promise<string> {
  const text = await readFile(join(appDir, "package.json"), "utf8").catch(() => "{}");
  const { scripts } = JSON.parse(text) as { readonly scripts?: { readonly test?: unknown } };
  if (typeof scripts?.test === "string" && scripts.test.trim() !== "") return scripts.test;
  throw new CommandError(
    "no_test_script",
    "package.json has no test script",
    'Add one: "scripts": { "test": "vitest run" }. `tenon test` runs it.',
  );
}

/** As a package manager would: in a shell, with the programs of installed packages. Resolves with its exit code. */
function runScript(script: string, args: readonly string[], appDir: string, run: StartedTestRun): Promise<number> {
  const register = new URL("../test/register.js", import.meta.url).href;
  const child = spawn(`${isOneProgram(script) ? "exec " : ""}${[script, ...args.map(quoted)].join(" ")}`, {
    cwd: appDir,
    shell: true,
    stdio: "inherit",
    env: {
      ...run.environment,
      PATH: [...programFolders(appDir), run.environment["PATH"] ?? ""].join(delimiter),
      NODE_OPTIONS: [run.environment["NODE_OPTIONS"] ?? "", `--import=${register}`].join(" ").trim(),
      [testRunVariable]: run.file,
      // Where this command itself runs in a test, that is no business of the script's test runner.
      NODE_TEST_CONTEXT: undefined,
    },
  });
  // A terminal sends Ctrl-C to the script as well: how that ends decides.
  const forward = (signal: NodeJS.Signals) => void child.kill(signal);
  const ignore = () => {};
  process.on("SIGTERM", forward).on("SIGHUP", forward).on("SIGINT", ignore);
  return new Promise<number>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve(code ?? 1));
  }).finally(() => process.off("SIGTERM", forward).off("SIGHUP", forward).off("SIGINT", ignore));
}

/** The shell can then give its place to the program, which a signal reaches without it. */
function isOneProgram(script: string): boolean {
  return process.platform !== "win32" && /^[\w@./-]+(?:\s[^&|;<>()$`\n]*)?$/.test(script.trim());
}

function programFolders(appDir: string): string[] {
  const folders: string[] = [];
  for (let dir = appDir; ; dir = dirname(dir)) {
    folders.push(join(dir, "node_modules", ".bin"));
    if (dirname(dir) === dir) return folders;
  }
}

function quoted(argument: string): string {
  if (/^[\w@%+=:,./-]+$/.test(argument)) return argument;
  return process.platform === "win32" ? JSON.stringify(argument) : `'${argument.replaceAll("'", "'\\''")}'`;
}
