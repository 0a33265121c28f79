// A seeded generator of values for schemas: valid ones, valid ones with something changed, and plainly hostile ones; on the wire and
// in memory.
import type { Ruled, Schema, Schemas } from "@tenon/model";
import { resolveSchema } from "@tenon/model";
import { runtimeUrl } from "./codecs.test.support.ts";

export type Random = () => number;

/** mulberry32: small, fast, and the same on every machine. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

export const pick = <T>(random: Random, values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
const upTo = (random: Random, max: number) => Math.floor(random() * (max + 1));

const words = [
  "",
  "a",
  "cat-1",
  "cat-",
  "x\ny",
  "__proto__",
  "constructor",
  "toString",
  "10",
  "-0",
  "1e3",
  "é😀",
  "\ud800",
  "data-x",
  "http://a.b/",
  "2026-01-31T09:30:00Z",
  "AAAA",
  "kind",
  "12",
  "007",
  "true",
  "null",
];
/** Nearly all of some format or other. */
const formatted = [
  "a@b.c",
  "a.b+c@example.com",
  "user@localhost",
  "@b.c",
  "a@-b.c",
  "a@b..c",
  "a b@c.d",
  "HTTPS://a.b",
  "wss://a.b/x?y",
  "javascript://a.b",
  "http://",
  "0190a9c4-6a3e-7b3a-8c1f-3d2e1f0a9b8c",
  "0190A9C4-6A3E-7B3A-8C1F-3D2E1F0A9B8C",
  "0190a9c46a3e7b3a8c1f3d2e1f0a9b8c",
  "127.0.0.1",
  "256.0.0.1",
  "1.2.3",
  "::1",
  "2001:db8::8a2e:370:7334",
  "fe80::1%eth0",
  "1::2::3",
  "a.example.com",
  "-a.b",
  "a-.b",
  "2024-02-29",
  "2026-02-29",
  "09:30:00",
  "09:30:00.5Z",
  "24:00:00",
  "1h30m",
  "250ms",
  "1.5",
  "-12.25",
  "0.50",
];

interface DecimalClass {
  new (text: string): object;
}
const { Decimal } = (await import(runtimeUrl)) as { readonly Decimal: DecimalClass };
const decimals = ["0", "1.5", "-12.25", "0.5", "12", "123456789012345678901234567890.000000001"];

const numbers = [0, -0, 1, -1, 1.5, 1e21, 5e-324, 2 ** 53, 2 ** 31, -273.15, 42];
const dates = [
  "2026-01-31T09:30:00Z",
  "2024-02-29T00:00:00.123Z",
  "0000-01-01T00:00:00Z",
  "9999-12-31T23:59:59.999Z",
  "2026-01-31t09:30:00+05:30",
];
const nearDates = [
  "2026-02-29T00:00:00Z",
  "2026-01-31",
  "2026-01-31T24:00:00Z",
  "2026-13-01T00:00:00Z",
  "2026-01-31T09:30:60Z",
  "0000-01-01T00:00:00+01:00",
  "2026-01-31 09:30:00Z",
];
const bytesTexts = ["", "AA==", "AAA=", "AAAA", "_-_-", "aGVsbG8", "AA"];
const nearBytes = ["A", "AA=", "AAAA=", "A===", "A A=", "ä"];
const urls = ["https://example.com/a?b=c#d", "http://[::1]:80/", "mailto:a@b.c", "file:///tmp"];

export interface Making {
  readonly random: Random;
  readonly schemas: Schemas;
  /** How values of kinds that travel in another form are made: as on the wire, or as in memory. */
  readonly wire: boolean;
}

