// The cache servers of this process, by the clusters' names: told once at start, connected to with the first use.
import type { CacheConfig } from "./cache-config.ts";
import { CacheConnection } from "./connection.ts";

let config: CacheConfig = { clusters: {} };
const connections = new Map<string, Promise<CacheConnection>>();

/** Replaces what was configured before, and closes its connections. */
export function configureCaches(next: CacheConfig | undefined): void {
  closeCaches();
  config = next ?? { clusters: {} };
}

export function closeCaches(): void {
  for (const opening of connections.values()) {
    opening.then(
      (connection) => connection.close(),
      () => {},
    );
  }
  connections.clear();
  config = { clusters: {} };
}

/** undefined: this process was not told where it is. */
export function connectionTo(cluster: string): Promise<CacheConnection> | undefined {
  const known = connections.get(cluster);
  if (known !== undefined) return known;
  const server = config.clusters[cluster];
  if (server === undefined) return undefined;
  const opening = CacheConnection.open(cluster, server);
  connections.set(cluster, opening);
  return opening;
}
