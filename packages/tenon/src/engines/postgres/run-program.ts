// Runs a short-lived program to its end and gives back everything it printed.
import { spawn } from "node:child_process";

export interface ProgramResult {
  /** null when it could not be started or was ended by a signal. */
  readonly status: number | null;
  readonly output: string;
}

export function runProgram(command: readonly string[], env: NodeJS.ProcessEnv = process.env): Promise<ProgramResult> {
  return new Promise((resolve) => {
    const child = spawn(command[0]!, command.slice(1), { env, stdio: ["ignore", "pipe", "pipe"], windowsHide: true });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.stderr.on("data", (chunk: Buffer) => {
      output += chunk;
    });
    child.once("error", (error) => resolve({ status: null, output: error.message }));
    child.once("close", (status) => resolve({ status, output }));
  });
}
