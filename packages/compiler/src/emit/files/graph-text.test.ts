import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { graphText } from "./graph-text.ts";

const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [
    { name: "a", directory: "a", endpoints: [], calls: [], databases: [], secrets: [] },
    { name: "b", directory: "b", endpoints: [], calls: [], databases: [], secrets: ["K"] },
  ],
  databases: [],
  secrets: [{ name: "K", services: ["b"], location: { file: "b/b.ts", line: 1, column: 1 } }],
  schemas: { 'Odd "name"': { kind: "string" }, T: { kind: "ref", name: 'Odd "name"' } },
};

test("the text is the graph, one thing a line", () => {
  const text = graphText(graph);
  assert.deepEqual(JSON.parse(text), graph);
  assert.equal(text.split("\n").filter((line) => line.startsWith('{"name":"')).length, 3);
});

test("an empty graph is one too", () => {
  const empty: Graph = { ...graph, services: [], secrets: [], schemas: {} };
  assert.deepEqual(JSON.parse(graphText(empty)), empty);
});
