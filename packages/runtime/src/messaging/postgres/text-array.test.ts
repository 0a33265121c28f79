// The binary form, byte by byte, as PostgreSQL's array_recv reads it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { textArray } from "./text-array.ts";

test("texts, null and nothing", () => {
  const bytes = [
    [0, 0, 0, 1],
    [0, 0, 0, 1],
    [0, 0, 0, 25],
    [0, 0, 0, 3],
    [0, 0, 0, 1],
    [0, 0, 0, 3, 0x61, 0xc3, 0xa4],
    [255, 255, 255, 255],
    [0, 0, 0, 0],
  ].flat();
  assert.deepEqual([...textArray(["aä", null, ""])], bytes);
  assert.deepEqual([...textArray([])], [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 25]);
  assert.equal(textArray(["a"]).readInt32BE(4), 0);
});
