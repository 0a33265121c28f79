// A process of the app that is started again whenever it ends, as an orchestrator would.
import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { createInterface } from "node:readline";

/** Before another attempt of a process that ended by itself, for instance because a server was away. */
const pauseMs = 200;

export class Player {
  #options;
  #child;
  #log;
  #isStopped = false;
  #timer;
  isServing = false;
  starts = 0;

  /**
   * `role`: what it plays in the history. `address`: where it answers.
   * @param {{ role: string, args: string[], env: Record<string, string>, address: string, logFile: string }} options
   */
  constructor(options) {
    this.#options = options;
    this.role = options.role;
    this.address = options.address;
    this.#log = createWriteStream(options.logFile, { flags: "a" });
  }

  start() {
    const { args, env } = this.#options;
    const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
    this.#child = child;
    this.starts++;
    createInterface({ input: child.stdout }).on("line", (line) => {
      this.#log.write(`${line}\n`);
      if (line.startsWith("{") && line.includes('"message":"started"')) this.isServing = true;
    });
    child.stderr.on("data", (text) => this.#log.write(text));
    child.once("exit", (_code, signal) => {
      this.isServing = false;
      this.#child = undefined;
      if (!this.#isStopped) this.#timer = setTimeout(() => this.start(), signal === "SIGKILL" ? 0 : pauseMs);
    });
  }

  /** Its process while there is one. */
  get pid() {
    return this.#child?.pid;
  }

  async stop() {
    this.#isStopped = true;
    clearTimeout(this.#timer);
    const child = this.#child;
    if (child !== undefined) {
      const exited = new Promise((resolve) => {
        child.once("exit", resolve);
      });
      child.kill("SIGTERM");
      await exited;
    }
    this.#log.end();
  }
}
