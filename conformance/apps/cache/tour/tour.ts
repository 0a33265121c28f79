// Every keyspace and every method of `encore.dev/storage/cache`: each line of an answer is a call and what it gave.
import { api } from "encore.dev/api";
import {
  CacheError,
  CacheKeyExists,
  CacheMiss,
  type Expiry,
  expireDailyAt,
  expireIn,
  expireInHours,
  expireInMinutes,
  expireInSeconds,
  FloatKeyspace,
  IntKeyspace,
  keepTTL,
  type KeyspaceConfig,
  type ListPosition,
  neverExpire,
  NumberListKeyspace,
  NumberSetKeyspace,
  StringKeyspace,
  StringListKeyspace,
  StringSetKeyspace,
  StructKeyspace,
  type WriteOptions,
} from "encore.dev/storage/cache";
import { cache } from "../shared-cache";

const config: KeyspaceConfig<string> = { keyPattern: "tour/:id", defaultExpiry: expireInMinutes(10) };
const texts = new StringKeyspace<string>(cache, config);
const ints = new IntKeyspace<{ group: string; n: number }>(cache, { keyPattern: "tour-ints/:group/:n" });
const floats = new FloatKeyspace<number>(cache, { keyPattern: "tour-floats/:n" });
const structs = new StructKeyspace<string, { name: string; tags: string[] }>(cache, { keyPattern: "tour-structs/:id" });
const textLists = new StringListKeyspace<string>(cache, { keyPattern: "tour-text-lists/:id" });
const numberLists = new NumberListKeyspace<string>(cache, { keyPattern: "tour-number-lists/:id" });
const textSets = new StringSetKeyspace<string>(cache, { keyPattern: "tour-text-sets/:id" });
const numberSets = new NumberSetKeyspace<string>(cache, { keyPattern: "tour-number-sets/:id" });

interface Told {
  lines: string[];
}

/** Makes the calls one after the other. */
async function told(calls: Record<string, () => Promise<unknown>>): Promise<Told> {
  const lines: string[] = [];
  for (const [name, call] of Object.entries(calls)) {
    const outcome = await call().then(
      (value) => (value === undefined ? "undefined" : JSON.stringify(value instanceof Set ? [...value].sort() : value)),
      (error: unknown) => (error instanceof Error ? `${error.name} ${error instanceof CacheError}` : "no error"),
    );
    lines.push(`${name} -> ${outcome}`);
  }
  return { lines };
}

export const values = api({ method: "POST", path: "/tour/values", expose: true }, async (): Promise<Told> => {
  const hour: WriteOptions = { expiry: expireInHours(1) };
  const key = (n: number) => ({ group: "a/b", n });
  return told({
    get: () => texts.get("a"),
    replace: () => texts.replace("a", "x"),
    setIfNotExists: () => texts.setIfNotExists("a", "grün", hour),
    "setIfNotExists again": () => texts.setIfNotExists("a", "x"),
    "replace again": () => texts.replace("a", "hello", { expiry: keepTTL }),
    append: () => texts.append("a", " world"),
    getRange: () => texts.getRange("a", -5, -1),
    setRange: () => texts.setRange("a", 6, "there"),
    len: () => texts.len("a"),
    getAndSet: () => texts.getAndSet("a", "next"),
    multiSet: () =>
      texts.multiSet(
        new Map([
          ["b", "1"],
          ["c", "2"],
        ]),
        { expiry: neverExpire },
      ),
    multiGet: () => texts.multiGet("c", "none", "b", "a"),
    getAndDelete: () => texts.getAndDelete("c"),
    delete: () => texts.delete("a", "b", "c"),
    with: () => texts.with({ expiry: expireInSeconds(5) }).set("d", "with"),
    "set daily": () => texts.set("d", "daily", { expiry: expireDailyAt(0, 0, 0) }),
    "set wrong expiry": () => texts.set("d", "x", { expiry: expireIn(0) }),
    "get d": () => texts.get("d"),
    "int increment": () => ints.increment(key(1)),
    "int increment by": () => ints.increment(key(1), 41, hour),
    "int decrement": () => ints.decrement(key(1), 2.9),
    "int set": () => ints.set(key(2), 7.9),
    "int multiGet": () => ints.multiGet(key(1), key(2), key(3)),
    "float increment": () => floats.increment(1, 0.1),
    "float increment again": () => floats.increment(1, 0.2),
    "float decrement": () => floats.decrement(1),
    "struct set": () => structs.set("ada", { name: "Ada", tags: ["€", "/"] }),
    "struct get": () => structs.get("ada"),
    "struct getAndSet": () => structs.getAndSet("bob", { name: "Bob", tags: [] }),
    "struct delete": () => structs.delete("ada", "bob"),
    errors: async () => [new CacheMiss("k").message, new CacheKeyExists("k").message, texts instanceof StringKeyspace],
  });
});

