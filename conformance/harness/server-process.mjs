// A server of somebody else's (nats-server, redis-server) as a child process on a port and a folder of its own: started, killed without
// a warning, started again on the same data, stopped for good.
import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { eventually } from "./eventually.mjs";
import { freePort } from "./free-port.mjs";

/** Absolute path of an installed program; undefined: it is not installed. Debian keeps some servers outside of users' PATH. */
export function findProgram(name) {
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export class ServerProcess {
  #command;
  #env;
  #isReady;
  #child;
  #output = "";

  /** Use `start`. */
  constructor(port, dataDir, { command, env, isReady }) {
    this.port = port;
    this.dataDir = dataDir;
    this.#command = command;
    this.#env = env ?? process.env;
    this.#isReady = isReady;
    process.on("exit", this.#killQuietly);
  }

  /**
   * `command(port, dataDir)` gives program and arguments, `env` its environment (ours); `isReady(port)` resolves with true once the
   * server answers.
   * @returns {Promise<ServerProcess>}
   */
  static async start(name, options) {
    const dataDir = mkdtempSync(join(tmpdir(), `tenon-${name}-`));
    const server = new ServerProcess(await freePort(), dataDir, options);
    await server.restart();
    return server;
  }

  get pid() {
    return this.#child.pid;
  }

  /** What it printed so far. */
  get output() {
    return this.#output;
  }

  /** On the data of before; resolves once it answers. */
  async restart() {
    const [file, ...args] = this.#command(this.port, this.dataDir);
    const child = spawn(file, args, { env: this.#env, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.exited = new Promise((resolve) => {
      child.once("error", resolve);
      child.once("exit", resolve);
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        this.#output += text;
      });
    }
    await eventually(`${file} to answer`, async () => {
      if (child.exitCode !== null) throw new Error(`it ended with ${child.exitCode}:\n${this.#output}`);
      return await this.#isReady(this.port);
    });
  }

  /** kill -9; resolves once it is gone. */
  async kill() {
    this.#child.kill("SIGKILL");
    await this.exited;
  }

  signal(name) {
    this.#child.kill(name);
  }

  /** Ends it for good and removes its data. */
  async stop() {
    await this.kill();
    process.off("exit", this.#killQuietly);
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #killQuietly = () => {
    this.#child?.kill("SIGKILL");
  };
}
