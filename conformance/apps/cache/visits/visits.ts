// The cluster by name, and what Tenon adds: locks, rate limits, loading once.
import { api } from "encore.dev/api";
import { CacheCluster, FloatKeyspace, IntKeyspace, StringKeyspace } from "encore.dev/storage/cache";
import { LockKeyspace, RateLimiter } from "tenon/storage/cache";

const cache = CacheCluster.named("main");
const counts = new IntKeyspace<{ userId: string }>(cache, { keyPattern: "visits/:userId" });
const sums = new FloatKeyspace<string>(cache, { keyPattern: "sums/:name" });
const reports = new StringKeyspace<string>(cache, { keyPattern: "reports/:name" });
const locks = new LockKeyspace<string>(cache, { keyPattern: "locks/:name" });
const limits = new RateLimiter<string>(cache, { keyPattern: "limits/:name", limit: 2, windowMs: 60_000 });

let loads = 0;

export const add = api(
  { method: "POST", path: "/visits/:userId", expose: true },
  async ({ userId }: { userId: string }): Promise<{ count: number }> => {
    return { count: await counts.increment({ userId }) };
  },
);

export const sum = api(
  { method: "POST", path: "/sums/:name", expose: true },
  async ({ name, by }: { name: string; by: number }): Promise<{ sum: number }> => {
    return { sum: await sums.increment(name, by) };
  },
);

export const report = api(
  { method: "GET", path: "/reports/:name", expose: true },
  async ({ name }: { name: string }): Promise<{ report: string; loads: number }> => {
    const text = await reports.getOrSet(name, async () => `report ${++loads}`);
    return { report: text, loads };
  },
);

export const once = api(
  { method: "POST", path: "/once/:name", expose: true },
  async ({ name }: { name: string }): Promise<{ token: number }> => {
    return locks.hold(name, async ({ token }) => ({ token }), { waitMs: 5_000 });
  },
);

export const limited = api(
  { method: "POST", path: "/limited/:name", expose: true },
  async ({ name }: { name: string }): Promise<{ allowed: boolean; remaining: number }> => {
    const { allowed, remaining } = await limits.take(name);
    return { allowed, remaining };
  },
);