/** A value that the schema accepts, as far as that can be known without checking it (patterns excepted). */
export function validValue(schema: Schema, making: Making, depth = 0): unknown {
  const { random, wire } = making;
  const inner = (child: Schema) => validValue(child, making, depth + 1);
  const resolved = resolveSchema(schema, making.schemas);
  // Enough for any list that must not be empty.
  const least = (resolved as Ruled).rules === undefined ? 0 : 1;
  const few = () => (depth > 4 ? least : least + upTo(random, 3 - 2 * least));
  switch (resolved.kind) {
    case "string":
      if (resolved.pattern === undefined && resolved.rules !== undefined)
        return pick(random, [...words, ...urls, ...formatted]);
      return resolved.pattern === undefined
        ? pick(random, words)
        : pick(random, ["cat-1", "cat-", "cat-\n", "data-x", "1px", "12px"]);
    case "number":
      return pick(random, numbers);
    case "boolean":
      return random() < 0.5;
    case "null":
      return null;
    case "undefined":
    case "never":
      return undefined;
    case "any":
      return hostileValue(random, wire, 2);
    case "literal":
      return resolved.value;
    case "enum":
      return pick(random, resolved.values);
    case "bigint-literal":
      return wire ? resolved.value : BigInt(resolved.value);
    case "bigint": {
      const text = pick(random, ["0", "1", "-12", "123456789012345678901234567890"]);
      return wire ? text : BigInt(text);
    }
    case "decimal": {
      const text = pick(random, decimals);
      return wire ? text : new Decimal(text);
    }
    case "date":
      return wire ? pick(random, dates) : new Date(pick(random, dates).toUpperCase());
    case "bytes":
      return wire ? pick(random, bytesTexts) : Uint8Array.from([upTo(random, 255), upTo(random, 255)]);
    case "url":
      return wire ? pick(random, urls) : new URL(pick(random, urls));
    case "array":
      return Array.from({ length: few() }, () => inner(resolved.items));
    case "set": {
      const items = Array.from({ length: few() }, () => inner(resolved.items));
      return wire ? items : new Set(items);
    }
    case "tuple": {
      const items = resolved.items.filter((item) => !item.optional || random() < 0.6).map((item) => inner(item.schema));
      const rest = resolved.rest;
      if (rest !== undefined) items.push(...Array.from({ length: few() }, () => inner(rest)));
      return [...items, ...(resolved.suffix ?? []).map((item) => inner(item.schema))];
    }
    case "object":
      return objectValue(resolved, making, depth);
    case "map":
      return mapValue(resolved, making, depth);
    case "union": {
      const shallow = resolved.options.filter((option) => !["array", "object", "ref", "map"].includes(option.kind));
      return inner(pick(random, depth > 4 && shallow.length > 0 ? shallow : resolved.options));
    }
  }
}

function setOwn(target: object, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}

function objectValue(schema: Extract<Schema, { kind: "object" }>, making: Making, depth: number): unknown {
  const { random } = making;
  const result = {};
  for (const property of schema.properties) {
    if (property.optional && (depth > 4 || random() < 0.4)) continue;
    const value = validValue(property.schema, making, depth + 1);
    if (value !== undefined || !making.wire) setOwn(result, property.name, value);
  }
  for (const { key, value } of schema.index ?? []) {
    for (let count = depth > 4 ? 0 : upTo(random, 2); count > 0; count--) {
      const item = validValue(value, making, depth + 1);
      if (item !== undefined || !making.wire) setOwn(result, String(validValue(key, making, depth + 1)), item);
    }
  }
  return result;
}

function mapValue(schema: Extract<Schema, { kind: "map" }>, making: Making, depth: number): unknown {
  const count = schema.rules === undefined ? (depth > 4 ? 0 : upTo(making.random, 3)) : 1 + upTo(making.random, 1);
  const entries = Array.from({ length: count }, () => [
    validValue(schema.key, making, depth + 1),
    validValue(schema.value, making, depth + 1),
  ]) as [unknown, unknown][];
  if (!making.wire) return new Map(entries);
  const key = resolveSchema(schema.key, making.schemas);
  const parts = key.kind === "union" ? key.options : [key];
  const isObject = parts.every(
    (part) =>
      part.kind === "string" || (part.kind === "literal" && typeof part.value === "string") || part.kind === "enum",
  );
  if (!isObject) return entries;
  const result = {};
  for (const [name, value] of entries) setOwn(result, String(name), value);
  return result;
}

