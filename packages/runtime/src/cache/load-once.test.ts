// Loading once within a process: whose time is over takes nothing from the others, and a cache that goes away costs nobody the value.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { CacheServer } from "./cache-config.ts";
import { CacheCluster } from "./cluster.ts";
import { closeCaches, configureCaches } from "./clusters.ts";
import { StringKeyspace } from "./string-keyspace.ts";

interface Launched {
  readonly host: string;
  readonly port: number;
  cache(name: string, evictionPolicy: string): number;
  close(): Promise<void>;
}

/** It belongs to the `tenon` package, which this one may not import, so it is found by its place in the build. */
const launcherUrl = new URL("../../../tenon/dist/engines/redis/start-cache-server.js", import.meta.url).href;
const password = "only for tests";
const texts = new StringKeyspace<string>(new CacheCluster("main"), { keyPattern: "text/:id" });

async function launch(): Promise<Launched> {
  const { startCacheServer } = (await import(launcherUrl)) as {
    startCacheServer(options: { password: string }): Promise<Launched>;
  };
  const server = await startCacheServer({ password });
  const database = server.cache("main", "allkeys-lru");
  const main: CacheServer = { host: server.host, port: server.port, password, database };
  configureCaches({ clusters: { main } });
  return server;
}

let server: Launched;
before(async () => {
  server = await launch();
});
after(async () => {
  closeCaches();
  await server.close();
});

function callWith(signal: AbortSignal): CallContext {
  const span = startSpan({ name: "call", kind: "server", service: "a" });
  return { span, service: "a", endpoint: "b", requestId: "r", deadlineAt: undefined, signal, caller: undefined };
}

/** A load that the test lets go, once it has begun. */
class Gate {
  readonly begun: Promise<void>;
  #begin: () => void = () => {};
  #resolve: (value: string) => void = () => {};
  #reject: (error: Error) => void = () => {};

  constructor() {
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  readonly load = () =>
    new Promise<string>((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      this.#begin();
    });

  open(value: string): void {
    this.#resolve(value);
  }

  fail(error: Error): void {
    this.#reject(error);
  }
}

/** Resolves when those who asked before have their answer: one connection answers in the order of asking. */
async function answered(): Promise<void> {
  await texts.get("nobody's");
}

test("a call that is over does not fail those who waited for what it loaded", async () => {
  const leading = new AbortController();
  const gate = new Gate();
  const led = runInCall(callWith(leading.signal), () => texts.getOrSet("a", gate.load));
  await gate.begun;
  const follower = texts.getOrSet("a", async () => "loaded by the follower");
  await answered();
  leading.abort();
  gate.fail(new Error("the caller went away"));
  await assert.rejects(led, /the caller went away/);
  assert.equal(await follower, "loaded by the follower");
});

test("whoever waits does so no longer than its own call lasts", async () => {
  const gate = new Gate();
  const led = texts.getOrSet("b", gate.load);
  await gate.begun;
  const waiting = new AbortController();
  const follower = runInCall(callWith(waiting.signal), () => texts.getOrSet("b", async () => assert.fail("it waits")));
  await answered();
  waiting.abort();
  await assert.rejects(follower, { code: "cache_canceled", operation: "getOrSet" });
  gate.open("in the end");
  assert.equal(await led, "in the end");
});

test("a load that fails by itself fails for all who waited in this process", async () => {
  const gate = new Gate();
  const led = texts.getOrSet("c", gate.load);
  await gate.begun;
  const followers = [1, 2].map(() => texts.getOrSet("c", async () => assert.fail("it waits")));
  await answered();
  gate.fail(new Error("no database"));
  for (const one of [led, ...followers]) await assert.rejects(one, /no database/);
});

test("what was loaded while the cache went away is given and not stored", async () => {
  const value = await texts.getOrSet("d", async () => {
    await server.close();
    return "found";
  });
  assert.equal(value, "found");
  server = await launch();
  assert.equal(await texts.get("d"), undefined);
});
