import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FramingError, type FramingRule } from "./framing-error.ts";
import { parseHead } from "./parse-head.ts";

const LIMIT_BYTES = 1024;
const parse = (text: string, from = 0) => parseHead(Buffer.from(text, "latin1"), from, LIMIT_BYTES);
const head = (line: string, ...fields: string[]) => `${[line, "Host: a.example:8080", ...fields].join("\r\n")}\r\n\r\n`;

describe("a head that is taken", () => {
  test("in pieces it is nothing until it is all there", () => {
    const text = head("GET /a/b?x=1&y=%20 HTTP/1.1", "Accept: */*");
    for (let length = 0; length < text.length; length++) assert.equal(parse(text.slice(0, length)), null, `${length}`);
    const request = parse(`${text}GET`);
    assert.deepEqual([request?.method, request?.path, request?.query], ["GET", "/a/b", "x=1&y=%20"]);
    assert.equal(request?.headSizeBytes, text.length);
    assert.equal(request?.needsNode, false);
  });

  test("names of headers are found in any case, values come without the space around them", () => {
    const request = parse(head("GET / HTTP/1.1", "X-Some_Name:\t a b \t", "x-none:", "X-NONE: late", "x-bytes: \xe4"))!;
    assert.equal(request.header("x-some_name"), "a b");
    assert.equal(request.header("x-some^name"), undefined);
    assert.equal(request.header("x-none"), ", late");
    assert.equal(request.header("x-bytes"), "\xe4");
    assert.equal(request.header("x-missing"), undefined);
  });

  test("repeated headers are what node:http makes of them", () => {
    const fields = ["a: 1", "A: 2", "cookie: x=1", "cookie: y=2", "age: 1", "age: 2", "set-cookie: m", "set-cookie: n"];
    const request = parse(head("GET / HTTP/1.1", ...fields, "__proto__: p"))!;
    assert.deepEqual(
      { ...request.headers },
      Object.assign(Object.fromEntries([["__proto__", "p"]]), {
        host: "a.example:8080",
        a: "1, 2",
        cookie: "x=1; y=2",
        age: "1",
        "set-cookie": ["m", "n"],
      }),
    );
    assert.equal(request.header("a"), "1, 2");
    assert.equal(request.header("cookie"), "x=1; y=2");
    assert.equal(request.header("age"), "1");
  });

  test("one empty line in front is skipped and counted", () => {
    const text = `\r\n${head("GET / HTTP/1.1")}`;
    assert.equal(parse(text)?.headSizeBytes, text.length);
    assert.equal(parse(`xyz${text}`, 3)?.path, "/");
  });

  const targets: readonly [string, string, string, string][] = [
    ["GET", "/", "/", ""],
    ["GET", "/?", "/", ""],
    ["GET", "/a??b", "/a", "?b"],
    ["GET", "//a/../b", "//a/../b", ""],
    ["GET", "http://other.example/p?q", "/p", "q"],
    ["GET", "HTTPS://other.example", "/", ""],
    ["GET", "http://other.example?q", "/", "q"],
    ["OPTIONS", "*", "*", ""],
    ["GET", '/{a}|b?c="d"', "/{a}|b", 'c="d"'],
  ];
  for (const [method, target, path, query] of targets) {
    test(`target ${method} ${target}`, () => {
      const request = parse(head(`${method} ${target} HTTP/1.1`));
      assert.deepEqual([request?.path, request?.query], [path, query]);
    });
  }

  test("the size of a body is known, or that it comes in chunks", () => {
    const sized = parse(head("POST / HTTP/1.1", "Content-Length: 12"))!;
    assert.deepEqual([sized.bodySizeBytes, sized.hasBody], [12, true]);
    const chunked = parse(head("POST / HTTP/1.1", "Transfer-Encoding: Chunked"))!;
    assert.deepEqual([chunked.bodySizeBytes, chunked.hasBody], [null, true]);
    const none = parse(head("POST / HTTP/1.1", "content-length: 0"))!;
    assert.deepEqual([none.bodySizeBytes, none.hasBody], [0, false]);
  });

  for (const host of ["localhost", "", "127.0.0.1:80", "[::1]", "[::1]:3000", "a_b.example", "a:"]) {
    test(`host "${host}"`, () => {
      assert.equal(parse(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`)?.header("host"), host);
    });
  }
});

describe("what is left to Node", () => {
  const left: readonly [string, string][] = [
    ["a method that is seldom used", head("PROPFIND / HTTP/1.1")],
    ["a method in small letters", head("get / HTTP/1.1")],
    ["CONNECT", head("CONNECT a.example:443 HTTP/1.1")],
    ["HTTP/1.0", head("GET / HTTP/1.0")],
    ["HTTP/1.0 without a host", "GET / HTTP/1.0\r\n\r\n"],
    ["an upgrade", head("GET / HTTP/1.1", "Connection: keep-alive, Upgrade", "Upgrade: websocket")],
    ["an expectation", head("POST / HTTP/1.1", "expect: a miracle")],
  ];
  for (const [name, text] of left) test(name, () => assert.equal(parse(text)?.needsNode, true));

  test("an upgrade of nothing is none", () => {
    assert.equal(parse(head("GET / HTTP/1.1", "connection: upgrade"))?.needsNode, false);
  });
});

const refused: readonly [string, string, FramingRule][] = [
  ["two empty lines", `\r\n\r\n${head("GET / HTTP/1.1")}`, "empty-lines"],
  ["LF alone", "GET / HTTP/1.1\nhost: a\n\n", "request-line"],
  ["LF alone behind a header", "GET / HTTP/1.1\r\nhost: a\n\r\n", "line-end"],
  ["CR alone behind a header", "GET / HTTP/1.1\r\nhost: a\rb: c\r\n\r\n", "line-end"],
  ["an LF first", "\nGET / HTTP/1.1\r\n\r\n", "line-end"],
  ["a space first", " GET / HTTP/1.1\r\n\r\n", "method"],
  ["a TLS hello", "\x16\x03\x01\x02\x00\x01", "method"],
  ["two spaces", head("GET  / HTTP/1.1"), "target"],
  ["a target without a slash", head("GET a HTTP/1.1"), "target"],
  ["an asterisk for GET", head("GET * HTTP/1.1"), "target"],
  ["another scheme", head("GET ftp://a/ HTTP/1.1"), "target"],
  ["no authority", head("GET http:///a HTTP/1.1"), "target"],
  ["a fragment", head("GET /a#b HTTP/1.1"), "target"],
  ["a NUL in the target", head("GET /a\0b HTTP/1.1"), "target"],
  ["a byte beyond ASCII in the target", head("GET /\xe4 HTTP/1.1"), "target"],
  ["HTTP/0.9", "GET /\r\n\r\n", "target"],
  ["a space behind the version", head("GET / HTTP/1.1 "), "request-line"],
  ["small letters", head("GET / http/1.1"), "request-line"],
  ["HTTP/1.2", head("GET / HTTP/1.2"), "version"],
  ["HTTP/2", "PRI * HTTP/2.0\r\n\r\n", "version"],
  ["a version of two digits", head("GET / HTTP/1.10"), "request-line"],
  ["a folded header", head("GET / HTTP/1.1", "a: b", " c"), "folded-field"],
  ["a space before the colon", head("GET / HTTP/1.1", "a : b"), "field-name"],
  ["a name of nothing", head("GET / HTTP/1.1", ": b"), "field-name"],
  ["no colon", head("GET / HTTP/1.1", "abc"), "field-name"],
  ["a control in a value", head("GET / HTTP/1.1", "a: b\x01"), "field-value"],
  ["no host", "GET / HTTP/1.1\r\n\r\n", "host"],
  ["two hosts", head("GET / HTTP/1.1", "host: a.example:8080"), "host"],
  ["two hosts, HTTP/1.0", head("GET / HTTP/1.0", "host: b"), "host"],
  ["length and chunks", head("POST / HTTP/1.1", "content-length: 1", "transfer-encoding: chunked"), "two-framings"],
  ["two equal lengths", head("POST / HTTP/1.1", "content-length: 1", "content-length: 1"), "repeated-length"],
  ["lengths in a list", head("POST / HTTP/1.1", "content-length: 1, 1"), "length"],
  ["a length with a zero in front", head("POST / HTTP/1.1", "content-length: 01"), "length"],
  ["a length with a plus", head("POST / HTTP/1.1", "content-length: +1"), "length"],
  ["a length of nothing", head("POST / HTTP/1.1", "content-length:"), "length"],
  ["a length beyond counting", head("POST / HTTP/1.1", "content-length: 9007199254740993"), "length"],
  ["a tab behind an option of connection", head("GET / HTTP/1.1", "connection: close\t"), "connection"],
  ["a tab among the options of connection", head("GET / HTTP/1.1", "connection: close,\tx"), "connection"],
  ["another coding", head("POST / HTTP/1.1", "transfer-encoding: gzip, chunked"), "transfer-encoding"],
  [
    "chunked twice",
    head("POST / HTTP/1.1", "transfer-encoding: chunked", "transfer-encoding: chunked"),
    "transfer-encoding",
  ],
  ["chunks in HTTP/1.0", head("POST / HTTP/1.0", "transfer-encoding: chunked"), "old-chunked"],
  ["a head that is too large", head("GET / HTTP/1.1", `a: ${"b".repeat(LIMIT_BYTES)}`), "head-size"],
  ["a head that is too large and does not end", `GET /${"a".repeat(LIMIT_BYTES)}`, "head-size"],
];

describe("a head that is refused", () => {
  for (const [name, text, rule] of refused) {
    test(name, () => {
      assert.throws(
        () => parse(text),
        (error) => error instanceof FramingError && error.rule === rule,
      );
    });
  }

  for (const host of ["a b", "a,b", "a/b", "u@a", "a:b", "a:80:80", "[::1", "[]", "[::1]x", "a#b"]) {
    test(`host "${host}"`, () => {
      assert.throws(
        () => parse(`GET / HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
        (error) => error instanceof FramingError && error.rule === "host",
      );
    });
  }
});
