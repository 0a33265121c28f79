// A call means the same in every topology: copying in process gives what encoding, JSON and decoding between processes give, or the
// same issues. Over all constructs and over random schemas. Seeds that failed once are in fixtures/codecs/seeds.json and run first.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import type { Codec, Schema, Schemas } from "@tenon/model";
import {
  any,
  array,
  bigint,
  boolean,
  bytes,
  codecsOf,
  date,
  literal,
  map,
  nil,
  nothing,
  number,
  object,
  oneOf,
  record,
  ref,
  run,
  set,
  string,
  union,
  url,
} from "./codecs.test.support.ts";
import { type Construct, constructs } from "./constructs.test.support.ts";
import { anyValue, pick, type Random, randomFrom } from "./values.test.support.ts";

const seeds = JSON.parse(readFileSync(new URL("../../../fixtures/codecs/seeds.json", import.meta.url), "utf8")) as {
  readonly construct: string;
  readonly seed: number;
}[];

function checkCopy(codec: Codec, schema: Schema, schemas: Schemas, seed: number): "valid" | "invalid" {
  const value = anyValue(schema, { random: randomFrom(seed), schemas, wire: false });
  const copied = run(codec.copy, value);
  const encoded = run(codec.encode, value);
  if (encoded.issues.length > 0) {
    assert.deepStrictEqual(copied.issues, encoded.issues);
    return "invalid";
  }
  const text = JSON.stringify(encoded.value);
  const decoded = run(codec.decode, text === undefined ? undefined : JSON.parse(text));
  assert.deepStrictEqual(copied.issues, decoded.issues);
  assert.deepStrictEqual(copied.value, decoded.value);
  assert.deepStrictEqual(textOf(copied.value), textOf(decoded.value));
  return copied.issues.length === 0 ? "valid" : "invalid";
}

/** Distinguishes what deepStrictEqual does not: the addresses of URLs. */
function textOf(value: unknown): string | undefined {
  return JSON.stringify(value, (_key, item: unknown) =>
    typeof item === "bigint" ? `${item}n` : item instanceof Map || item instanceof Set ? [...item] : item,
  );
}

const names = Object.keys(constructs);
const codecs = await codecsOf(Object.values(constructs));

test("copy equals encode, JSON, decode: seeds that failed once", () => {
  for (const { construct, seed } of seeds) {
    const { schema, schemas } = constructs[construct]!;
    checkCopy(codecs[names.indexOf(construct)]!, schema, schemas, seed);
  }
});

for (const [index, name] of names.entries()) {
  test(`copy equals encode, JSON, decode: ${name}`, () => {
    const { schema, schemas } = constructs[name]!;
    const counts = { valid: 0, invalid: 0 };
    for (let seed = 1; seed <= 2000; seed++) {
      try {
        counts[checkCopy(codecs[index]!, schema, schemas, seed)]++;
      } catch (error) {
        throw new Error(`seed ${seed} of "${name}"`, { cause: error });
      }
    }
    assert.ok(counts.valid > 100, `only ${counts.valid} valid values`);
    if (name !== "any") assert.ok(counts.invalid > 100, `only ${counts.invalid} invalid values`);
  });
}

const scalars = [
  string,
  number,
  boolean,
  bigint,
  date,
  bytes,
  url,
  any,
  literal("a"),
  literal(1),
  oneOf("x", "AAAA"),
  oneOf(0, 1),
];

function randomSchema(random: Random, depth: number): Schema {
  if (depth === 0) return pick(random, scalars);
  const inner = () => randomSchema(random, depth - 1);
  return pick<() => Schema>(random, [
    () => pick(random, scalars),
    () => array(inner()),
    () => set(inner()),
    () => map(pick(random, [string, number, date, oneOf("a", "12")]), inner()),
    () => object({ a: inner(), "b?": inner(), kind: pick(random, [literal("x"), literal("y"), string]) }),
    () => record(string, inner(), { id: string }),
    () => union(inner(), inner(), ...(random() < 0.5 ? [nil] : []), ...(random() < 0.3 ? [nothing] : [])),
    () => union(inner(), inner(), inner()),
    () => ({
      kind: "tuple",
      items: [
        { schema: inner(), optional: false },
        { schema: inner(), optional: true },
      ],
    }),
    () => ref("R"),
  ])();
}

test("copy equals encode, JSON, decode: 400 random schemas", async () => {
  const cases: Construct[] = [];
  for (let seed = 1; seed <= 400; seed++) {
    const random = randomFrom(seed);
    const recursive = object({ "next?": randomSchema(random, 2), id: string, "more?": array(ref("R")) });
    cases.push({ schema: randomSchema(random, 3), schemas: { R: recursive } });
  }
  for (const [index, codec] of (await codecsOf(cases)).entries()) {
    for (let seed = 1; seed <= 60; seed++) {
      const { schema, schemas } = cases[index]!;
      try {
        checkCopy(codec, schema, schemas, seed);
      } catch (error) {
        throw new Error(`value seed ${seed} of random schema ${index + 1}: ${JSON.stringify(schema)}`, {
          cause: error,
        });
      }
    }
  }
});
