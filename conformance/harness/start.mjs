// Runs a production build with `tenon start` as a child process until it is told to stop.
import { spawn } from "node:child_process";
import { eventually } from "./eventually.mjs";
import { tenonCommand } from "./tenon.mjs";

/** @returns {Promise<{ gateway: string, internal: string, output(): string, stop(): Promise<void> }>} doors that it does not have are undefined */
export async function startBuild(buildDir, { cwd, args = [], env = {} }) {
  const child = spawn(process.execPath, [tenonCommand, "start", buildDir, ...args], {
    cwd,
    env: { ...process.env, PORT: "0", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  }
  const exited = new Promise((resolve) => {
    // Not "exit": what it said at its end may be read after that.
    child.once("close", resolve);
  });
  const started = await eventually("the build to serve", () => {
    if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${output}`);
    const lines = output.split("\n").filter((line) => line.startsWith("{"));
    return lines.map((line) => JSON.parse(line)).find(({ message }) => message === "started");
  });
  return {
    gateway: started.gateway,
    internal: started.internal,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      await exited;
    },
  };
}
