// The first process of an app with several workers: starts them behind one door, puts another in the place of one that ends, replaces
// them one by one when it gets SIGHUP, and ends them all when it is told to end. Serves nothing itself: connections are handed out by
// node:cluster.
import cluster from "node:cluster";
import { randomBytes, randomUUID } from "node:crypto";
import { log } from "@tenon/runtime";
import { startedFields } from "../started-fields.ts";
import type { FromWorker, Shared } from "./messages.ts";
import { inheritedSockets } from "../inherited-sockets.ts";
import { SiblingDesk } from "./sibling-desk.ts";
import { type Exit, type Ready, WorkerProcess } from "./worker-process.ts";

export interface SupervisorOptions {
  readonly count: number;
  /** What a worker is started with, by `node`. */
  readonly file: string;
  readonly args: readonly string[];
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 10_000;
/** A worker that has served for so long did not end because of how it was started. */
const STEADY_AFTER_MS = 30_000;

/** Resolves when all is over, with whether it went well. `stopped` resolves with the signal that ends the app. */
export async function superviseWorkers(options: SupervisorOptions, stopped: Promise<string>): Promise<boolean> {
  cluster.setupPrimary({ exec: options.file, args: [...options.args] });
  return new Supervisor(options.count).run(stopped);
}

class Supervisor {
  readonly #count: number;
  readonly #shared: Shared = {
    credential: randomBytes(32).toString("base64url"),
    deployId: process.env["TENON_DEPLOY_ID"] ?? randomUUID(),
  };
  /** By number. */
  readonly #serving = new Map<number, WorkerProcess>();
  readonly #alive = new Set<WorkerProcess>();
  readonly #desk = new SiblingDesk(() => [...this.#alive].filter(({ isServing }) => isServing));
  #isStopping = false;
  #reloading: Promise<void> | undefined;
  #reloadAgain = false;

  constructor(count: number) {
    this.#count = count;
  }

  async run(stopped: Promise<string>): Promise<boolean> {
    void stopped.then(() => {
      this.#isStopping = true;
    });
    // What is wrong with the app is then told once, and not by each of them.
    const first = await this.#begin(1);
    if (first === undefined) return this.#stopAll();
    const others = Array.from({ length: this.#count - 1 }, (_, index) => this.#begin(index + 2));
    await Promise.all(others);
    // Before anybody is told that it is there: to a process that does not listen for it the signal is the end.
    if (process.platform !== "win32") process.on("SIGHUP", () => this.#requestReload());
    log.info("started", { ...startedFields(first), workers: this.#count });
    const signal = await stopped;
    log.info("stopping", { signal });
    return this.#stopAll();
  }

  /** Starts a worker and keeps its place filled once it has served; undefined: it could not serve. */
  async #begin(number: number): Promise<Ready | undefined> {
    const worker = this.#fork(number);
    const ready = await worker.ready;
    if (ready === undefined) return undefined;
    this.#serving.set(number, worker);
    void this.#replaceAfter(worker, FIRST_PAUSE_MS);
    return ready;
  }

  #fork(number: number): WorkerProcess {
    const worker = new WorkerProcess(number, this.#shared, (from, message) => void this.#hear(from, message));
    this.#alive.add(worker);
    void worker.exited.then(() => {
      this.#alive.delete(worker);
      return this.#desk.leave(worker);
    });
    return worker;
  }

  async #hear(from: WorkerProcess, message: FromWorker): Promise<void> {
    if (message.type === "leaving") this.#desk.tell(from, message.metrics);
    if (message.type !== "ask") return;
    const { id, question } = message;
    from.send({ type: "answer", id, value: await this.#desk.answer(question, from) });
  }

  /** `pauseMs`: before the next attempt; grows while workers end soon after they were started. */
  async #replaceAfter(worker: WorkerProcess, pauseMs: number): Promise<void> {
    const servesSince = Date.now();
    const exit = await worker.exited;
    if (this.#isStopping || worker.isStopping || this.#serving.get(worker.number) !== worker) return;
    const { number, pid } = worker;
    log.warn("a worker has ended and is replaced", { worker: number, pid, ...describe(exit) });
    if (this.#alive.size === 0) endWithoutSockets();
    let nextPauseMs = Date.now() - servesSince > STEADY_AFTER_MS ? FIRST_PAUSE_MS : pauseMs;
    for (;;) {
      await pause(nextPauseMs);
      nextPauseMs = Math.min(nextPauseMs * 2, LONGEST_PAUSE_MS);
      if (this.#isStopping || this.#serving.get(number) !== worker) return;
      const next = this.#fork(number);
      if ((await next.ready) === undefined) continue;
      // A reload has filled the place meanwhile.
      if (this.#serving.get(number) !== worker) return void next.stop();
      this.#serving.set(number, next);
      log.info("a worker was replaced", { worker: number, pid: next.pid });
      return void this.#replaceAfter(next, nextPauseMs);
    }
  }

  #requestReload(): void {
    if (this.#reloading !== undefined) {
      this.#reloadAgain = true;
      return;
    }
    this.#reloading = this.#reload().finally(() => {
      this.#reloading = undefined;
      if (this.#reloadAgain && !this.#isStopping) {
        this.#reloadAgain = false;
        this.#requestReload();
      }
    });
  }

  /** One after the other: the new one serves before the old one is told to go. */
  async #reload(): Promise<void> {
    log.info("reloading", { workers: this.#count });
    for (const number of [...this.#serving.keys()].sort((a, b) => a - b)) {
      if (this.#isStopping) return;
      const next = this.#fork(number);
      if ((await next.ready) === undefined) {
        if (!this.#isStopping) log.error("a new worker could not start: those before go on", { worker: number });
        return;
      }
      // Not the one of before: that may have ended by itself, and been replaced.
      const old = this.#serving.get(number);
      this.#serving.set(number, next);
      void this.#replaceAfter(next, FIRST_PAUSE_MS);
      await old?.stop();
    }
    log.info("reloaded", { workers: this.#count });
  }

  /** Whether all of them ended well. */
  async #stopAll(): Promise<boolean> {
    this.#isStopping = true;
    const wasServing = this.#serving.size > 0;
    const exits = await Promise.all([...this.#alive].map((worker) => worker.stop()));
    return wasServing && exits.every(({ code }) => code === 0);
  }
}

/** With its last worker node:cluster closes the sockets that it was handed, and only systemd can hand them out again. */
function endWithoutSockets(): void {
  if (inheritedSockets(process.env, process.pid).size === 0) return;
  log.error("no worker is left: ending, to be started anew with the sockets of systemd");
  process.exit(1);
}

function describe({ code, signal }: Exit): Record<string, string | number> {
  return signal === null ? { code: code ?? 0 } : { signal };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
