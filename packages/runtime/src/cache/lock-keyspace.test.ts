// A lock whose holder stopped waiting for the answer is nobody's: it is given back, not kept until its time is over.
import assert from "node:assert/strict";
import { it } from "node:test";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { CacheCluster } from "./cluster.ts";
import { closeCaches, configureCaches } from "./clusters.ts";
import { LockKeyspace } from "./lock-keyspace.ts";

interface Launched {
  readonly host: string;
  readonly port: number;
  cache(name: string, evictionPolicy: string): number;
  close(): Promise<void>;
}

/** It belongs to the `tenon` package, which this one may not import, so it is found by its place in the build. */
const launcherUrl = new URL("../../../tenon/dist/engines/redis/start-cache-server.js", import.meta.url).href;

it("a lock given after the caller's time is over is given back", async (t) => {
  const password = "only for tests";
  const { startCacheServer } = (await import(launcherUrl)) as {
    startCacheServer(options: { password: string }): Promise<Launched>;
  };
  const server = await startCacheServer({ password });
  t.after(async () => {
    closeCaches();
    await server.close();
  });
  const database = server.cache("main", "allkeys-lru");
  configureCaches({ clusters: { main: { host: server.host, port: server.port, password, database } } });
  const locks = new LockKeyspace<string>(new CacheCluster("main"), { keyPattern: "lock/:id" });
  // The connection is there, and the server knows the script.
  await (await locks.acquire("other"))?.release();

  const caller = new AbortController();
  const span = startSpan({ name: "call", kind: "server", service: "a" });
  const facts = { span, service: "a", endpoint: "b", requestId: "r", deadlineAt: undefined, caller: undefined };
  const call: CallContext = { ...facts, signal: caller.signal };
  const given = runInCall(call, () => locks.acquire("one", { ttlMs: 600_000 }));
  // Sent, and not answered: nothing arrives between two steps of one turn.
  for (let step = 0; step < 10; step++) await Promise.resolve();
  caller.abort();
  await assert.rejects(given, { code: "cache_canceled" });
  assert.ok(await locks.acquire("one", { waitMs: 30_000 }));
});
