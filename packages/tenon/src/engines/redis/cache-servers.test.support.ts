// For this folder's tests: the development server and a real Redis, as a runtime would be told of them.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { randomInt } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CacheServer } from "@tenon/runtime";
import { startCacheServer } from "./start-cache-server.ts";

export interface Engine {
  readonly server: CacheServer;
  stop(): Promise<void>;
}

export interface RedisProcess extends Engine {
  readonly pid: number;
}

export async function developmentServer(): Promise<Engine> {
  const password = "only for tests";
  const server = await startCacheServer({ password });
  const database = server.cache("main", "allkeys-lru");
  return { server: { host: server.host, port: server.port, password, database }, stop: () => server.close() };
}

/** Below the ports of outgoing connections, which could take it while the server is away. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 32_000);
    const probe = createServer();
    const isFree = await new Promise<boolean>((resolve) => {
      probe.once("error", () => resolve(false));
      probe.listen(port, "127.0.0.1", () => resolve(true));
    });
    if (!isFree) continue;
    await new Promise((resolve) => probe.close(resolve));
    return port;
  }
}

export async function realRedis(port?: number): Promise<RedisProcess> {
  const directory = await mkdtemp(join(tmpdir(), "tenon-redis-"));
  port ??= await freePort();
  const args = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--dir", directory];
  const child = spawn("redis-server", [...args, "--requirepass", "secret"], { stdio: ["ignore", "pipe", "inherit"] });
  let output = "";
  for await (const chunk of child.stdout) {
    output += String(chunk);
    if (output.includes("Ready to accept connections")) break;
  }
  const exited = once(child, "exit");
  return {
    pid: child.pid!,
    server: { host: "127.0.0.1", port, password: "secret", database: 2, keyPrefix: "app:" },
    async stop() {
      child.kill("SIGCONT");
      child.kill();
      await exited;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;
/** Why tests with a real Redis are skipped; false: they are not. */
export const withoutRedis = hasRedis ? false : "redis-server is not installed here";

export const engines = [
  { name: "the development server", start: developmentServer, skip: false as const },
  { name: "Redis", start: (): Promise<Engine> => realRedis(), skip: withoutRedis },
];

/** Asks again and again; what never becomes true fails the test. */
export async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await check()) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  assert.fail("it never came to pass");
}
