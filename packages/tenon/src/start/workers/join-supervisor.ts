// The side of a worker: waits to be told which one it is, answers its supervisor, and asks it about its siblings.
import cluster from "node:cluster";
import type { CheckResult, CronStore, HostSiblings, MetricReading, OwnState } from "@tenon/runtime";
import {
  type CronCall,
  type FromWorker,
  type Question,
  type Shared,
  type ToWorker,
  WORKER_VARIABLE,
} from "./messages.ts";

export interface Membership {
  readonly siblings: HostSiblings;
  readonly shared: Shared;
  /** Resolves when the supervisor tells this worker to go. */
  readonly stopped: Promise<string>;
  /** Serves now; sent to the supervisor. */
  ready(ready: Omit<Extract<FromWorker, { type: "ready" }>, "type">): void;
  /** Tells what it has counted, before it goes. Resolves when that is on its way. */
  leave(): Promise<void>;
}

/** undefined: this process has no supervisor. */
export async function joinSupervisor(): Promise<Membership | undefined> {
  if (!cluster.isWorker) return undefined;
  // Of processes that the app's own code starts, none is a worker.
  delete process.env[WORKER_VARIABLE];
  const channel = new Channel();
  const { worker, shared } = await channel.start;
  return {
    siblings: {
      worker,
      cronStore: cronStoreOver(channel),
      join: (own) => {
        channel.own = own;
      },
      readMetrics: () => channel.ask<MetricReading[]>({ about: "metrics" }),
      runChecks: () => channel.ask<CheckResult[]>({ about: "checks" }),
    },
    shared,
    stopped: channel.stopped,
    ready: (ready) => void channel.send({ type: "ready", ...ready }),
    async leave() {
      if (channel.own !== undefined) await channel.send({ type: "leaving", metrics: channel.own.readMetrics() });
    },
  };
}

type Start = Extract<ToWorker, { type: "start" }>;

class Channel {
  readonly start: Promise<Start>;
  readonly stopped: Promise<string>;
  own: OwnState | undefined;
  readonly #asked = new Map<number, (value: unknown) => void>();
  #nextId = 1;

  constructor() {
    let started: (message: Start) => void = () => {};
    let stop: (signal: string) => void = () => {};
    this.start = new Promise((resolve) => {
      started = resolve;
    });
    this.stopped = new Promise((resolve) => {
      stop = resolve;
    });
    process.on("message", (message: ToWorker) => {
      if (message.type === "start") started(message);
      else if (message.type === "stop") stop("supervisor");
      else if (message.type === "report") void this.#report(message);
      else if (message.type === "answer") this.#take(message.id, message.value);
    });
    void this.send({ type: "hello" });
  }

  /** Resolves once the message is on its way; a supervisor that is gone no longer wants it. */
  send(message: FromWorker): Promise<void> {
    return new Promise((resolve) => {
      if (process.send === undefined || !process.connected) resolve();
      else process.send(message, undefined, {}, () => resolve());
    });
  }

  ask<Value>(question: Question): Promise<Value> {
    const id = this.#nextId++;
    return new Promise((resolve) => {
      this.#asked.set(id, resolve as (value: unknown) => void);
      void this.send({ type: "ask", id, question });
    });
  }

  #take(id: number, value: unknown): void {
    this.#asked.get(id)?.(value);
    this.#asked.delete(id);
  }

  async #report({ id, what }: Extract<ToWorker, { type: "report" }>): Promise<void> {
    if (this.own === undefined) return;
    const value = what === "metrics" ? this.own.readMetrics() : await this.own.runChecks();
    await this.send({ type: "report", id, value });
  }
}

/** Kept by the supervisor, in memory: a tick belongs to the worker that asks first. */
function cronStoreOver(channel: Channel): CronStore {
  const call = <Value>(call: CronCall) => channel.ask<Value>({ about: "cron", call });
  return {
    prepare: async () => {},
    claim: ({ job, tickAt, overlap }) => call({ method: "claim", job, tickAt, overlap }),
    beat: async () => {},
    finish: (job, tickAt, status) => call({ method: "finish", job, tickAt, ok: status === "ok" }),
    takeLost: async () => [],
    newestTick: (job) => call({ method: "newestTick", job }),
    markMissed: async () => {},
    close: async () => {},
  };
}
