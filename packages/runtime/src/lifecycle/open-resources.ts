// Opens what the configuration names of databases, caches and buckets, and loads the code for those alone: a service that has none
// starts sooner and keeps nothing of them in memory.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { DatabaseHealth } from "../data/configure-databases.ts";
import type { HostConfig } from "./host-config.ts";
import type { Build } from "./load-build.ts";

export interface OpenResources {
  /** Asks every database for a sign of life; never throws. */
  checkDatabases(): Promise<DatabaseHealth[]>;
  /** Finishes what is under way, then cuts what is left. */
  close(): Promise<void>;
}

export async function openResources({ graph }: Build, config: HostConfig): Promise<OpenResources> {
  const hasDatabases = Object.keys(config.databases).length > 0;
  const [databases, caches, objects] = await Promise.all([
    hasDatabases ? import("../data/configure-databases.ts") : undefined,
    config.caches === undefined ? undefined : import("../cache/clusters.ts"),
    config.objects === undefined ? undefined : import("../objects/stores.ts"),
  ]);
  databases?.configureDatabases(config.databases);
  await databases?.openLeastConnections(config.databases);
  caches?.configureCaches(config.caches);
  objects?.configureObjects(graph.buckets ?? [], config.objects);
  if (mayUseDrivers(config, hasDatabases)) {
    const { traceDrivers } = await import("../data/drivers/trace-drivers.ts");
    traceDrivers(config.buildDir);
  }
  return {
    checkDatabases: async () => databases?.checkDatabases() ?? [],
    async close() {
      await databases?.closeDatabases();
      caches?.closeCaches();
      objects?.configureObjects([], undefined);
    },
  };
}

/** Bundles for production leave drivers that are traced in a folder beside them; in development any package may be one. */
function mayUseDrivers({ development, buildDir }: HostConfig, hasDatabases: boolean): boolean {
  return development || hasDatabases || existsSync(join(buildDir, "node_modules"));
}
