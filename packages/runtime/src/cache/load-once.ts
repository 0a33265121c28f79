// Lets one of many who miss the same entry load it, in this process and in all: the others wait for the result instead of asking for it
// too (a stampede). Rests on a lock in the cache, which ends soon after whoever loads does. Somebody who loads for long is not waited for
// for ever: loading twice is better than not at all.
import { randomUUID } from "node:crypto";
import { type CallContext, currentCall } from "../call/context.ts";
import { clock, type Timer } from "../clock/clock.ts";
import type { CacheCluster } from "./cluster.ts";
import { perform, untilOver } from "./operation.ts";
import { type CacheScript, extendLock, releaseLock } from "./scripts.ts";

export interface Loading<V> {
  readonly cluster: CacheCluster;
  readonly keyPattern: string;
  readonly key: string;
  readonly read: () => Promise<V | undefined>;
  /** Stores what it resolves with. */
  readonly load: () => Promise<V>;
}

interface Underway {
  readonly result: Promise<unknown>;
  /** That which loads. */
  readonly call: CallContext | undefined;
}

/** Another process that loads for longer is not waited for. */
const patienceMs = 10_000;
/** A process that dies while it loads is missed after so long. */
const lockMs = 3_000;
const pauseMs = 25;

/** By cluster and key. */
const underway = new Map<string, Underway>();

export async function loadOnce<V>(loading: Loading<V>): Promise<V> {
  const id = `${loading.cluster.clusterName} ${loading.key}`;
  const call = currentCall();
  for (;;) {
    const running = underway.get(id);
    if (running === undefined) return lead(id, loading, call);
    try {
      return (await untilOver({ name: "getOrSet", keys: [loading.key] }, call, running.result)) as V;
    } catch (error) {
      // The call that loaded for all was over before it had done so: that is no answer to the others.
      if (running.call?.signal.aborted !== true || call?.signal.aborted === true) throw error;
    }
  }
}

function lead<V>(id: string, loading: Loading<V>, call: CallContext | undefined): Promise<V> {
  const result = loadAmongProcesses(loading).finally(() => underway.delete(id));
  underway.set(id, { result, call });
  return result;
}

async function loadAmongProcesses<V>(loading: Loading<V>): Promise<V> {
  const holder = randomUUID();
  const endsAt = clock().now() + patienceMs;
  while (!(await take(loading, holder))) {
    if (clock().now() >= endsAt) return loading.load();
    await pause();
    const value = await loading.read();
    if (value !== undefined) return value;
  }
  const holding = new Holding(loading, holder);
  try {
    // Somebody may have been done between the miss and the lock.
    return (await loading.read()) ?? (await loading.load());
  } finally {
    await holding.end();
  }
}

function take<V>(loading: Loading<V>, holder: string): Promise<boolean> {
  const key = lockKey(loading);
  return perform(operationOf(loading, "SET", key), async (connection) => {
    const answer = await connection.run(["SET", connection.key(key), holder, "NX", "PX", lockMs]);
    return answer !== null;
  });
}

/** Keeps the lock while the value is being loaded, as far as the cache lets it. */
class Holding<V> {
  readonly #loading: Loading<V>;
  readonly #holder: string;
  #timer: Timer | undefined;

  constructor(loading: Loading<V>, holder: string) {
    this.#loading = loading;
    this.#holder = holder;
    this.#next();
  }

  #next(): void {
    this.#timer = clock().after(lockMs / 3, () => void this.#extend());
  }

  async #extend(): Promise<void> {
    await this.#run(extendLock, lockMs);
    if (this.#timer !== undefined) this.#next();
  }

  async end(): Promise<void> {
    this.#timer?.cancel();
    this.#timer = undefined;
    await this.#run(releaseLock);
  }

  /** What fails is no loss: the lock ends by itself. */
  async #run(script: CacheScript, ...args: number[]): Promise<void> {
    const key = lockKey(this.#loading);
    await perform(operationOf(this.#loading, "EVALSHA", key), (connection) =>
      connection.runScript(script, [connection.key(key)], [this.#holder, ...args]),
    ).catch(() => {});
  }
}

function lockKey({ key }: { readonly key: string }): string {
  return `__tenon/load/${key}`;
}

function operationOf<V>({ cluster, keyPattern }: Loading<V>, command: string, key: string) {
  return { cluster: cluster.clusterName, name: "getOrSet", command, keyPattern, keys: [key] };
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    clock().after(pauseMs, resolve);
  });
}
