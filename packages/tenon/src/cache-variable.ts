// The environment variable that gives one cache cluster its own server.
import type { CacheServer } from "@tenon/runtime";

/** "rate-limits" is read from RATE_LIMITS_CACHE_URL. */
export function cacheVariable(cluster: string): string {
  return `${cluster.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_")}_CACHE_URL`;
}

/** `redis://user:password@host:port/database`, `rediss://` with TLS. Throws Error for what is no such URL. */
export function cacheServerAt(text: string): CacheServer {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const database = Number(url?.pathname.slice(1) || 0);
  const isRedis = url?.protocol === "redis:" || url?.protocol === "rediss:";
  if (url === undefined || !isRedis || url.hostname === "" || !Number.isInteger(database))
    throw new Error("it must be a URL such as redis://user:password@host:6379/0, or rediss:// with TLS");
  return {
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: Number(url.port || 6379),
    ...(url.username === "" ? {} : { username: decodeURIComponent(url.username) }),
    ...(url.password === "" ? {} : { password: decodeURIComponent(url.password) }),
    ...(database === 0 ? {} : { database }),
    ...(url.protocol === "rediss:" ? { tls: {} } : {}),
  };
}
