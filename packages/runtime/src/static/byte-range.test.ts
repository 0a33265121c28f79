// The Range header: right ones beside what Array.slice gives, and any other text.
import assert from "node:assert/strict";
import { it } from "node:test";
import { readRange } from "./byte-range.ts";

it("names the bytes that the header means", () => {
  for (let size = 0; size <= 5; size++) {
    const bytes = Array.from({ length: size }, (_, i) => i);
    const check = (header: string, expected: readonly number[]) => {
      const range = readRange(header, size);
      if (expected.length === 0) return assert.equal(range, "unsatisfiable", `${header} of ${size}`);
      assert.ok(range !== null && range !== "unsatisfiable", `${header} of ${size}`);
      assert.deepEqual(bytes.slice(range.start, range.end + 1), expected, `${header} of ${size}`);
    };
    for (let first = 0; first <= 7; first++) {
      check(`bytes=${first}-`, bytes.slice(first));
      for (let last = first; last <= 7; last++) check(`bytes=${first}-${last}`, bytes.slice(first, last + 1));
      check(`bytes=-${first}`, first === 0 ? [] : bytes.slice(-first));
    }
  }
});

it("takes any other text for no range, and never leaves the object", () => {
  const pieces = [
    "bytes",
    "=",
    "-",
    "0",
    "9",
    "99999999999999999999",
    " ",
    ",",
    "BYTES=",
    "x",
    "\0",
    "-1",
    "1e3",
    "+1",
    "",
  ];
  let state = 1;
  const next = (limit: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  for (let round = 0; round < 5_000; round++) {
    const header = Array.from({ length: next(7) }, () => pieces[next(pieces.length)]).join("");
    const range = readRange(header, 10);
    if (range === null || range === "unsatisfiable") continue;
    assert.ok(range.start >= 0 && range.start <= range.end && range.end < 10, `${header}: ${JSON.stringify(range)}`);
    assert.match(header, /^bytes=[ \t]*(\d+-\d*|-\d+)[ \t]*$/i);
  }
});