/** Anything at all. */
export function hostileValue(random: Random, wire: boolean, depth = 3): unknown {
  const roll = random();
  if (depth > 0 && roll < 0.15)
    return Array.from({ length: upTo(random, 3) }, () => hostileValue(random, wire, depth - 1));
  if (depth > 0 && roll < 0.35) {
    const result = {};
    for (let count = upTo(random, 3); count > 0; count--)
      setOwn(result, pick(random, words), hostileValue(random, wire, depth - 1));
    return result;
  }
  if (!wire && roll < 0.6) return hostileInMemory(random);
  return pick(random, [
    null,
    true,
    false,
    Number.POSITIVE_INFINITY,
    "x",
    ...numbers,
    ...words,
    ...formatted,
    ...dates,
    ...nearDates,
    ...bytesTexts,
    ...nearBytes,
    ...urls,
  ]);
}

function hostileInMemory(random: Random): unknown {
  return pick<() => unknown>(random, [
    () => undefined,
    () => Number.NaN,
    () => 5n,
    () => Symbol("s"),
    () => () => 1,
    () => new Date(Number.NaN),
    () => new Date(0),
    () => new Decimal("1.5"),
    () => new Date(8.64e15),
    () =>
      new Map<unknown, unknown>([
        ["a", 1],
        [1, "b"],
      ]),
    () => new Set([1, "a", 1n]),
    () => Buffer.from("hello"),
    () => new URL("https://a.b/"),
    () => Object.create(null),
    () => Object.create({ id: "inherited", a: 1 }),
    () => new Array(2),
    () => ({ toJSON: () => ({ a: 1 }) }),
    () => new String("boxed"),
  ])();
}

/** A copy with one thing changed somewhere: replaced, left out, added, or repeated. */
export function mutate(value: unknown, random: Random, wire: boolean): unknown {
  if (Array.isArray(value) && value.length > 0 && random() < 0.8) {
    const copy: unknown[] = [...value];
    const index = upTo(random, copy.length - 1);
    const roll = random();
    if (roll < 0.15) copy.splice(index, 1);
    else if (roll < 0.3) copy.push(copy[index]);
    else copy[index] = mutate(copy[index], random, wire);
    return copy;
  }
  if (
    typeof value === "object" &&
    value !== null &&
    Object.getPrototypeOf(value) === Object.prototype &&
    random() < 0.9
  ) {
    const copy = {};
    const keys = Object.keys(value);
    const changed = keys.length > 0 ? pick(random, keys) : "";
    const roll = random();
    for (const key of keys) {
      const item = (value as Record<string, unknown>)[key];
      if (key === changed && roll < 0.25) continue;
      setOwn(copy, key, key === changed && roll < 0.8 ? mutate(item, random, wire) : item);
    }
    if (roll > 0.85) setOwn(copy, pick(random, words), hostileValue(random, wire, 1));
    return copy;
  }
  if (value instanceof Map && value.size > 0 && random() < 0.8) {
    const entries = [...(value as Map<unknown, unknown>)];
    const at = upTo(random, entries.length - 1);
    entries[at] =
      random() < 0.5
        ? [mutate(entries[at]![0], random, wire), entries[at]![1]]
        : [entries[at]![0], mutate(entries[at]![1], random, wire)];
    return new Map(entries);
  }
  if (value instanceof Set && value.size > 0 && random() < 0.8) {
    const items = [...(value as Set<unknown>)];
    items[0] = mutate(items[0], random, wire);
    return new Set(items);
  }
  return hostileValue(random, wire, 2);
}

/** Two in five valid, two in five changed, one in five hostile. */
export function anyValue(schema: Schema, making: Making): unknown {
  const roll = making.random();
  if (roll > 0.8) return hostileValue(making.random, making.wire);
  const value = validValue(schema, making);
  return roll < 0.4 ? value : mutate(value, making.random, making.wire);
}
