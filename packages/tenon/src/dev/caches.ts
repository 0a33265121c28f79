// The caches of a running app: one server in the supervisor, in memory, that all services share; or the servers that the environment
// names. Entries outlive a reload, and are gone when `tenon dev` ends.
import { randomBytes } from "node:crypto";
import type { Graph } from "@tenon/model";
import type { CacheConfig } from "@tenon/runtime";
import { cacheServerAt, cacheVariable } from "../cache-variable.ts";
import { CommandError } from "../commands/definition.ts";
import { isEvictionPolicy } from "../engines/redis/entries.ts";
import { type CacheServer, startCacheServer } from "../engines/redis/start-cache-server.ts";

export class Caches {
  readonly #password = randomBytes(24).toString("base64url");
  #server: Promise<CacheServer> | undefined;
  #closed = false;

  /** Where each cluster of the graph is. Throws CommandError. */
  async prepare(graph: Graph, environment: Readonly<Record<string, string>>): Promise<CacheConfig["clusters"]> {
    const clusters: Record<string, CacheConfig["clusters"][string]> = {};
    for (const { name, evictionPolicy } of graph.caches ?? []) {
      const own = environment[cacheVariable(name)];
      clusters[name] = own === undefined ? await this.#embedded(name, evictionPolicy) : named(name, own);
    }
    return clusters;
  }

  async #embedded(name: string, evictionPolicy: string): Promise<CacheConfig["clusters"][string]> {
    if (this.#closed) throw new CommandError("superseded", "the app is being stopped");
    this.#server ??= startCacheServer({ password: this.#password });
    const server = await this.#server;
    const database = server.cache(name, isEvictionPolicy(evictionPolicy) ? evictionPolicy : "allkeys-lru");
    return { host: server.host, port: server.port, password: this.#password, database };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await (await this.#server?.catch(() => undefined))?.close();
  }
}

function named(cluster: string, url: string): CacheConfig["clusters"][string] {
  try {
    return cacheServerAt(url);
  } catch (error) {
    throw new CommandError("cache_url_invalid", `${cacheVariable(cluster)} can't be used: ${(error as Error).message}`);
  }
}
