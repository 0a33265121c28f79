import assert from "node:assert/strict";
import { test } from "node:test";
import { newSpanId, newTraceId } from "./ids.ts";
import { formatTraceparent, parseTraceparent } from "./trace-context.ts";

const VALID = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

test("a valid traceparent is read", () => {
  assert.deepEqual(parseTraceparent(VALID, "vendor=1"), {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    sampled: true,
    traceState: "vendor=1",
  });
});

test("what the specification calls invalid is as if there were none", () => {
  const invalid = [
    "",
    "00",
    VALID.toUpperCase(),
    ` ${VALID}`,
    `${VALID} `,
    `${VALID}\n`,
    `${VALID}-extra`,
    VALID.replace("00-", "ff-"),
    VALID.replace("00-", "0-"),
    VALID.replace("00-", "0g-"),
    VALID.replace("4bf92f3577b34da6a3ce929d0e0e4736", "0".repeat(32)),
    VALID.replace("00f067aa0ba902b7", "0".repeat(16)),
    VALID.replace("4bf9", "4bf"),
    VALID.replace("-01", "-1"),
    VALID.replace("-01", "-0x"),
    VALID.replaceAll("-", "_"),
    `${VALID}, ${VALID}`,
    VALID.replace("00-", "01-").concat(".what"),
  ];
  for (const header of invalid) assert.equal(parseTraceparent(header), undefined, JSON.stringify(header));
  assert.equal(parseTraceparent(undefined, "vendor=1"), undefined);
});

test("later versions are read like version 00, with or without more behind it", () => {
  for (const header of [VALID.replace("00-", "01-"), `${VALID.replace("00-", "fe-")}-more-of-it`]) {
    assert.equal(parseTraceparent(header)?.spanId, "00f067aa0ba902b7", header);
  }
});

test("only the sampled flag counts, whatever other flags are set", () => {
  for (let flags = 0; flags < 256; flags++) {
    const header = VALID.replace(/01$/, flags.toString(16).padStart(2, "0"));
    assert.equal(parseTraceparent(header)?.sampled, flags % 2 === 1, header);
  }
});

test("a tracestate that could break a header or is too long is dropped, the trace is not", () => {
  for (const state of ["a=1\r\nx-evil: 1", "a=\u0000", "a=ü", "", "a=".padEnd(5000, "x")]) {
    assert.deepEqual(parseTraceparent(VALID, state), parseTraceparent(VALID), JSON.stringify(state.slice(0, 20)));
  }
});

test("property: what is formatted is read back", () => {
  for (let run = 0; run < 5000; run++) {
    const context = { traceId: newTraceId(), spanId: newSpanId(), sampled: run % 3 === 0, traceState: undefined };
    assert.deepEqual(parseTraceparent(formatTraceparent(context)), context);
  }
});

test("property: a header with any one character changed is refused, or says something valid", () => {
  const alphabet = "0123456789abcdefABCDEFg-_ \n\u0000é";
  for (let position = 0; position < VALID.length; position++) {
    for (const character of alphabet) {
      const header = VALID.slice(0, position) + character + VALID.slice(position + 1);
      const context = parseTraceparent(header);
      const isStillHex = /^[0-9a-f]$/.test(character) && VALID[position] !== "-";
      const isDash = character === "-" && VALID[position] === "-";
      assert.equal(context !== undefined, isStillHex || isDash, JSON.stringify(header));
    }
  }
});
