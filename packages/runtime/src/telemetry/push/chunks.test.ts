import assert from "node:assert/strict";
import { it } from "node:test";
import { chunksOf } from "./chunks.ts";

it("chunks have at most so many items and so many bytes, in order", () => {
  const cut = (items: number, bytes: number) => chunksOf([3, 3, 4, 9, 1], { items, bytes }, (size) => size);
  assert.deepEqual(cut(2, 100), [[3, 3], [4, 9], [1]]);
  assert.deepEqual(cut(9, 10), [
    [3, 3, 4],
    [9, 1],
  ]);
  assert.deepEqual(cut(9, 5), [[3], [3], [4], [9], [1]]);
  assert.deepEqual(
    chunksOf([], { items: 1, bytes: 1 }, () => 1),
    [],
  );
});
