// Makes the app ready for one test file, in the process that runs it: fresh databases, and all services to be called.
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import type { ServiceModule } from "@tenon/model";
import type { CacheConfig, DatabaseConfig } from "@tenon/runtime";
import { cloneTemplates, startTestHost, TestingError } from "@tenon/runtime/testing";
import { withTcp } from "../dev/tcp-address.ts";
import { isEvictionPolicy } from "../engines/redis/entries.ts";
import { readTestRun, type TestRun, testDir, testRunVariable } from "./test-run.ts";

/** `services`: imports the source of each. Resolves with what takes everything down again. */
export async function openTestFile(
  services: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<() => Promise<void>> {
  const file = process.env[testRunVariable];
  if (file === undefined) throw new TestingError("no_app_under_test");
  const run = await readTestRun(file);
  const { appDir, buildDir, secrets, configFiles, meta } = run;
  const clones = await cloneTemplates(run.adminUrl ?? "", run.templates, {
    mark: run.mark,
    copyFiles: run.isEmbedded,
  });
  const objectsDir = join(testDir(appDir), "objects", randomUUID());
  const cacheServer = await openCaches(run);
  const host = await startTestHost({
    appDir,
    buildDir,
    secrets,
    configFiles,
    meta,
    resetDatabases: clones.reset,
    caches: cacheServer?.config ?? { clusters: {} },
    objects: { kind: "files", directory: objectsDir, baseUrl: meta.apiBaseUrl, signingKey: randomUUID() },
    databases: databasesOf(run, clones.connectionStrings),
    services: services as Readonly<Record<string, () => Promise<ServiceModule>>>,
  });
  return async () => {
    await host.close();
    await Promise.all([clones.drop(), cacheServer?.close(), rm(objectsDir, { recursive: true, force: true })]);
  };
}

interface OpenCaches {
  readonly config: CacheConfig;
  close(): Promise<void>;
}

/** A server of this process alone, which begins empty. */
async function openCaches({ caches }: TestRun): Promise<OpenCaches | undefined> {
  if (Object.keys(caches).length === 0) return undefined;
  const password = randomUUID();
  const { startCacheServer } = await import("../engines/redis/start-cache-server.ts");
  const server = await startCacheServer({ password });
  const clusters = Object.entries(caches).map(([name, policy]) => {
    const database = server.cache(name, isEvictionPolicy(policy) ? policy : "allkeys-lru");
    return [name, { host: server.host, port: server.port, password, database }] as const;
  });
  return { config: { clusters: Object.fromEntries(clusters) }, close: () => server.close() };
}

function databasesOf(
  { isEmbedded }: TestRun,
  connectionStrings: Readonly<Record<string, string>>,
): Record<string, DatabaseConfig> {
  return Object.fromEntries(
    Object.entries(connectionStrings).map(([name, connectionString]) => [
      name,
      isEmbedded ? withTcp(connectionString) : { connectionString },
    ]),
  );
}
