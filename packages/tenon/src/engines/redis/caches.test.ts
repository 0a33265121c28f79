// Every keyspace against the development server and, where there is one, against a real Redis: one body, so that they do the same.
import assert from "node:assert/strict";
import { once } from "node:events";
import { after, before, beforeEach, describe, it } from "node:test";
import {
  CacheCluster,
  CacheError,
  CacheKeyExists,
  CacheMiss,
  closeCaches,
  configureCaches,
  type Expiry,
  expireDailyAt,
  expireIn,
  expireInHours,
  expireInMinutes,
  expireInSeconds,
  FloatKeyspace,
  HashKeyspace,
  IntKeyspace,
  keepTTL,
  LockKeyspace,
  NumberListKeyspace,
  NumberSetKeyspace,
  neverExpire,
  RateLimiter,
  SortedSetKeyspace,
  StringKeyspace,
  StringListKeyspace,
  StringSetKeyspace,
  StructKeyspace,
} from "@tenon/runtime";
import { type Engine, engines, eventually, freePort, realRedis, withoutRedis } from "./cache-servers.test.support.ts";
import { RespClient } from "./resp-client.test.support.ts";

const cluster = new CacheCluster("main");
let run = 0;
/** Keys of their own for every test. */
const pattern = (rest: string) => `test-${run}/${rest}`;

for (const { name, start, skip } of engines) {
  describe(name, { skip }, () => {
    let engine: Engine;
    before(async () => {
      engine = await start();
      configureCaches({ clusters: { main: engine.server } });
    });
    after(async () => {
      closeCaches();
      await engine.stop();
    });
    beforeEach(() => {
      run++;
    });
    keyspaces();
    expiries(() => engine);
  });
}

