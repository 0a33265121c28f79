// What streams put on the wire besides JSON: close frames, headers in subprotocols, events, frames between services.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { APIError } from "../call/api-error.ts";
import { RequestError } from "../call/request-error.ts";
import { closeCodeOf, closeReasonOf } from "./close-code.ts";
import { type FrameKind, internalFraming, publicFraming } from "./framing.ts";
import { offeredProtocols, withProtocolHeaders } from "./protocol-headers.ts";
import { writeEvent } from "./server-event.ts";

describe("close frames", () => {
  const codes: readonly [error: APIError, code: number][] = [
    [APIError.notFound("x"), 4404],
    [APIError.unauthenticated("x"), 4401],
    [APIError.canceled("x"), 4499],
    [new RequestError("message_too_large", { endpoint: "a.b" }), 4413],
    [APIError.internal("x"), 1011],
    [APIError.unavailable("x"), 1011],
  ];
  for (const [error, code] of codes) it(`${error.code}: ${code}`, () => assert.equal(closeCodeOf(error), code));

  it("have a reason that fits, in whole characters", () => {
    assert.equal(closeReasonOf(APIError.notFound("no such room")), '{"code":"not_found","message":"no such room"}');
    for (const text of ["x", "ü", "👩‍👩‍👧", '"', "\n"]) {
      const reason = closeReasonOf(APIError.notFound(text.repeat(500)));
      assert.ok(Buffer.byteLength(reason) <= 123);
      assert.ok(Buffer.byteLength(reason) > 110);
      assert.match((JSON.parse(reason) as { message: string }).message, /^\P{Surrogate}+$/u);
    }
  });
});

describe("headers in a subprotocol", () => {
  const named = (prefix: string, value: unknown) =>
    prefix + Buffer.from(typeof value === "string" ? value : JSON.stringify(value)).toString("base64url");
  const read = (...protocols: string[]) =>
    withProtocolHeaders({ authorization: "before", "sec-websocket-protocol": protocols.join(", ") });

  it("are headers like any other, under both prefixes", () => {
    const headers = read(
      "encore-ws",
      named("encore.dev.headers.", { Authorization: "Bearer t" }),
      named("tenon.headers.", { "x-a": "1" }),
    );
    assert.equal(headers["authorization"], "Bearer t");
    assert.equal(headers["x-a"], "1");
    assert.deepEqual(offeredProtocols(headers), ["encore-ws"]);
    assert.equal(read("encore-ws")["authorization"], "before");
  });

  const refused: readonly [name: string, value: unknown][] = [
    ["what browsers set", { Cookie: "a=b" }],
    ["what the handshake is made of", { "Sec-WebSocket-Key": "x" }],
    ["what only the gateway says", { "X-Forwarded-For": "1.2.3.4" }],
    ["what only processes of the app say", { "x-tenon-credential": "x" }],
    ["a trace of somebody else", { traceparent: "00-1-1-01" }],
    ["a value of two lines", { "x-a": "1\r\nx-b: 2" }],
    ["a value that is no text", { "x-a": 1 }],
    ["a name that is none", { "x a": "1" }],
    ["a list", ["x-a"]],
    ["null", null],
    ["no JSON", "{"],
  ];
  for (const [name, value] of refused) {
    it(`refuse ${name}`, () =>
      assert.throws(() => read(named("encore.dev.headers.", value)), { code: "invalid_argument" }));
  }
});

describe("events", () => {
  it("are written line by line", () => {
    assert.equal(
      writeEvent("a.b", { data: '{"a":1}', event: "tick", id: "7", retryMs: 10.4 }),
      'retry: 10\nid: 7\nevent: tick\ndata: {"a":1}\n\n',
    );
    assert.equal(writeEvent("a.b", { data: "1" }), "data: 1\n\n");
  });

  it("cannot be told apart from others by what is in them", () => {
    for (const text of ["a\nid: 1", "a\r", "a\u0000", 7 as unknown as string]) {
      assert.throws(() => writeEvent("a.b", { data: "1", id: text }), { name: "ContractError" });
      assert.throws(() => writeEvent("a.b", { data: "1", event: text }), { name: "ContractError" });
    }
  });
});

describe("frames", () => {
  it("between services say what they are", () => {
    const kinds: FrameKind[] = ["handshake", "opened", "message", "end", "response", "error"];
    for (const kind of kinds) {
      assert.deepEqual(internalFraming.read(internalFraming.write({ kind, text: "{}" })!), { kind, text: "{}" });
    }
    assert.equal(internalFraming.read(""), undefined);
    assert.equal(internalFraming.read('{"a":1}'), undefined);
  });

  it("towards the public are JSON and nothing else", () => {
    assert.deepEqual(publicFraming.read("1"), { kind: "message", text: "1" });
    assert.deepEqual(publicFraming.read(""), { kind: "end", text: "" });
    assert.equal(publicFraming.write({ kind: "message", text: "1" }), "1");
    assert.equal(publicFraming.write({ kind: "error", text: "{}" }), undefined);
  });
});
