// One process that runs services: forked with the runtime already loaded, told later what to host, so that a reload costs only the
// loading of the app's own code.
//
//   spare --start--> starting --ready--> serving --stop--> stopping --> ended
//                        |                  |
//                        +---- failed ------+--- crash --------------> ended
import { type ChildProcess, fork } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { FromWorker, HostConfig, ToWorker, WorkerError } from "@tenon/runtime";

export interface ServiceProcess {
  readonly pid: number;
  /** Address for `HostConfig.remotes` once ready. */
  readonly address: string;
  /** Resolves when the process is gone, with why. */
  readonly exited: Promise<ProcessExit>;
  /** Tells where other services are from now on; resolves when the process uses it. */
  updateRemotes(remotes: Readonly<Record<string, string>>): Promise<void>;
  /** Stops taking requests, finishes those it has, ends; killed when that takes longer. */
  stop(timeoutMs: number): Promise<void>;
}

export interface ProcessExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** Whether `stop` was called before. */
  readonly expected: boolean;
  /** The process could not even be started. */
  readonly error?: Error;
}

/** Why services did not come up, as the process itself put it. */
export class ServiceStartError extends Error {
  readonly code: string;
  readonly hint: string | undefined;

  constructor(code: string, message: string, hint?: string) {
    super(message);
    this.code = code;
    this.hint = hint;
  }
}

/** `services`: those the process hosts; none while it waits for its task. */
export type OutputSink = (line: string, stream: "stdout" | "stderr", services: readonly string[]) => void;

/** Code of a service that waits for ever when it is loaded would otherwise hold up every later edit. */
const startTimeoutMs = 30_000;
const killAfterMs = 500;
/** The last words of a process may arrive a moment after its end. */
const lastWordsMs = 250;

const workerFile = fileURLToPath(import.meta.resolve("@tenon/runtime/worker"));

/** A process with the runtime loaded and nothing to do yet. */
export class SpareProcess {
  readonly #child: ChildProcess;
  readonly #exited: Promise<ProcessExit>;
  #services: readonly string[] = [];
  #stopping = false;

  constructor(workingDir: string, environment: Readonly<Record<string, string | undefined>>, output: OutputSink) {
    this.#child = fork(workerFile, [], {
      cwd: workingDir,
      env: { ...environment },
      execArgv: ["--enable-source-maps"],
      stdio: ["ignore", "pipe", "pipe", "ipc"],
      serialization: "json",
    });
    for (const stream of ["stdout", "stderr"] as const) {
      const source = this.#child[stream];
      if (source !== null)
        createInterface({ input: source }).on("line", (line) => output(line, stream, this.#services));
    }
    this.#exited = new Promise((resolve) => {
      // Stays: failures to send or to signal, of a process that is just going, come this way too.
      this.#child.on("error", (error) => {
        if (this.#child.pid === undefined)
          resolve({ code: null, signal: null, expected: this.#stopping, error: error as Error });
      });
      this.#child.once("exit", (code, signal) => resolve({ code, signal, expected: this.#stopping }));
    });
  }

  get isAlive(): boolean {
    return this.#child.pid !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Hosts services from now on. Throws ServiceStartError when they do not come up. */
  async start(config: HostConfig): Promise<ServiceProcess> {
    this.#services = config.services;
    const ready = this.#untilReady(config.services);
    this.#send({ type: "start", config });
    try {
      const { internal } = await ready;
      if (internal === null) throw new ServiceStartError("no_internal_door", "the process opened no internal door");
      return this.#serving(internal);
    } catch (error) {
      await this.stop(0);
      throw error;
    }
  }

  async #untilReady(services: readonly string[]): Promise<Extract<FromWorker, { type: "ready" }>> {
    const child = this.#child;
    let onMessage: (message: FromWorker) => void = () => {};
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise((resolve, reject) => {
        onMessage = (message) => {
          if (message.type === "ready") resolve(message);
          if (message.type === "failed") reject(startErrorOf(message.error));
        };
        child.on("message", onMessage);
        timer = setTimeout(() => reject(notInTime(services)), startTimeoutMs);
        void this.#exited.then(async (exit) => {
          await this.#disconnected();
          const ended = `${services.join(", ")} ended while starting (${describeExit(exit)})`;
          reject(new ServiceStartError("service_crashed", ended));
        });
      });
    } finally {
      clearTimeout(timer);
      child.off("message", onMessage);
    }
  }

  /** What the process sent before its end has arrived once the channel is closed. */
  async #disconnected(): Promise<void> {
    if (!this.#child.connected) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, lastWordsMs);
      this.#child.once("disconnect", () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  #serving(address: string): ServiceProcess {
    let lastUpdate = 0;
    return {
      pid: this.#child.pid ?? -1,
      address,
      exited: this.#exited,
      updateRemotes: (remotes) => {
        const id = ++lastUpdate;
        let onMessage: (message: FromWorker) => void = () => {};
        const applied = new Promise<void>((resolve) => {
          onMessage = (message) => {
            if (message.type === "updated" && message.id === id) resolve();
          };
          this.#child.on("message", onMessage);
        });
        this.#send({ type: "update", id, remotes });
        return Promise.race([applied, this.#exited.then(() => undefined)]).finally(() => {
          this.#child.off("message", onMessage);
        });
      },
      stop: (timeoutMs) => this.stop(timeoutMs),
    };
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#stopping = true;
    if (timeoutMs > 0) this.#send({ type: "stop", timeoutMs });
    else this.#child.kill("SIGKILL");
    // The process ends itself at its deadline; this is for one that hangs.
    const timer = setTimeout(() => this.#child.kill("SIGKILL"), timeoutMs + killAfterMs);
    await this.#exited;
    clearTimeout(timer);
  }

  /** The channel may have closed a moment ago; then the exit tells the story. */
  #send(message: ToWorker): void {
    if (this.#child.connected) this.#child.send(message, () => {});
  }
}

function notInTime(services: readonly string[]): ServiceStartError {
  return new ServiceStartError(
    "service_start_timeout",
    `${services.join(", ")} did not come up within ${startTimeoutMs / 1000} s`,
    "Code that runs when the service is loaded waits for something or never ends. Move it into a function.",
  );
}

/** The stack is for people who know the runtime; the line of the app's own code in it is for everybody. */
function startErrorOf({ code, message, hint, stack }: WorkerError): ServiceStartError {
  const place = stack
    ?.split("\n")
    .find((line) => /^\s+at .*\.[cm]?[jt]sx?:\d+/.test(line) && !/node_modules|node:|\/dist\//.test(line));
  const at = place === undefined ? undefined : place.trim().replace("file://", "");
  return new ServiceStartError(code, message, [at, hint].filter((part) => part !== undefined).join("\n") || undefined);
}

export function describeExit(exit: ProcessExit): string {
  if (exit.error !== undefined) return exit.error.message;
  return exit.signal === null ? `exit code ${exit.code}` : `signal ${exit.signal}`;
}
