// Lets one of many who miss the same entry load it, in this process and in all: the others wait for the result instead of asking for it
// too (a stampede). Rests on a lock in the cache; when that fails, loading twice is better than not at all.
import { randomUUID } from "node:crypto";
import { clock } from "../clock/clock.ts";
import type { CacheCluster } from "./cluster.ts";
import { perform } from "./operation.ts";
import { releaseLock } from "./scripts.ts";

export interface Loading<V> {
  readonly cluster: CacheCluster;
  readonly keyPattern: string;
  readonly key: string;
  readonly read: () => Promise<V | undefined>;
  /** Stores what it resolves with. */
  readonly load: () => Promise<V>;
}

/** Whoever loads for longer is not waited for. */
const patienceMs = 10_000;
const pauseMs = 25;

/** By cluster and key. */
const underway = new Map<string, Promise<unknown>>();

export function loadOnce<V>(loading: Loading<V>): Promise<V> {
  const id = `${loading.cluster.clusterName} ${loading.key}`;
  const running = underway.get(id) as Promise<V> | undefined;
  if (running !== undefined) return running;
  const loaded = loadAmongProcesses(loading).finally(() => underway.delete(id));
  underway.set(id, loaded);
  return loaded;
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
  try {
    // Somebody may have been done between the miss and the lock.
    return (await loading.read()) ?? (await loading.load());
  } finally {
    await release(loading, holder);
  }
}

function lockKey({ key }: { readonly key: string }): string {
  return `__tenon/load/${key}`;
}

function take<V>(loading: Loading<V>, holder: string): Promise<boolean> {
  const key = lockKey(loading);
  return perform(operationOf(loading, "SET", key), async (connection) => {
    const answer = await connection.run(["SET", connection.key(key), holder, "NX", "PX", patienceMs]);
    return answer !== null;
  });
}

async function release<V>(loading: Loading<V>, holder: string): Promise<void> {
  const key = lockKey(loading);
  await perform(operationOf(loading, "EVALSHA", key), (connection) =>
    connection.runScript(releaseLock, [connection.key(key)], [holder]),
  ).catch(() => {});
}

function operationOf<V>({ cluster, keyPattern }: Loading<V>, command: string, key: string) {
  return { cluster: cluster.clusterName, name: "getOrSet", command, keyPattern, keys: [key] };
}

function pause(): Promise<void> {
  return new Promise((resolve) => {
    clock().after(pauseMs, resolve);
  });
}
