// Caches: every keyspace and expiry, and the errors that they throw.
import { api } from "encore.dev/api";
import {
  CacheCluster,
  type CacheClusterConfig,
  CacheError,
  CacheKeyExists,
  CacheMiss,
  type EvictionPolicy,
  type Expiry,
  expireDailyAt,
  expireIn,
  expireInHours,
  expireInMinutes,
  expireInSeconds,
  FloatKeyspace,
  IntKeyspace,
  type KeyspaceConfig,
  keepTTL,
  type ListPosition,
  NumberListKeyspace,
  NumberSetKeyspace,
  neverExpire,
  StringKeyspace,
  StringListKeyspace,
  StringSetKeyspace,
  StructKeyspace,
  type WriteOptions,
} from "encore.dev/storage/cache";

const policy: EvictionPolicy = "allkeys-lru";
const config: CacheClusterConfig = { evictionPolicy: policy };
const main = new CacheCluster("main", { evictionPolicy: "allkeys-lru" });
const same = CacheCluster.named("main");

interface Place {
  user: string;
  page: number;
}

interface Profile {
  name: string;
  logins: number;
}

const namesOf: KeyspaceConfig<string> = { keyPattern: "names/:key", defaultExpiry: expireInMinutes(5) };

const names = new StringKeyspace<string>(main, namesOf);
const visits = new IntKeyspace<Place>(main, { keyPattern: "visits/:user/:page", defaultExpiry: expireInHours(1) });
const ratings = new FloatKeyspace<string>(same, { keyPattern: "ratings/:key", defaultExpiry: expireInSeconds(60) });
const profiles = new StructKeyspace<string, Profile>(main, { keyPattern: "profiles/:key", defaultExpiry: neverExpire });
const queues = new StringListKeyspace<string>(main, { keyPattern: "queues/:key", defaultExpiry: expireIn(60_000) });
const scores = new NumberListKeyspace<string>(main, { keyPattern: "scores/:key" });
const tags = new StringSetKeyspace<string>(main, { keyPattern: "tags/:key", defaultExpiry: expireDailyAt(3, 30, 0) });
const primes = new NumberSetKeyspace<string>(main, { keyPattern: "primes/:key" });

async function kindOf(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
    return "no failure";
  } catch (error) {
    if (!(error instanceof CacheError)) throw error;
    if (error instanceof CacheMiss) return "miss";
    return error instanceof CacheKeyExists ? "exists" : "other";
  }
}

async function strings(): Promise<unknown[]> {
  const expiry: Expiry = keepTTL;
  const keep: WriteOptions = { expiry };
  await names.set("a", "Ada");
  await names.with({ expiry: expireIn(30_000) }).append("a", "!", keep);
  return [
    await names.get("a"),
    (await names.get("nobody")) ?? "none",
    await kindOf(() => names.setIfNotExists("a", "Eve")),
    await kindOf(() => names.replace("nobody", "Eve")),
    await names.len("a"),
    await names.getRange("a", 0, 1),
    await names.setRange("a", 0, "I"),
    await names.getAndSet("a", "Bob"),
    (await names.multiGet("a", "nobody")).map((name) => name ?? "none"),
    await names.getAndDelete("a"),
    await names.delete("a"),
  ];
}

async function numbers(): Promise<number[]> {
  const place = { user: "ada", page: 1 };
  const half = await ratings.increment("x", 1.5);
  return [
    await visits.increment(place),
    await visits.increment(place, 4),
    await visits.decrement(place, 2),
    half,
    await ratings.decrement("x", 0.25),
  ];
}

async function lists(): Promise<unknown[]> {
  const [from, to]: [ListPosition, ListPosition] = ["left", "right"];
  await queues.pushRight("q", "a", "b", "c");
  await queues.pushLeft("q", "z");
  await queues.insertBefore("q", "b", "x");
  await queues.insertAfter("q", "b", "y");
  const all = await queues.items("q");
  await queues.removeFirst("q", 1, "x");
  await queues.removeLast("q", 1, "y");
  await queues.removeAll("q", "z");
  const moved = await queues.move("q", "other", from, to);
  await scores.pushRight("s", 1, 2, 3, 4);
  await scores.set("s", 0, 10);
  await scores.trim("s", 0, 2);
  return [
    all,
    moved,
    await queues.getRange("q", 0, -1),
    await queues.popLeft("q"),
    await queues.popRight("q"),
    await queues.len("q"),
    await scores.get("s", 0),
    await scores.items("s"),
  ];
}

async function sets(): Promise<unknown[]> {
  await tags.add("a", "x", "y");
  await tags.add("b", "y", "z");
  await primes.add("p", 2, 3, 5);
  await primes.remove("p", 5);
  return [
    await tags.contains("a", "x"),
    await tags.len("a"),
    (await tags.union("a", "b")).sort(),
    await tags.intersect("a", "b"),
    await tags.diff("a", "b"),
    [...(await tags.unionSet("a", "b"))].sort(),
    await tags.unionStore("c", "a", "b"),
    (await tags.itemsSet("c")).size,
    await tags.move("a", "b", "x"),
    (await tags.items("a")).concat(await tags.sample("a", 1)),
    await tags.popOne("a"),
    (await primes.items("p")).sort(),
    (await primes.pop("p", 2)).length,
    (await primes.sampleOne("p")) ?? "none",
  ];
}

interface Counts {
  strings: unknown[];
  numbers: number[];
  lists: unknown[];
  sets: unknown[];
  profile?: Profile;
  configured: boolean;
}

export const counts = api({ method: "POST", path: "/counts", expose: true }, async (): Promise<Counts> => {
  await profiles.set("ada", { name: "Ada", logins: 3 });
  const profile = await profiles.get("ada");
  return {
    strings: await strings(),
    numbers: await numbers(),
    lists: await lists(),
    sets: await sets(),
    ...(profile === undefined ? {} : { profile }),
    configured: config.evictionPolicy === policy,
  };
});