function keyspaces(): void {
  it("keeps texts", async () => {
    const texts = new StringKeyspace<{ id: string; part: number }>(cluster, { keyPattern: pattern(":id/:part") });
    const key = { id: "a/b", part: 1 };
    assert.equal(await texts.get(key), undefined);
    await texts.set(key, "grün");
    assert.equal(await texts.get(key), "grün");
    assert.equal(await texts.get({ id: "a", part: 1 }), undefined);
    assert.deepEqual(await texts.multiGet(key, { id: "x", part: 2 }), ["grün", undefined]);
    assert.equal(await texts.append(key, "er"), 7);
    assert.equal(await texts.len(key), 7);
    assert.equal(await texts.getRange(key, 0, 1), "gr");
    assert.equal(await texts.getRange(key, -2, -1), "er");
    assert.equal(await texts.getRange(key, 5, 2), "");
    assert.equal(await texts.setRange(key, 5, "NEN"), 8);
    assert.equal(await texts.get(key), "grünNEN");
    assert.equal(await texts.getAndSet(key, "next"), "grünNEN");
    assert.equal(await texts.getAndDelete(key), "next");
    assert.equal(await texts.getAndDelete(key), undefined);
    assert.equal(await texts.getAndSet(key, "first"), undefined);
    assert.equal(await texts.delete(key, { id: "x", part: 2 }), 1);
    assert.equal(await texts.len(key), 0);
    assert.equal(await texts.setRange(key, 2, "z"), 3);
    assert.equal(await texts.get(key), "\0\0z");
  });

  it("sets only what is new, and replaces only what is there", async () => {
    const texts = new StringKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    await assert.rejects(texts.replace("a", "1"), (error: unknown) => {
      assert.ok(error instanceof CacheMiss && error instanceof CacheError);
      return true;
    });
    await texts.setIfNotExists("a", "1");
    await assert.rejects(texts.setIfNotExists("a", "2"), CacheKeyExists);
    assert.equal(await texts.get("a"), "1");
    await texts.replace("a", "3");
    assert.equal(await texts.get("a"), "3");
  });

  it("sets many at once", async () => {
    const users = new StructKeyspace<string, { name: string }>(cluster, { keyPattern: pattern(":id") });
    await users.multiSet([]);
    await users.multiSet(new Map([1, 2].map((id) => [`${id}`, { name: `user ${id}` }])));
    assert.deepEqual(await users.multiGet("1", "2"), [{ name: "user 1" }, { name: "user 2" }]);
  });

  it("counts", async () => {
    const counts = new IntKeyspace<number>(cluster, { keyPattern: pattern(":id") });
    assert.equal(await counts.increment(1), 1);
    assert.equal(await counts.increment(1, 4.9), 5);
    assert.equal(await counts.decrement(1, 2), 3);
    await counts.set(1, 2.7);
    assert.equal(await counts.get(1), 2);
    await counts.set(2, 1e21 / 1e6);
    assert.equal(await counts.get(2), 1e15);
    await assert.rejects(counts.set(1, Number.NaN), { code: "cache_argument_invalid" });
  });

  it("counts with fractions", async () => {
    const sums = new FloatKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    assert.equal(await sums.increment("a", 0.1), 0.1);
    assert.equal(await sums.increment("a", 0.2), 0.3);
    assert.equal(await sums.decrement("a", 1.25), -0.95);
    await sums.set("a", 1e-7);
    assert.equal(await sums.increment("a", 1), 1.0000001);
  });

  it("keeps objects", async () => {
    const users = new StructKeyspace<{ id: string }, { name: string; tags: string[] }>(cluster, {
      keyPattern: pattern("user/:id"),
    });
    await users.set({ id: "1" }, { name: "Ada", tags: ["é", "€"] });
    assert.deepEqual(await users.get({ id: "1" }), { name: "Ada", tags: ["é", "€"] });
    const texts = new StringKeyspace<{ id: string }>(cluster, { keyPattern: pattern("user/:id") });
    await texts.set({ id: "1" }, "{");
    await assert.rejects(users.get({ id: "1" }), { code: "cache_value_invalid", operation: "get" });
  });

  it("keeps lists", async () => {
    const lists = new StringListKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    assert.equal(await lists.pushRight("a", "1", "2", "3"), 3);
    assert.equal(await lists.pushLeft("a", "x", "y"), 5);
    assert.deepEqual(await lists.items("a"), ["y", "x", "1", "2", "3"]);
    assert.deepEqual(await lists.getRange("a", 1, -2), ["x", "1", "2"]);
    assert.deepEqual(await lists.getRange("a", 3, 1), []);
    assert.equal(await lists.get("a", -1), "3");
    assert.equal(await lists.get("a", 9), undefined);
    await lists.set("a", 0, "Y");
    await assert.rejects(lists.set("a", 9, "Y"), { code: "cache_refused" });
    assert.equal(await lists.insertBefore("a", "1", "b"), 6);
    assert.equal(await lists.insertAfter("a", "1", "c"), 7);
    assert.equal(await lists.insertAfter("a", "none", "c"), -1);
    assert.equal(await lists.insertAfter("none", "1", "c"), 0);
    assert.deepEqual(await lists.items("a"), ["Y", "x", "b", "1", "c", "2", "3"]);
    await lists.trim("a", 2, -2);
    assert.deepEqual(await lists.items("a"), ["b", "1", "c", "2"]);
    assert.equal(await lists.popLeft("a"), "b");
    assert.equal(await lists.popRight("a"), "2");
    assert.equal(await lists.len("a"), 2);
    assert.equal(await lists.move("a", "z", "left", "right"), "1");
    assert.equal(await lists.move("none", "z", "left", "right"), undefined);
    assert.equal(await lists.popLeft("none"), undefined);
    assert.deepEqual(await lists.items("none"), []);
  });

  it("takes more at once than a function takes arguments", async () => {
    const lists = new NumberListKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    const sets = new NumberSetKeyspace<string>(cluster, { keyPattern: pattern("set/:id") });
    const many = Array.from({ length: 60_000 }, (_, index) => index);
    await lists.pushRight("a", ...many);
    await lists.pushRight("a", ...many);
    assert.equal(await lists.pushLeft("a", ...many), 180_000);
    assert.deepEqual(await lists.getRange("a", 59_998, 60_001), [1, 0, 0, 1]);
    await sets.add("a", ...many);
    assert.equal((await sets.items("a")).length, 60_000);
    assert.equal(await sets.remove("a", ...many), 60_000);
    const texts = new StringKeyspace<number>(cluster, { keyPattern: pattern("text/:id") });
    await texts.multiSet(many.slice(0, 5_000).map((id) => [id, String(id)]));
    assert.equal((await texts.multiGet(...many)).filter((text) => text !== undefined).length, 5_000);
  });

  it("removes from lists", async () => {
    const lists = new NumberListKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    await lists.pushRight("a", 1, 2, 1, 3, 1, 4, 1);
    assert.equal(await lists.removeFirst("a", 1, 1), 1);
    assert.deepEqual(await lists.items("a"), [2, 1, 3, 1, 4, 1]);
    assert.equal(await lists.removeLast("a", 2, 1), 2);
    assert.deepEqual(await lists.items("a"), [2, 1, 3, 4]);
    assert.equal(await lists.removeFirst("a", 0, 1), 0);
    await assert.rejects(lists.removeFirst("a", -1, 1), { code: "cache_argument_invalid" });
    assert.equal(await lists.removeAll("a", 1), 1);
    assert.deepEqual(await lists.items("a"), [2, 3, 4]);
    assert.equal(await lists.move("a", "a", "left", "right"), 2);
    assert.deepEqual(await lists.items("a"), [3, 4, 2]);
  });

  it("keeps sets", async () => {
    const sets = new StringSetKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    assert.equal(await sets.add("a", "1", "2", "2"), 2);
    assert.equal(await sets.add("a", "2", "3"), 1);
    assert.equal(await sets.contains("a", "3"), true);
    assert.equal(await sets.contains("a", "4"), false);
    assert.equal(await sets.len("a"), 3);
    assert.deepEqual((await sets.items("a")).sort(), ["1", "2", "3"]);
    assert.deepEqual(await sets.itemsSet("none"), new Set());
    assert.equal(await sets.remove("a", "1", "9"), 1);
    assert.equal(await sets.move("a", "b", "2"), true);
    assert.equal(await sets.move("a", "b", "2"), false);
    assert.deepEqual(await sets.items("a"), ["3"]);
    assert.equal(await sets.popOne("b"), "2");
    assert.equal(await sets.popOne("b"), undefined);
    assert.equal(await sets.sampleOne("b"), undefined);
    await sets.add("c", "x", "y", "z");
    assert.equal((await sets.pop("c", 2)).length, 2);
    assert.equal(await sets.len("c"), 1);
    assert.deepEqual(await sets.pop("none", 2), []);
  });

  it("combines sets", async () => {
    const sets = new NumberSetKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    await sets.add("a", 1, 2, 3);
    await sets.add("b", 2, 3, 4);
    assert.deepEqual(await sets.diffSet("a", "b"), new Set([1]));
    assert.deepEqual(await sets.intersectSet("a", "b"), new Set([2, 3]));
    assert.deepEqual(await sets.unionSet("a", "b"), new Set([1, 2, 3, 4]));
    assert.deepEqual(await sets.intersect("a", "none"), []);
    assert.equal(await sets.diffStore("d", "a", "b"), 1);
    assert.equal(await sets.intersectStore("i", "a", "b"), 2);
    assert.equal(await sets.unionStore("u", "a", "b"), 4);
    assert.deepEqual((await sets.items("u")).sort(), [1, 2, 3, 4]);
    assert.equal(await sets.diffStore("u", "a", "a"), 0);
    assert.equal(await sets.len("u"), 0);
    assert.equal((await sets.sample("a", 9)).length, 3);
    assert.equal((await sets.sampleWithReplacement("a", 9)).length, 9);
    assert.equal([1, 2, 3].includes((await sets.sampleOne("a"))!), true);
    await assert.rejects(sets.union(), { code: "cache_argument_invalid" });
  });

  it("keeps members in the order of their scores", async () => {
    const scores = new SortedSetKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    assert.equal(await scores.add("a", "ada", 3), true);
    assert.equal(await scores.add("a", "ada", 2.5), false);
    await scores.add("a", "bob", 1);
    await scores.add("a", "eve", 1);
    assert.equal(await scores.increment("a", "zoe", -4), -4);
    assert.equal(await scores.increment("a", "zoe", 10), 6);
    assert.deepEqual(await scores.range("a", 0, -1), [
      { member: "bob", score: 1 },
      { member: "eve", score: 1 },
      { member: "ada", score: 2.5 },
      { member: "zoe", score: 6 },
    ]);
    assert.deepEqual(await scores.range("a", 0, 0, "highest-first"), [{ member: "zoe", score: 6 }]);
    const members = async (...range: Parameters<typeof scores.rangeByScore>) =>
      (await scores.rangeByScore(...range)).map(({ member }) => member);
    assert.deepEqual(await members("a", 1, 2.5), ["bob", "eve", "ada"]);
    assert.deepEqual(await members("a", 2, Number.POSITIVE_INFINITY, { order: "highest-first" }), ["zoe", "ada"]);
    assert.deepEqual(await members("a", Number.NEGATIVE_INFINITY, 9, { limit: 1 }), ["bob"]);
    assert.equal(await scores.count("a", 1, 3), 3);
    assert.deepEqual([await scores.rank("a", "ada"), await scores.rank("a", "ada", "highest-first")], [2, 1]);
    assert.deepEqual([await scores.score("a", "ada"), await scores.score("a", "x")], [2.5, undefined]);
    assert.equal(await scores.rank("a", "x"), undefined);
    assert.deepEqual(await scores.popHighest("a"), [{ member: "zoe", score: 6 }]);
    assert.deepEqual(await scores.popLowest("a", 2), [
      { member: "bob", score: 1 },
      { member: "eve", score: 1 },
    ]);
    assert.equal(await scores.remove("a", "ada", "x"), 1);
    assert.equal(await scores.len("a"), 0);
    await assert.rejects(scores.add("a", "x", Number.NaN), { code: "cache_argument_invalid" });
  });

  it("keeps fields", async () => {
    const carts = new HashKeyspace<string, { items: string[]; cents: number; note?: string }>(cluster, {
      keyPattern: pattern(":id"),
    });
    assert.equal(await carts.getAll("a"), undefined);
    await carts.set("a", { items: ["ä"], cents: 5 });
    await carts.set("a", { note: "hi" });
    assert.deepEqual(await carts.getAll("a"), { items: ["ä"], cents: 5, note: "hi" });
    assert.deepEqual(await carts.get("a", "items"), ["ä"]);
    assert.equal(await carts.increment("a", "cents", 2.25), 7.25);
    assert.equal(await carts.get("a", "cents"), 7.25);
    assert.equal(await carts.remove("a", "note", "items"), 2);
    assert.equal(await carts.get("a", "note"), undefined);
    assert.equal(await carts.len("a"), 1);
  });

  it("refuses operations on values of another kind", async () => {
    const texts = new StringKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    const lists = new StringListKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    const counts = new IntKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    await texts.set("a", "text");
    await assert.rejects(lists.pushLeft("a", "1"), { code: "cache_refused", message: /WRONGTYPE/ });
    const hashes = new HashKeyspace<string, { a: number }>(cluster, { keyPattern: pattern(":id") });
    const scores = new SortedSetKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    await assert.rejects(hashes.getAll("a"), /WRONGTYPE/);
    await hashes.set("h", { a: 1 });
    await assert.rejects(scores.len("h"), /WRONGTYPE/);
    await assert.rejects(counts.increment("a"), { code: "cache_refused", message: /not an integer/ });
    await assert.rejects(counts.with({ expiry: expireIn(1000) }).increment("a"), { message: /not an integer/ });
    await assert.rejects(counts.get("a"), { code: "cache_value_invalid" });
  });

  it("lets entries expire", async () => {
    const texts = new StringKeyspace<string>(cluster, { keyPattern: pattern(":id"), defaultExpiry: expireIn(30) });
    await texts.set("short", "1");
    await texts.set("hours", "1", { expiry: expireInHours(1) });
    await texts.set("ever", "1", { expiry: neverExpire });
    await texts.set("kept", "1", { expiry: expireInHours(1) });
    await texts.set("kept", "2", { expiry: keepTTL });
    await texts.with({ expiry: expireInHours(1) }).set("with", "1");
    await texts.append("appended", "1");
    // Again when the first part was gone before the second came.
    await eventually(async () => {
      await texts.set("persisted", "1");
      return (await texts.append("persisted", "2", { expiry: neverExpire })) === 2;
    });
    await eventually(async () => (await texts.multiGet("short", "appended")).every((value) => value === undefined));
    const left = await texts.multiGet("hours", "ever", "kept", "with", "persisted");
    assert.deepEqual(left, ["1", "1", "2", "1", "12"]);
    await assert.rejects(texts.set("a", "1", { expiry: expireIn(-1) }), { code: "cache_argument_invalid" });
  });

  it("loads what is missing once, however many ask", async () => {
    const users = new StructKeyspace<string, { name: string }>(cluster, { keyPattern: pattern(":id") });
    let loads = 0;
    const load = async () => {
      loads++;
      return { name: "Ada" };
    };
    const found = await Promise.all(Array.from({ length: 20 }, () => users.getOrSet("1", load)));
    assert.deepEqual(found[19], { name: "Ada" });
    assert.equal(loads, 1);
    await assert.rejects(
      users.getOrSet("2", async () => Promise.reject(new Error("no database"))),
      /no database/,
    );
    assert.deepEqual(await users.getOrSet("2", load), { name: "Ada" });
  });

  it("locks, with tokens that grow", async () => {
    const locks = new LockKeyspace<string>(cluster, { keyPattern: pattern(":id") });
    const first = await locks.acquire("a");
    assert.ok(first);
    assert.equal(await locks.acquire("a"), undefined);
    assert.equal(await first.extend(10_000), true);
    const waiting = locks.acquire("a", { waitMs: 5_000 });
    assert.equal(await first.release(), true);
    const second = await waiting;
    assert.ok(second && second.token > first.token);
    assert.equal(await first.extend(), false);
    assert.equal(await first.release(), false);
    await assert.rejects(
      locks.hold("a", async () => assert.fail("it is taken")),
      { code: "cache_lock_taken" },
    );
    await second.release();
    assert.equal(await locks.hold("a", async ({ token }) => token > second.token), true);
    await assert.rejects(
      locks.hold(
        "a",
        async (_, signal) => {
          await locks.delete("a");
          if (!signal.aborted) await once(signal, "abort");
        },
        { ttlMs: 60 },
      ),
      { code: "cache_lock_lost" },
    );
  });

  it("limits rates", async () => {
    const limits = new RateLimiter<string>(cluster, { keyPattern: pattern(":id"), limit: 3, windowMs: 3_600_000 });
    assert.equal((await limits.take("a", 0)).remaining, 3);
    assert.equal((await limits.take("a")).remaining, 2);
    assert.deepEqual(
      { ...(await limits.take("a", 2)), resetAfterMs: 0 },
      {
        allowed: true,
        remaining: 0,
        retryAfterMs: 0,
        resetAfterMs: 0,
      },
    );
    const refused = await limits.take("a");
    assert.equal(refused.allowed, false);
    assert.ok(refused.retryAfterMs > 1_000_000 && refused.retryAfterMs <= 1_200_000);
    assert.equal((await limits.take("b")).allowed, true);
    const quick = new RateLimiter<string>(cluster, { keyPattern: pattern("q/:id"), limit: 1, windowMs: 20 });
    await quick.take("a");
    await eventually(async () => (await quick.take("a")).allowed);
  });

  it("refuses keys that it cannot make", async () => {
    const texts = new StringKeyspace<{ id?: string }>(cluster, { keyPattern: pattern(":id") });
    await assert.rejects(texts.get({}), { code: "cache_key_invalid", message: /the key has no "id"/ });
    const reserved = new StringKeyspace<string>(cluster, { keyPattern: ":id" });
    await assert.rejects(reserved.get("__encore/x"), { code: "cache_key_invalid", message: /reserved/ });
  });
}

