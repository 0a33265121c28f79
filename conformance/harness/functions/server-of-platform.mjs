// A process that serves a function by HTTP, as the platform's own server does. It is started once the addresses of all functions are known.
import { spawn } from "node:child_process";
import { eventually } from "../eventually.mjs";
import { freePort } from "../free-port.mjs";

/** @param {{ name: string, args: readonly string[], env: () => Record<string, string> }} options */
export async function startServer({ name, args, env }) {
  const port = await freePort();
  const running = { url: `http://127.0.0.1:${port}`, output: "", begin, stop };
  let child;

  async function begin() {
    child = spawn(process.execPath, args, {
      env: { PATH: process.env.PATH, ...env(), PORT: String(port) },
      stdio: ["ignore", "pipe", "pipe"],
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        running.output += text;
      });
    }
    await eventually(`${name} to serve`, async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${running.output}`);
      return (await fetch(running.url, { method: "HEAD" }).catch(() => undefined)) !== undefined;
    });
  }

  async function stop() {
    if (child === undefined || child.exitCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGTERM");
    await ended;
  }

  return running;
}
