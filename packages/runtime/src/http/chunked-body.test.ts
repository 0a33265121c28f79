import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { ChunkedBody } from "./chunked-body.ts";
import { FramingError, type FramingRule } from "./framing-error.ts";

const TRAILER_LIMIT_BYTES = 256;

/** What is read when the bytes come in pieces of that size; `end` is where the body ended in the last one. */
function read(text: string, pieceBytes: number): { body: string; rest: string; trailers: object; isDone: boolean } {
  const chunked = new ChunkedBody(TRAILER_LIMIT_BYTES);
  let body = "";
  let rest = "";
  const sink = {
    onBodyPart(part: Buffer): void {
      assert.ok(part.length > 0);
      body += part.toString("latin1");
    },
  };
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    const piece = bytes.subarray(at, at + pieceBytes);
    const end = chunked.isDone ? 0 : chunked.read(piece, 0, sink);
    rest += piece.toString("latin1", end);
  }
  return { body, rest, trailers: { ...chunked.trailers }, isDone: chunked.isDone };
}

const taken: readonly [string, string, string, object][] = [
  ["nothing", "0\r\n\r\n", "", {}],
  ["chunks", "3\r\nabc\r\nA\r\n0123456789\r\n0\r\n\r\n", "abc0123456789", {}],
  ["zeros in front of a size", "003\r\nabc\r\n000\r\n\r\n", "abc", {}],
  ["line ends as data", "4\r\n\r\n\r\n\r\n0\r\n\r\n", "\r\n\r\n", {}],
  ["extensions", '1;a\r\nx\r\n1;a=b;c="d;\\"\\r"\r\ny\r\n0;last\r\n\r\n', "xy", {}],
  ["trailers", "1\r\nx\r\n0\r\nX-Sum: 1\r\nx-more:  y \r\n\r\n", "x", { "x-sum": "1", "x-more": "y" }],
];

describe("a chunked body", () => {
  for (const [name, text, body, trailers] of taken) {
    for (const pieceBytes of [1, 2, 5, text.length + 3]) {
      test(`${name}, in pieces of ${pieceBytes}`, () => {
        assert.deepEqual(read(`${text}GET`, pieceBytes), { body, rest: "GET", trailers, isDone: true });
      });
    }
  }

  test("is not done before its last line", () => {
    const text = "1\r\nx\r\n0\r\na: b\r\n\r\n";
    for (let length = 1; length < text.length; length++) assert.equal(read(text.slice(0, length), 4).isDone, false);
  });
});

const refused: readonly [string, string, FramingRule][] = [
  ["no size", "\r\nx", "chunk-size"],
  ["a sign", "+1\r\nx\r\n", "chunk-size"],
  ["a space behind the size", "1 \r\nx\r\n", "chunk-extension"],
  ["LF alone behind the size", "1\nx\r\n", "chunk-size"],
  ["a size of too many digits", "1000000000000\r\n", "chunk-size"],
  ["LF alone behind the data", "1\r\nx\n0\r\n\r\n", "chunk-end"],
  ["more data than announced", "1\r\nxy\r\n", "chunk-end"],
  ["an extension without a name", "1;\r\nx\r\n", "chunk-extension"],
  ["an extension with a bare CR", "1;a\rb\r\nx\r\n", "chunk-extension"],
  ["an extension that is too long", `1;${"a".repeat(2000)}\r\nx\r\n`, "chunk-extension"],
  ["extensions that are too long together", `1;${"a".repeat(1000)}\r\nx\r\n`.repeat(20), "chunk-extension"],
  ["a trailer that is folded", "0\r\na: b\r\n c\r\n\r\n", "folded-field"],
  ["a trailer that frames", "0\r\nContent-Length: 1\r\n\r\n", "trailer-field"],
  ["trailers that are too long", `0\r\na: ${"b".repeat(300)}\r\n\r\n`, "head-size"],
];

describe("a chunked body that is refused", () => {
  for (const [name, text, rule] of refused) {
    for (const pieceBytes of [1, 3, text.length]) {
      test(`${name}, in pieces of ${pieceBytes}`, () => {
        assert.throws(
          () => read(text, pieceBytes),
          (error) => error instanceof FramingError && error.rule === rule,
        );
      });
    }
  }
});