export const lists = api({ method: "POST", path: "/tour/lists", expose: true }, async (): Promise<Told> => {
  const expiry: Expiry = expireInMinutes(1);
  const [left, right]: ListPosition[] = ["left", "right"];
  return told({
    pushRight: () => textLists.pushRight("a", "b", "c"),
    pushLeft: () => textLists.pushLeft("a", "a", "0"),
    items: () => textLists.items("a"),
    getRange: () => textLists.getRange("a", 1, -2),
    get: () => textLists.get("a", -1),
    "get outside": () => textLists.get("a", 4),
    set: () => textLists.set("a", 0, "zero", { expiry }),
    "set outside": () => textLists.set("a", 4, "x"),
    insertBefore: () => textLists.insertBefore("a", "b", "ab"),
    insertAfter: () => textLists.insertAfter("a", "b", "bb"),
    "insertBefore none": () => textLists.insertBefore("a", "none", "x"),
    "insertAfter no list": () => textLists.insertAfter("none", "b", "x"),
    "items again": () => textLists.items("a"),
    trim: () => textLists.trim("a", 1, -2),
    len: () => textLists.len("a"),
    popLeft: () => textLists.popLeft("a"),
    popRight: () => textLists.popRight("a"),
    "popLeft none": () => textLists.popLeft("none"),
    "popRight none": () => textLists.popRight("none"),
    move: () => textLists.move("a", "b", left!, right!),
    "move none": () => textLists.move("none", "b", left!, right!),
    "number pushRight": () => numberLists.pushRight("n", 1, 2, 1.5, 2, 3, 2),
    removeFirst: () => numberLists.removeFirst("n", 1, 2),
    removeLast: () => numberLists.removeLast("n", 1, 2),
    "number items": () => numberLists.items("n"),
    removeAll: () => numberLists.removeAll("n", 2),
    "removeFirst less than none": () => numberLists.removeFirst("n", -1, 2),
    "number items again": () => numberLists.items("n"),
    delete: async () => [await textLists.delete("a", "b"), await numberLists.delete("n")],
  });
});

export const sets = api({ method: "POST", path: "/tour/sets", expose: true }, async (): Promise<Told> => {
  return told({
    add: () => textSets.add("a", "x", "y", "x"),
    "add again": () => textSets.add("a", "y", "z"),
    contains: async () => [await textSets.contains("a", "z"), await textSets.contains("a", "none")],
    len: () => textSets.len("a"),
    items: async () => (await textSets.items("a")).sort(),
    itemsSet: () => textSets.itemsSet("a"),
    remove: () => textSets.remove("a", "z", "none"),
    move: () => textSets.move("a", "b", "y"),
    "move none": () => textSets.move("a", "b", "none"),
    popOne: () => textSets.popOne("b"),
    "popOne none": () => textSets.popOne("b"),
    sampleOne: () => textSets.sampleOne("a"),
    "sampleOne none": () => textSets.sampleOne("b"),
    "number add": async () => [await numberSets.add("a", 1, 2, 3), await numberSets.add("b", 2, 3, 4.5)],
    diff: () => numberSets.diff("a", "b"),
    diffSet: () => numberSets.diffSet("b", "a"),
    intersect: async () => (await numberSets.intersect("a", "b")).sort(),
    intersectSet: () => numberSets.intersectSet("a", "b", "none"),
    union: async () => (await numberSets.union("a", "b")).sort(),
    unionSet: () => numberSets.unionSet("a", "none"),
    diffStore: () => numberSets.diffStore("d", "a", "b"),
    intersectStore: () => numberSets.intersectStore("i", "a", "b"),
    unionStore: () => numberSets.unionStore("u", "a", "b"),
    stored: async () => (await numberSets.items("u")).sort(),
    "union of none": () => numberSets.union(),
    sample: async () => (await numberSets.sample("a", 9)).sort(),
    sampleWithReplacement: async () => (await numberSets.sampleWithReplacement("a", 9)).length,
    pop: async () => (await numberSets.pop("a", 2)).length,
    "pop more": async () => (await numberSets.pop("a", 2)).length,
    delete: async () => [await textSets.delete("a", "b"), await numberSets.delete("a", "b", "d", "i", "u")],
  });
});