/** What the server says of the time that entries have left. */
function expiries(engine: () => Engine): void {
  const texts = () =>
    new StringKeyspace<string>(cluster, { keyPattern: pattern(":id"), defaultExpiry: expireInSeconds(100) });

  /** Milliseconds; -1: for ever, -2: there is no such entry. */
  async function left(id: string): Promise<number> {
    const { server } = engine();
    const client = await RespClient.open(server);
    const [answer] = await client.ask([["PTTL", (server.keyPrefix ?? "") + pattern(id)]]);
    client.close();
    return Number(answer);
  }

  async function assertLeft(id: string, atMostMs: number): Promise<void> {
    const leftMs = await left(id);
    // No test takes a minute for a step.
    assert.ok(leftMs <= atMostMs && leftMs > atMostMs - 60_000, `${id} has ${leftMs} ms left, not about ${atMostMs}`);
  }

  it("sets the time that each way of saying it stands for", async () => {
    const now = new Date();
    const soon = new Date(now.getTime() + 90_000);
    const past = new Date(now.getTime() - 90_000);
    const daily = (at: Date) => expireDailyAt(at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds());
    const said: [string, Expiry | undefined, number][] = [
      ["in", expireIn(70_000), 70_000],
      ["seconds", expireInSeconds(90), 90_000],
      ["minutes", expireInMinutes(3), 180_000],
      ["hours", expireInHours(2), 7_200_000],
      ["soon", daily(soon), 90_000],
      ["tomorrow", daily(past), 86_400_000 - 90_000],
      ["default", undefined, 100_000],
    ];
    for (const [id, expiry, atMostMs] of said) {
      await texts().set(id, "1", expiry && { expiry });
      await assertLeft(id, atMostMs);
      if (expiry !== undefined) await texts().with({ expiry }).set(id, "2");
      await assertLeft(id, atMostMs);
      await texts().append(id, "3", expiry && { expiry });
      await assertLeft(id, atMostMs);
    }
    await texts().set("in", "1", { expiry: neverExpire });
    assert.equal(await left("in"), -1);
    await texts().append("hours", "1", { expiry: neverExpire });
    assert.equal(await left("hours"), -1);
    assert.equal(await left("none"), -2);
  });

  it("keeps the time that there was, or none where there was none", async () => {
    await texts().set("a", "1", { expiry: expireInHours(1) });
    for (const write of [
      () => texts().set("a", "2", { expiry: keepTTL }),
      () => texts().replace("a", "3", { expiry: keepTTL }),
      () => texts().getAndSet("a", "4", { expiry: keepTTL }),
      () => texts().append("a", "5", { expiry: keepTTL }),
      () => texts().setRange("a", 0, "6", { expiry: keepTTL }),
    ]) {
      await write();
      await assertLeft("a", 3_600_000);
    }
    await texts().set("new", "1", { expiry: keepTTL });
    assert.equal(await left("new"), -1);
  });

  it("sets it with every kind of write, and for both keys of a move", async () => {
    const config = { keyPattern: pattern(":id"), defaultExpiry: expireInHours(1) };
    const counts = new IntKeyspace<string>(cluster, config);
    const lists = new StringListKeyspace<string>(cluster, config);
    const sets = new StringSetKeyspace<string>(cluster, config);
    const hour = 3_600_000;
    await counts.increment("count");
    await counts.multiSet([["many", 1]]);
    await lists.pushLeft("list", "1", "2", "3");
    await lists.move("list", "list-2", "left", "right");
    await sets.add("set", "1", "2");
    await sets.move("set", "set-2", "1");
    await sets.unionStore("set-3", "set", "set-2");
    await new HashKeyspace<string, { a: number }>(cluster, config).set("hash", { a: 1 });
    await new SortedSetKeyspace<string>(cluster, config).add("scores", "a", 1);
    await texts().getOrSet("loaded", async () => "1", { expiry: expireInHours(1) });
    for (const id of ["loaded", "count", "many", "list", "list-2", "set", "set-2", "set-3", "hash", "scores"])
      await assertLeft(id, hour);
  });
}

