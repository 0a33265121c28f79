// A server under measurement: a fresh process with the control channel preloaded, ready when it answers, stopped by a signal.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { cpuMicrosOf, rssBytesOf, usageOfDescendants } from "./descendants.mjs";
import { freePort } from "./free-port.mjs";

const control = fileURLToPath(new URL("control.mjs", import.meta.url));
const readyWithinMs = 20_000;

/**
 * `peer.command({ node, control })` gives the words to run; `control` is undefined when nothing shall be preloaded.
 * @returns {Promise<{ url: string, startMs: number, usage(): Promise<object>, idleRssBytes(): number, output(): string, stop(): Promise<void> }>}
 */
export async function startServer(peer, { node, env, readyPath, withControl = true }) {
  if (peer.url !== undefined) return connectToGiven(peer);
  const port = await freePort();
  const [command, ...args] = peer.command({ node, control: withControl ? control : undefined });
  const startedAt = performance.now();
  const child = spawn(command, args, {
    env: { ...process.env, NODE_ENV: "production", ...env, ...peer.env, PORT: String(port) },
    stdio: ["ignore", "pipe", "pipe", ...(withControl ? ["ipc"] : [])],
    serialization: "json",
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text) => {
      output = (output + text).slice(-20_000);
    });
  }
  const exited = new Promise((resolve) => child.once("exit", resolve));
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilItAnswers(`${url}${readyPath}`, () => child.exitCode === null && child.signalCode === null);
  } catch (error) {
    child.kill("SIGKILL");
    throw new Error(`${peer.name} does not answer: ${error.message}\n${output}`);
  }
  return {
    url,
    startMs: performance.now() - startedAt,
    usage: () => usageOf(child, peer),
    idleRssBytes: () => rssBytesOf(child.pid) + usageOfDescendants(child.pid).rssBytes,
    output: () => output,
    async stop() {
      child.kill("SIGTERM");
      const late = setTimeout(() => child.kill("SIGKILL"), 8_000);
      await exited;
      clearTimeout(late);
    },
  };
}

/** Polled without a pause: the time to the first answer is a result, too. */
async function untilItAnswers(url, isAlive) {
  const deadline = performance.now() + readyWithinMs;
  for (;;) {
    try {
      const response = await fetch(url, { headers: { connection: "close" } });
      await response.arrayBuffer();
      return;
    } catch (error) {
      if (!isAlive()) throw new Error("it has ended");
      if (performance.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }
}

function usageOf(child, peer) {
  return new Promise((resolve, reject) => {
    const onExit = () => reject(new Error(`${peer.name} has ended`));
    child.once("exit", onExit);
    child.once("message", (own) => {
      child.off("exit", onExit);
      const workers = usageOfDescendants(child.pid);
      resolve({
        cpuMicros: own.cpuMicros + workers.cpuMicros,
        rssBytes: own.rssBytes + workers.rssBytes,
        descendants: workers.count,
      });
    });
    child.send({ question: "usage" });
  });
}

/** A server that somebody else runs: CPU only when its process id is known. */
function connectToGiven({ url, pid }) {
  const usage = async () => {
    if (pid === undefined) return { cpuMicros: undefined, rssBytes: undefined, descendants: 0 };
    const workers = usageOfDescendants(pid);
    return {
      cpuMicros: cpuMicrosOf(pid) + workers.cpuMicros,
      rssBytes: rssBytesOf(pid) + workers.rssBytes,
      descendants: workers.count,
    };
  };
  const idleRssBytes = () => (pid === undefined ? 0 : rssBytesOf(pid) + usageOfDescendants(pid).rssBytes);
  return { url, startMs: undefined, usage, idleRssBytes, output: () => "", stop: async () => {} };
}
