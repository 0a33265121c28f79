// Differences of resources: which, and where inside.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { diffResources } from "./diff-resources.ts";

const diff = (before: Record<string, unknown>, after: Record<string, unknown>) =>
  diffResources(new Map(Object.entries(before)), new Map(Object.entries(after)));

describe("diffResources", () => {
  it("tells what is new and what is gone", () => {
    assert.deepEqual(diff({ "service/a": { image: "x" } }, { "volume/b": {} }), [
      { kind: "removed", id: "service/a" },
      { kind: "added", id: "volume/b" },
    ]);
  });

  it("tells where something has changed", () => {
    const before = { "service/a": { image: "x:1", ports: [80, 81], labels: { a: "1" } } };
    const after = { "service/a": { image: "x:2", ports: [80], labels: { a: "1", b: null } } };
    assert.deepEqual(diff(before, after), [
      {
        kind: "changed",
        id: "service/a",
        places: [
          { path: "image", before: '"x:1"', after: '"x:2"' },
          { path: "ports[1]", before: "81", after: undefined },
          { path: "labels.b", before: undefined, after: "null" },
        ],
      },
    ]);
  });

  it("takes what is the same but for its name as renamed", () => {
    const of = (name: string) => ({ [`service/${name}`]: { image: `shop/${name}`, labels: { unit: name } } });
    assert.deepEqual(diff(of("orders"), of("sales")), [{ kind: "renamed", id: "service/orders", to: "service/sales" }]);
  });

  it("finds nothing where nothing has changed", () => {
    assert.deepEqual(diff({ a: { b: [1, { c: 2 }] } }, { a: { b: [1, { c: 2 }] } }), []);
  });
});