describe("without a server", () => {
  const texts = new StringKeyspace<string>(cluster, { keyPattern: "a/:id" });

  it("says that no cache is configured", async () => {
    configureCaches(undefined);
    await assert.rejects(texts.get("a"), { code: "cache_not_configured", status: "internal" });
  });

  it("fails rather than waits", async () => {
    configureCaches({ clusters: { main: { host: "127.0.0.1", port: await freePort() } } });
    await assert.rejects(texts.get("a"), { code: "cache_unavailable", status: "unavailable" });
    closeCaches();
  });

  it("goes on when the server is back", { skip: withoutRedis }, async () => {
    const port = await freePort();
    const first = await realRedis(port);
    configureCaches({ clusters: { main: first.server } });
    const outcomes = new Set<string>();
    let isOver = false;
    const worker = async () => {
      while (!isOver)
        outcomes.add(
          await texts.set("a", "1").then(
            () => "set",
            ({ code }: CacheError) => code,
          ),
        );
    };
    const workers = Array.from({ length: 20 }, worker);
    await eventually(async () => outcomes.has("set"));
    process.kill(first.pid, "SIGKILL");
    await eventually(async () => outcomes.has("cache_unavailable"));
    await first.stop();
    outcomes.clear();
    const second = await realRedis(port);
    await eventually(async () => outcomes.has("set"));
    isOver = true;
    // None of them waits for an answer that does not come.
    await Promise.all(workers);
    outcomes.delete("cache_unavailable");
    assert.deepEqual([...outcomes], ["set"]);
    closeCaches();
    await second.stop();
  });

  it("tells the holder of a lock that it is lost when the server does not answer in time", {
    skip: withoutRedis,
  }, async () => {
    const redis = await realRedis();
    configureCaches({ clusters: { main: redis.server } });
    const locks = new LockKeyspace<string>(cluster, { keyPattern: "lock/:id" });
    const work = async (_: unknown, signal: AbortSignal) => {
      process.kill(redis.pid, "SIGSTOP");
      if (!signal.aborted) await once(signal, "abort");
      process.kill(redis.pid, "SIGCONT");
    };
    await assert.rejects(locks.hold("a", work, { ttlMs: 300 }), { code: "cache_lock_lost" });
    closeCaches();
    await redis.stop();
  });

  it("gives larger tokens although the server has forgotten all of them", { skip: withoutRedis }, async () => {
    const locks = new LockKeyspace<string>(cluster, { keyPattern: "token/:id" });
    const first = await realRedis();
    configureCaches({ clusters: { main: first.server } });
    const before = await locks.acquire("a");
    process.kill(first.pid, "SIGKILL");
    await first.stop();
    const second = await realRedis();
    configureCaches({ clusters: { main: second.server } });
    const after = await locks.acquire("a");
    assert.ok(before && after && after.token > before.token);
    assert.equal(await before.release(), false);
    assert.equal(await after.extend(), true);
    closeCaches();
    await second.stop();
  });

  it("gives a server up that does not answer, and finds it again", { skip: withoutRedis }, async () => {
    const redis = await realRedis();
    configureCaches({ clusters: { main: redis.server } });
    await texts.set("a", "1");
    process.kill(redis.pid, "SIGSTOP");
    await assert.rejects(texts.get("a"), { code: "cache_unavailable", message: /didn't receive any/ });
    process.kill(redis.pid, "SIGCONT");
    await eventually(async () => (await texts.get("a").catch(() => "away")) === "1");
    closeCaches();
    await redis.stop();
  });
});
