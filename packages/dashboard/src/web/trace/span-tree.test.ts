import assert from "node:assert/strict";
import { test } from "node:test";
import type { Span } from "@tenon/model";
import { failedTrace, orderTrace, partialTrace, refusedTrace } from "../sample-app/sample-traces.ts";
import { seededRandom } from "../sample-app/seeded-random.ts";
import { buildSpanTree, type SpanNode, visibleRows } from "./span-tree.ts";

const START = 1_800_000_000_000;

function spanAt(spanId: string, parentSpanId: string | null, from: number, to: number): Span {
  return {
    traceId: "1".repeat(32),
    spanId,
    parentSpanId,
    service: "a",
    name: spanId,
    kind: "internal",
    startedAt: from,
    durationMs: to - from,
    status: "unset",
    attributes: {},
    events: [],
  };
}

const outline = (nodes: readonly SpanNode[]) =>
  visibleRows(nodes, new Set()).map((node) => `${"  ".repeat(node.depth)}${node.span.name}`);

test("an order's spans become the tree of who asked whom", () => {
  assert.deepEqual(outline(buildSpanTree(orderTrace(1, START).spans).roots), [
    "POST /orders",
    "  orders.create",
    "    users.get",
    "      users.get",
    "        SELECT users",
    "    products.reserve",
    "      products.reserve",
    "        BEGIN",
    "        UPDATE products",
    "        COMMIT",
    "    INSERT orders",
  ]);
});

test("own time is what no child covers, overlaps counted once", () => {
  const spans = [
    spanAt("top", null, 0, 100),
    spanAt("b", "top", 30, 50),
    spanAt("a", "top", 10, 40),
    spanAt("late", "top", 90, 120),
  ];
  const top = buildSpanTree(spans).roots[0];
  assert.deepEqual(top?.selfPieces, [
    [0, 10],
    [50, 90],
  ]);
  assert.equal(top?.selfMs, 50);
});

test("a span without its parent is a root marked as partial", () => {
  const tree = buildSpanTree(partialTrace(1, START).spans);
  assert.deepEqual(
    tree.roots.map((root) => [root.span.name, root.missingParent]),
    [
      ["users.get", true],
      ["products.reserve", true],
      ["INSERT orders", true],
    ],
  );
  assert.equal(tree.missingParents, 3);
});

test("a problem is shown where it began", () => {
  const problems = (spans: readonly Span[]) =>
    visibleRows(buildSpanTree(spans).roots, new Set())
      .filter((node) => node.problemOrigin !== undefined)
      .map((node) => [node.span.name, node.problemOrigin]);
  assert.deepEqual(problems(failedTrace(1, START).spans), [["UPDATE products", "deadlock detected"]]);
  assert.deepEqual(problems(refusedTrace(1, START).spans), [["users.get", "not_found: there is no user nobody"]]);
  assert.deepEqual(problems(orderTrace(1, START).spans), []);
});

test("folding a span hides what is below it, and only that", () => {
  const { roots } = buildSpanTree([
    spanAt("a", null, 0, 9),
    spanAt("b", "a", 1, 2),
    spanAt("c", "b", 1, 2),
    spanAt("d", "a", 3, 4),
  ]);
  assert.deepEqual(
    visibleRows(roots, new Set(["b"])).map((node) => node.span.name),
    ["a", "b", "d"],
  );
  assert.equal(roots[0]?.descendants, 3);
});

test("no spans, no tree", () => {
  assert.deepEqual(buildSpanTree([]), { roots: [], startedAt: 0, durationMs: 0, missingParents: 0 });
});

test("whatever arrives, every span is shown exactly once and own time stays within its span", () => {
  for (let seed = 1; seed <= 500; seed += 1) {
    const random = seededRandom(seed);
    const spans = Array.from({ length: random.integer(30) }, () => {
      // Ids collide, parents are missing, cycles and children outside of their parents happen.
      const from = random.integer(100);
      const parent = random.integer(4) === 0 ? null : String(random.integer(40));
      return spanAt(String(random.integer(35)), parent, from, from + random.integer(50));
    });
    const rows = visibleRows(buildSpanTree(spans).roots, new Set());
    const shown = rows.map((node) => node.span.spanId).sort();
    assert.deepEqual(shown, [...new Set(spans.map((span) => span.spanId))].sort(), `seed ${seed}`);
    for (const node of rows) {
      assert.ok(node.selfMs >= 0 && node.selfMs <= node.span.durationMs, `seed ${seed}, span ${node.span.spanId}`);
    }
  }
});
