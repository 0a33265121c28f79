// Runs the `tenon` command of this checkout to its end and gives what it printed. Never waits for ever and never reads stdin.
import { spawn } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root = join(dirname(fileURLToPath(import.meta.url)), "../..");
export const tenonCommand = join(root, "packages/tenon/bin/tenon.js");

/** The compilers users have: this repository's TypeScript 7, and the classic one. Paths of their `tsc`. */
export const typescriptCommands = {
  native: join(root, "node_modules/typescript/bin/tsc"),
  classic: join(root, "node_modules/typescript-classic/lib/tsc.js"),
};

/** @returns {Promise<{ code: number | null, stdout: string, stderr: string }>} */
export function runNode(script, args, { cwd = root, env = {}, deadlineMs = 120_000 } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd,
      env: { ...process.env, CI: "true", NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      stderr += text;
    });
    const deadline = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${script} ${args.join(" ")} did not end within ${deadlineMs} ms\n${stdout}\n${stderr}`));
    }, deadlineMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(deadline);
      resolve({ code, stdout, stderr });
    });
  });
}

export function runTenon(args, options) {
  return runNode(tenonCommand, args, options);
}

/** `tsc --noEmit` in an app's folder, as an editor or a CI job of a user would run it. */
export function runTypeScript(kind, appDir) {
  return runNode(typescriptCommands[kind], ["--noEmit", "--pretty", "false"], { cwd: appDir });
}
