import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeTraces } from "./decode-traces.ts";

function bodyWith(span: object): object {
  const required = { traceId: "a".repeat(32), spanId: "b".repeat(16), startTimeUnixNano: "1", endTimeUnixNano: "2" };
  return { resourceSpans: [{ scopeSpans: [{ spans: [{ ...required, ...span }] }] }] };
}

test("values of all kinds are read", () => {
  const values: [object, unknown][] = [
    [{ stringValue: "" }, ""],
    [{ boolValue: false }, false],
    [{ intValue: "-7" }, -7],
    [{ intValue: 7 }, 7],
    [{ doubleValue: 0.5 }, 0.5],
    [{ doubleValue: "Infinity" }, Number.POSITIVE_INFINITY],
    [{ bytesValue: "AAA=" }, "AAA="],
    [{ arrayValue: {} }, []],
    [{ arrayValue: { values: [{ intValue: "1" }, { doubleValue: 2.5 }] } }, [1, 2.5]],
    [{ arrayValue: { values: [{ intValue: "1" }, { stringValue: "a" }] } }, ["1", "a"]],
    [{ kvlistValue: { values: [] } }, '{"values":[]}'],
    [{}, undefined],
  ];
  for (const [value, expected] of values) {
    const { spans } = decodeTraces(bodyWith({ attributes: [{ key: "k", value }] }));
    assert.deepEqual(spans[0]?.attributes["k"], expected, JSON.stringify(value));
  }
});

test("kinds and status codes are read as numbers and as names; unknown ones are the default", () => {
  const read = (kind: unknown, code: unknown) => {
    const span = decodeTraces(bodyWith({ kind, status: { code } })).spans[0];
    return [span?.kind, span?.status];
  };
  assert.deepEqual(read(3, 1), ["client", "ok"]);
  assert.deepEqual(read("SPAN_KIND_SERVER", "STATUS_CODE_ERROR"), ["server", "error"]);
  assert.deepEqual(read(undefined, undefined), ["internal", "unset"]);
  assert.deepEqual(read(17, -1), ["internal", "unset"]);
});

test("links are read, and a span whose link leads nowhere is refused", () => {
  const link = {
    traceId: "c".repeat(32),
    spanId: "D".repeat(16),
    attributes: [{ key: "n", value: { intValue: "1" } }],
  };
  const { spans } = decodeTraces(bodyWith({ links: [link] }));
  assert.deepEqual(spans[0]?.links, [{ traceId: "c".repeat(32), spanId: "d".repeat(16), attributes: { n: 1 } }]);
  assert.ok(!("links" in decodeTraces(bodyWith({ links: [] })).spans[0]!));
  assert.equal(decodeTraces(bodyWith({ links: [{ ...link, spanId: "" }] })).rejected, 1);
});

test("a span that ends before it starts has no duration, and a service without name is called unknown", () => {
  const span = decodeTraces(bodyWith({ startTimeUnixNano: "5000000", endTimeUnixNano: "1000000" })).spans[0];
  assert.equal(span?.durationMs, 0);
  assert.equal(span?.startedAt, 5);
  assert.equal(span?.service, "unknown_service");
});

test("property: no JSON makes it throw anything but a TypeError, and all it returns are whole spans", () => {
  const words = [
    "resourceSpans",
    "scopeSpans",
    "spans",
    "attributes",
    "value",
    "traceId",
    "events",
    "status",
    "arrayValue",
    "values",
  ];
  const random = (limit: number): number => Math.floor(Math.random() * limit);
  const anything = (depth: number): unknown => {
    const choice = random(depth > 7 ? 5 : 9);
    if (choice === 0) return null;
    if (choice === 1) return random(5) - 2;
    if (choice === 2) return random(2) === 0;
    if (choice === 3) return "a".repeat(random(2) === 0 ? 32 : 16);
    if (choice === 4) return "";
    if (choice < 6) return Array.from({ length: random(4) }, () => anything(depth + 1));
    return Object.fromEntries(
      Array.from({ length: random(6) }, () => [words[random(words.length)], anything(depth + 1)]),
    );
  };
  for (let run = 0; run < 5000; run++) {
    const body = anything(0);
    try {
      for (const span of decodeTraces(body).spans) assert.match(span.traceId, /^[0-9a-f]{32}$/);
    } catch (error) {
      assert.ok(error instanceof TypeError && /must be an object/.test(error.message), JSON.stringify(body));
    }
  }
});
