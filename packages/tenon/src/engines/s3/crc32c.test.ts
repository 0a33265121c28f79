// CRC-32C against its published check value, and in pieces.
import assert from "node:assert/strict";
import { it } from "node:test";
import { crc32c } from "./crc32c.ts";

it("has the check value of the algorithm", () => {
  assert.equal(crc32c(Buffer.from("123456789")), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
  assert.equal(crc32c(Buffer.alloc(0)), 0);
});

it("is the same however the bytes are cut", () => {
  const bytes = Buffer.from(Array.from({ length: 101 }, (_, i) => (i * 37) & 0xff));
  const whole = crc32c(bytes);
  for (let cut = 0; cut <= bytes.length; cut++)
    assert.equal(crc32c(bytes.subarray(cut), crc32c(bytes.subarray(0, cut))), whole);
});
