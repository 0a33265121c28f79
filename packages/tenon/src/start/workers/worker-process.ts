// One worker process as its supervisor sees it.
//
//   starting --ready--> serving --stop--> stopping --exit--> gone
//       +-------------------+------exit-----------------------^
import cluster, { type Worker } from "node:cluster";
import { type FromWorker, type Reports, type Shared, type ToWorker, WORKER_VARIABLE } from "./messages.ts";

export type Ready = Extract<FromWorker, { type: "ready" }>;

/** How a process ended. */
export interface Exit {
  readonly code: number | null;
  readonly signal: string | null;
}

/** A worker that does not report within this time is left out. */
const REPORT_TIMEOUT_MS = 2_000;
const LAST_WORDS_MS = 1_000;
/** Given to a worker on top of its own time to stop. */
const KILL_AFTER_MS = 2_000;

export class WorkerProcess {
  /** Which of the workers it is, from 1; the one that replaces it has the same number. */
  readonly number: number;
  /** undefined: it ended before it could serve. */
  readonly ready: Promise<Ready | undefined>;
  readonly exited: Promise<Exit>;
  /** Told to go: its end is no reason to worry. */
  isStopping = false;
  isServing = false;
  readonly #worker: Worker;
  readonly #reports = new Map<number, (value: unknown) => void>();
  #nextId = 1;
  #stopMs = 0;

  /** `onMessage`: for what is not an answer to this object. */
  constructor(number: number, shared: Shared, onMessage: (from: WorkerProcess, message: FromWorker) => void) {
    this.number = number;
    const worker = cluster.fork({ [WORKER_VARIABLE]: String(number) });
    this.#worker = worker;
    this.exited = new Promise((resolve) => {
      worker.once("exit", (code, signal) => {
        this.isServing = false;
        const gone = () => resolve({ code, signal: signal === "" ? null : signal });
        // Its last words may come after its end.
        if (!worker.isConnected()) return gone();
        worker.once("disconnect", gone);
        setTimeout(gone, LAST_WORDS_MS).unref();
      });
    });
    this.ready = new Promise((resolve) => {
      worker.on("message", (message: FromWorker) => {
        if (message.type === "hello") this.send({ type: "start", worker: number, shared });
        else if (message.type === "ready") {
          this.isServing = true;
          this.#stopMs = message.shutdownTimeoutMs;
          resolve(message);
        } else if (message.type === "report") this.#reports.get(message.id)?.(message.value);
        else onMessage(this, message);
      });
      void this.exited.then(() => resolve(undefined));
    });
    // A worker that is gone has nothing to be told; its exit says so.
    worker.on("error", () => {});
  }

  get pid(): number | undefined {
    return this.#worker.process.pid;
  }

  send(message: ToWorker): void {
    if (this.#worker.isConnected()) this.#worker.send(message, () => {});
  }

  /** undefined: it has not answered in time, or is gone. */
  async report<What extends keyof Reports>(what: What): Promise<Reports[What] | undefined> {
    const id = this.#nextId++;
    let timer: NodeJS.Timeout | undefined;
    const value = await new Promise<unknown>((resolve) => {
      this.#reports.set(id, resolve);
      timer = setTimeout(() => resolve(undefined), REPORT_TIMEOUT_MS);
      void this.exited.then(() => resolve(undefined));
      this.send({ type: "report", id, what });
    });
    clearTimeout(timer);
    this.#reports.delete(id);
    return value as Reports[What] | undefined;
  }

  /** Lets it finish what is under way; ends it when it does not come to an end. */
  async stop(): Promise<Exit> {
    this.isStopping = true;
    this.isServing = false;
    this.send({ type: "stop" });
    const timer = setTimeout(() => this.kill(), this.#stopMs + KILL_AFTER_MS);
    const exit = await this.exited;
    clearTimeout(timer);
    return exit;
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }
}
