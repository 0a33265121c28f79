// The declaration of a cache cluster. The compiler reads its name and options; at run time keyspaces find their server by the name.

/** Which entries make room when the memory of the cache is full: all, or only those that expire. */
export type EvictionPolicy =
  | "noeviction"
  | "allkeys-lru"
  | "allkeys-lfu"
  | "allkeys-random"
  | "volatile-lru"
  | "volatile-lfu"
  | "volatile-ttl"
  | "volatile-random";

/** Settings of a cache cluster. */
export interface CacheClusterConfig {
  /** What happens when the memory is full. Holds in development; elsewhere it is a setting of the server. Default: "allkeys-lru". */
  evictionPolicy?: EvictionPolicy;
}

/**
 * A cache of the app, declared at the top level of a file and shared by all services that use it:
 *
 * ```ts
 * export const cache = new CacheCluster("main");
 * ```
 */
export class CacheCluster {
  readonly clusterName: string;

  constructor(name: string, _config: CacheClusterConfig = {}) {
    this.clusterName = name;
  }

  /** The cluster of that name, declared elsewhere in the app. */
  static named(name: string): CacheCluster {
    return new CacheCluster(name);
  }
}
