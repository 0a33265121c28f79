// Starts `tenon dev` on an app as a child process, gives its addresses and events, and stops it. Every wait has a deadline, and a
// failure carries what the app printed.
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { createInterface } from "node:readline";
import { eventually } from "./eventually.mjs";
import { canListProcesses, markName, processesOf } from "./processes.mjs";
import { tenonCommand } from "./tenon.mjs";

/**
 * `command` is what takes the arguments of `tenon dev`: by default the `tenon` of this checkout.
 * @param {string} appDir
 * @param {{ topology?: "single" | "per-service", args?: string[], env?: Record<string, string>, deadlineMs?: number, command?: string[] }} [options]
 */
export async function startDev(appDir, options = {}) {
  const app = launchDev(appDir, options);
  try {
    await app.waitForEvent("ready", options.deadlineMs ?? 120_000);
    return app;
  } catch (error) {
    await app.cleanUp();
    throw error;
  }
}

/** As `startDev`, but does not wait until it is ready. */
export function launchDev(appDir, options = {}) {
  const { topology = "single", args = [], env = {} } = options;
  const command = options.command ?? [process.execPath, tenonCommand, "dev", appDir];
  return new DevApp(appDir, [...command, ...commonArgs, "--topology", topology, ...args], env);
}

/** Free ports, so that any number of apps run beside each other. */
const commonArgs = ["--port", "0", "--dashboard-port", "0", "--json"];

const lastWordsMs = 5_000;

class DevApp {
  #child;
  #exited;
  #mark = randomUUID();
  #output = "";
  /** What `--json` printed so far. */
  events = [];
  /** Lines of stdout that are no event: with `--json` there must be none. */
  strayLines = [];

  constructor(appDir, [file, ...args], env) {
    this.appDir = appDir;
    this.#child = spawn(file, args, {
      env: { ...process.env, CI: "true", NO_COLOR: "1", ...env, [markName]: this.#mark },
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#exited = new Promise((resolve) => {
      this.#child.on("exit", (code, signal) => {
        // What it printed at its end is read after it, unless somebody else holds on to its output.
        this.#child.on("close", () => resolve({ code, signal }));
        setTimeout(() => resolve({ code, signal }), lastWordsMs).unref();
      });
    });
    createInterface({ input: this.#child.stdout }).on("line", (line) => this.#readLine(line));
    this.#child.stderr.setEncoding("utf8").on("data", (text) => {
      this.#output += text;
    });
  }

  #readLine(line) {
    this.#output += `${line}\n`;
    try {
      const event = JSON.parse(line);
      if (typeof event.event === "string") this.events.push(event);
      else this.strayLines.push(line);
    } catch {
      this.strayLines.push(line);
    }
  }

  get pid() {
    return this.#child.pid;
  }

  get ready() {
    return this.events.find((event) => event.event === "ready");
  }

  /** Base address of the gateway: "http://127.0.0.1:4000". */
  get gateway() {
    return this.ready.gateway;
  }

  get dashboard() {
    return this.ready.dashboard;
  }

  /** All it printed so far, both streams. */
  get output() {
    return this.#output;
  }

  /** The first event of a kind that came after the first `after` ones. */
  async waitForEvent(kind, deadlineMs = 60_000, after = 0) {
    const running = () => this.#child.exitCode === null && this.#child.signalCode === null;
    const find = () => this.events.slice(after).find((event) => event.event === kind);
    const found = await eventually(`the event "${kind}"`, () => find() ?? (running() ? undefined : "ended"), {
      deadlineMs,
    }).catch((error) => {
      throw new Error(`${error.message}; tenon dev printed:\n${this.#output}`);
    });
    const event = found === "ended" ? find() : found;
    if (event === undefined)
      throw new Error(`tenon dev ended before the event "${kind}"; it printed:\n${this.#output}`);
    return event;
  }

  /** A request to the gateway. An object as `body` is sent as JSON. The answer's `body` is parsed when it is JSON. */
  async request(method, path, body, headers = {}) {
    const response = await fetch(`${this.gateway}${path}`, {
      method,
      headers: body === undefined ? headers : { "content-type": "application/json", ...headers },
      ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    const text = await response.text();
    const isJson = response.headers.get("content-type")?.startsWith("application/json") === true;
    return { status: response.status, headers: response.headers, text, body: isJson ? JSON.parse(text) : undefined };
  }

  /** JSON from the dashboard's API. */
  async fromDashboard(path) {
    const response = await fetch(`${this.dashboard}${path}`, { signal: AbortSignal.timeout(30_000) });
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return await response.json();
  }

  /** Asks it to stop as Ctrl-C does and gives how it ended. */
  async stop(signal = "SIGINT") {
    this.#child.kill(signal);
    return await this.#ended();
  }

  /** Sends a signal and does not wait. */
  signal(name) {
    this.#child.kill(name);
  }

  /** How it ended; waits for it. */
  ended() {
    return this.#ended();
  }

  /** Closes the reading end of its output, as `| head -1` does. */
  stopReading() {
    this.#child.stdout.destroy();
  }

  /** Ends the command alone, without asking: what it started has to notice by itself. */
  async kill() {
    this.#child.kill("SIGKILL");
    return await this.#ended();
  }

  /** Ends it and all that it started, so that a failed test leaves nothing to the next one. */
  async cleanUp() {
    await this.kill();
    for (const { pid } of this.processes()) {
      try {
        process.kill(pid, "SIGKILL");
      } catch (error) {
        if (error.code !== "ESRCH") throw error;
      }
    }
  }

  async #ended() {
    let late;
    const tooLate = new Promise((_, reject) => {
      late = setTimeout(() => reject(new Error(`tenon dev did not end; it printed:\n${this.#output}`)), 60_000);
    });
    try {
      return await Promise.race([this.#exited, tooLate]);
    } finally {
      clearTimeout(late);
    }
  }

  /** Processes of this app that run now: itself, services, engines. Empty where they cannot be listed. */
  processes() {
    return canListProcesses ? processesOf({ mark: this.#mark, appDir: this.appDir }) : [];
  }

  /** Resolves when nothing of the app runs any more. */
  async waitUntilGone() {
    await eventually(`the processes of ${this.appDir} to end`, () => {
      const left = this.processes();
      if (left.length > 0) throw new Error(JSON.stringify(left));
      return true;
    });
  }
}
