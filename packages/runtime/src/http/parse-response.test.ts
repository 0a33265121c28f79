import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { FramingError } from "./framing-error.ts";
import { type ResponseHandler, type ResponseHead, ResponseParser } from "./parse-response.ts";

interface Seen {
  status: number;
  text: string;
  headers: Record<string, unknown>;
  keepAlive: boolean;
  bodySizeBytes: number | null;
  body: string;
  trailers: Record<string, string> | undefined;
}

class Collector implements ResponseHandler {
  readonly seen: Seen[] = [];
  readonly interim: number[] = [];
  readonly expected: "body" | "no body";

  constructor(expected: "body" | "no body") {
    this.expected = expected;
  }

  expectedBody(): "body" | "no body" {
    return this.expected;
  }

  onInterim(status: number): void {
    this.interim.push(status);
  }

  onHead(head: ResponseHead): void {
    const { status, statusText: text, keepAlive, bodySizeBytes } = head;
    this.seen.push({
      status,
      text,
      headers: { ...head.headers },
      keepAlive,
      bodySizeBytes,
      body: "",
      trailers: undefined,
    });
  }

  onBodyPart(part: Buffer): void {
    assert.ok(part.length > 0);
    this.seen.at(-1)!.body += part.toString("latin1");
  }

  onEnd(trailers: Readonly<Record<string, string>>): void {
    this.seen.at(-1)!.trailers = { ...trailers };
  }
}

function read(text: string, sizeBytes = text.length, expected: "body" | "no body" = "body"): Collector {
  const collector = new Collector(expected);
  const parser = new ResponseParser(collector, 1024);
  const bytes = Buffer.from(text, "latin1");
  for (let at = 0; at < bytes.length; at += sizeBytes) parser.push(bytes.subarray(at, at + sizeBytes));
  parser.finish();
  return collector;
}

const answers = [
  "HTTP/1.1 100 Continue\r\n\r\n",
  'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length: 7\r\nset-cookie: a\r\nset-cookie: b\r\n\r\n{"a":1}',
  "HTTP/1.1 204 \r\n\r\n",
  'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3;x="y;z"\r\nabc\r\n0A\r\n0123456789\r\n0\r\nx-sum: 13\r\n\r\n',
  "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
].join("");

describe("answers on one connection", () => {
  for (const sizeBytes of [1, 2, 3, 7, 64, answers.length]) {
    test(`in pieces of ${sizeBytes} bytes`, () => {
      const { seen, interim } = read(answers, sizeBytes);
      assert.deepEqual(interim, [100]);
      assert.deepEqual(
        seen.map(({ status, text, keepAlive, bodySizeBytes, body, trailers }) => [
          status,
          text,
          keepAlive,
          bodySizeBytes,
          body,
          trailers,
        ]),
        [
          [200, "OK", true, 7, '{"a":1}', {}],
          [204, "", true, 0, "", {}],
          [200, "OK", true, null, "abc0123456789", { "x-sum": "13" }],
          [404, "Not Found", false, 0, "", {}],
        ],
      );
      assert.deepEqual(seen[0]!.headers["set-cookie"], ["a", "b"]);
    });
  }

  test("an answer to HEAD has no body, whatever it announces", () => {
    const text = "HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\n";
    assert.deepEqual(
      read(text + text, 5, "no body").seen.map(({ trailers, body }) => [body, trailers]),
      [
        ["", {}],
        ["", {}],
      ],
    );
  });

  test("without length or chunks the body ends with the connection", () => {
    const [answer] = read("HTTP/1.1 200 OK\r\n\r\nall of it", 4).seen;
    assert.deepEqual([answer!.body, answer!.keepAlive, answer!.trailers], ["all of it", false, {}]);
  });
});

const refused: readonly [string, string, string][] = [
  ["not HTTP", "SSH-2.0-OpenSSH\r\n\r\n", "status-line"],
  ["HTTP/2", "HTTP/2.0 200 OK\r\n\r\n", "version"],
  ["a status of two digits", "HTTP/1.1 20 OK\r\n\r\n", "status-line"],
  ["no space behind the status", "HTTP/1.1 200\r\n\r\n", "status-line"],
  ["an upgrade nobody asked for", "HTTP/1.1 101 Switching\r\n\r\n", "status-line"],
  ["bare LF", "HTTP/1.1 200 OK\ncontent-length: 0\n\n", "status-line"],
  ["LF alone behind a header", "HTTP/1.1 200 OK\r\na: b\n\r\n", "line-end"],
  ["a folded header", "HTTP/1.1 200 OK\r\na: b\r\n c\r\n\r\n", "folded-field"],
  ["a space before the colon", "HTTP/1.1 200 OK\r\na : b\r\n\r\n", "field-name"],
  ["length and chunks", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n", "two-framings"],
  ["two lengths", "HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 1\r\n\r\n", "repeated-length"],
  ["a signed length", "HTTP/1.1 200 OK\r\ncontent-length: +1\r\n\r\n", "length"],
  ["chunked twice", "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked, chunked\r\n\r\n", "transfer-encoding"],
  [
    "a chunk size with 0x",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0x1\r\na\r\n0\r\n\r\n",
    "chunk-extension",
  ],
  [
    "a chunk that is too long",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n",
    "chunk-end",
  ],
  [
    "a length among the trailers",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\ncontent-length: 1\r\n\r\n",
    "trailer-field",
  ],
  ["a head without end", `HTTP/1.1 200 OK\r\na: ${"x".repeat(2000)}`, "head-size"],
  [
    "bytes behind the last answer",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\nHTTP/1.1",
    "status-line",
  ],
  ["an answer that breaks off", "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nabc", "incomplete"],
  ["a head that breaks off", "HTTP/1.1 200 OK\r\n", "incomplete"],
];

describe("answers with the same head", () => {
  const answer = (body: string, fields = "x-a: 1\r\n") =>
    `HTTP/1.1 200 OK\r\n${fields}content-length: ${body.length}\r\n\r\n${body}`;
  const same = [
    answer("one"),
    answer("two"),
    answer("three"),
    answer("four", "x-a: 2\r\n"),
    answer("six", "x-a: 1\r\n"),
    answer(""),
    answer(""),
    answer("end", "connection: close\r\n"),
  ].join("");

  for (const sizeBytes of [1, 3, 50, same.length]) {
    test(`are read as if each were the first, in pieces of ${sizeBytes} bytes`, () => {
      const { seen } = read(same, sizeBytes);
      assert.deepEqual(
        seen.map(({ headers, body, keepAlive }) => [headers["x-a"], headers["content-length"], body, keepAlive]),
        [
          ["1", "3", "one", true],
          ["1", "3", "two", true],
          ["1", "5", "three", true],
          ["2", "4", "four", true],
          ["1", "3", "six", true],
          ["1", "0", "", true],
          ["1", "0", "", true],
          [undefined, "3", "end", false],
        ],
      );
    });
  }

  test("end with their head where they answer HEAD", () => {
    assert.equal(read(answer("one").slice(0, -3).repeat(3), 1000, "no body").seen.length, 3);
  });
});

describe("refused answers", () => {
  for (const [name, text, rule] of refused) {
    for (const sizeBytes of [1, text.length]) {
      test(`${name}, in pieces of ${sizeBytes}`, () => {
        assert.throws(
          () => read(text, sizeBytes),
          (error) => error instanceof FramingError && error.rule === rule,
        );
      });
    }
  }
});
