// Makes the app ready for one test file, in the process that runs it: fresh databases, and all services to be called.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Graph, ServiceModule } from "@tenon/model";
import type { DatabaseConfig } from "@tenon/runtime";
import { cloneTemplates, startTestHost, TestingError } from "@tenon/runtime/testing";
import { Caches } from "../dev/caches.ts";
import { withTcp } from "../dev/tcp-address.ts";
import { readTestRun, type TestRun, testRunVariable } from "./test-run.ts";

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
  const caches = new Caches();
  const graph = JSON.parse(await readFile(join(buildDir, "app.json"), "utf8")) as Graph;
  const host = await startTestHost({
    appDir,
    buildDir,
    secrets,
    configFiles,
    meta,
    resetDatabases: clones.reset,
    // Empty for every file, and never somebody's server.
    caches: { clusters: await caches.prepare(graph, {}) },
    databases: databasesOf(run, clones.connectionStrings),
    services: services as Readonly<Record<string, () => Promise<ServiceModule>>>,
  });
  return async () => {
    await host.close();
    await caches.close();
    await clones.drop();
  };
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
