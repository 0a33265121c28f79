// `copyJson` against its definition, `JSON.parse(JSON.stringify(value))`, over generated values.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Issue } from "@tenon/model";
import { copyJson } from "./json-value.ts";

class Point {
  readonly x = 1;
  get y(): number {
    return 2;
  }
}

const leaves: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => -0,
  () => Number.NaN,
  () => 1.5,
  () => "text\ud800",
  () => true,
  () => Symbol("s"),
  () => () => 1,
  () => new Date(0),
  () => new Date(Number.NaN),
  () => new Map([[1, 2]]),
  () => new Set([1]),
  () => /x/,
  () => new Error("x"),
  () => Object(1),
  () => Object("boxed"),
  () => Object(false),
  () => new Point(),
  () => ({ toJSON: (key: string) => `key ${key}` }),
  () => Object.assign(() => 1, { toJSON: () => "function" }),
  () => Uint8Array.from([1, 2]),
  () => new Array(2),
  () => Object.create({ inherited: 1 }, { own: { value: 1, enumerable: true }, hidden: { value: 1 } }),
  () => JSON.parse('{"__proto__":{"a":1},"10":1,"2":1}'),
  () => new Proxy({ a: 1 }, {}),
];

/** All pairs of leaves in arrays and objects, and both nested once more. */
function* values(): Generator<unknown> {
  for (const first of leaves) {
    yield first();
    for (const second of leaves) {
      yield [first(), second()];
      yield { a: first(), "": second(), nested: [{ b: first() }, second()] };
    }
  }
}

test("copyJson is JSON.parse(JSON.stringify(value))", () => {
  let count = 0;
  for (const value of values()) {
    const text = JSON.stringify(value) as string | undefined;
    const issues: Issue[] = [];
    const copy = copyJson(value, issues);
    assert.deepEqual(issues, []);
    assert.deepStrictEqual(copy, text === undefined ? undefined : JSON.parse(text));
    assert.equal(JSON.stringify(copy), text);
    count++;
  }
  assert.ok(count > 1000);
});

test("a bigint is an issue, unless it knows its JSON", () => {
  const issues: Issue[] = [];
  copyJson({ a: [1n] }, issues);
  assert.deepEqual(
    issues.map(({ path, code }) => `${path} ${code}`),
    ["a[0] invalid_type"],
  );
});
