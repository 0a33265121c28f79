import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { CHUNKED, responseText } from "./response-text.ts";

const withoutDate = (text: string) => text.replace(/^date: .*GMT\r\n/m, "");

describe("the head of an answer", () => {
  test("has the answer's headers, its length, a date and what becomes of the connection", () => {
    const headers = { "content-type": "text/plain", "set-cookie": ["a=1", "b=2"] };
    const text = responseText({ status: 201, headers, headerLines: "x-ready: yes\r\n", body: "" }, CHUNKED, false);
    assert.match(text, /^date: \w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d GMT\r\n/m);
    assert.equal(
      withoutDate(text),
      "HTTP/1.1 201 Created\r\ncontent-type: text/plain\r\nset-cookie: a=1\r\nset-cookie: b=2\r\nx-ready: yes\r\n" +
        "transfer-encoding: chunked\r\nconnection: keep-alive\r\nkeep-alive: timeout=65\r\n\r\n",
    );
  });

  test("of the last answer says so, whatever the answer says of its connection and its framing", () => {
    const headers = { connection: "keep-alive", "transfer-encoding": "gzip", "content-length": "9", date: "now" };
    assert.equal(
      responseText({ status: 200, headers, body: "" }, "content-length: 0\r\n", true),
      "HTTP/1.1 200 OK\r\ndate: now\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
    );
  });

  test("has words for every status", () => {
    const lineOf = (status: number, statusText?: string) =>
      responseText(
        { status, ...(statusText === undefined ? {} : { statusText }), headers: {}, body: "" },
        "",
        true,
      ).split("\r\n")[0];
    assert.deepEqual(
      [lineOf(404), lineOf(299), lineOf(200, "Fine"), lineOf(200, "")],
      ["HTTP/1.1 404 Not Found", "HTTP/1.1 299 unknown", "HTTP/1.1 200 Fine", "HTTP/1.1 200 "],
    );
  });

  const wrong: readonly [string, Record<string, string | string[]>][] = [
    ["a line break in a value", { a: "b\r\nc: d" }],
    ["a NUL in a value", { a: "\0" }],
    ["a character beyond latin1", { a: "\u0141" }],
    ["a line break in one of several values", { a: ["b", "c\n"] }],
    ["a space in a name", { "a b": "c" }],
    ["a colon in a name", { "a:": "c" }],
    ["a name beyond ASCII", { "\u0141": "c" }],
    ["a name of nothing", { "": "c" }],
  ];
  for (const [name, headers] of wrong) {
    test(`refuses ${name}`, () => {
      assert.throws(() => responseText({ status: 200, headers, body: "" }, "", false), TypeError);
    });
  }

  test("refuses a line break in the words of a status", () => {
    assert.throws(
      () => responseText({ status: 200, statusText: "a\r\nb", headers: {}, body: "" }, "", false),
      TypeError,
    );
  });
});
