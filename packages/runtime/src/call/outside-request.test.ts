// A header asked for by its name says the same as the record of all headers: at the gateway, and at a process behind one.
import assert from "node:assert/strict";
import type { IncomingMessage, ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { NodeRequest } from "./node-request.ts";
import { OutsideRequest, PassedOnRequest } from "./outside-request.ts";
import { RawHttpRequest } from "./raw-http-request.ts";

const NAMES = [
  "host",
  "cookie",
  "accept",
  "set-cookie",
  "x-own",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-forwarded-port",
  "x-request-id",
  "x-tenon-caller",
  "x-tenon-credential",
  "constructor",
];
const VALUES = ["", "1", "a.example", "10.0.0.9, 10.0.0.8", "https"];

/** As node:http gives it. */
function requestWith(headers: Record<string, string | string[]>): NodeRequest {
  const message = { method: "GET", url: "/a?b=1", httpVersion: "1.1", socket: { remoteAddress: "127.0.0.1" }, headers };
  return new NodeRequest(message as unknown as IncomingMessage, {} as ServerResponse, false);
}

/** Every other name, with each of the values in turn. */
function* headerSets(): Generator<Record<string, string | string[]>> {
  for (let set = 0; set < 2 ** NAMES.length; set += 7) {
    const headers: Record<string, string | string[]> = {};
    for (const [index, name] of NAMES.entries()) {
      if ((set & (1 << index)) === 0) continue;
      const value = VALUES[(set + index) % VALUES.length]!;
      headers[name] = name === "set-cookie" ? [value, value] : value;
    }
    yield headers;
  }
}

describe("a request from outside", () => {
  for (const [where, Kind] of [
    ["at the gateway", OutsideRequest],
    ["passed on by one", PassedOnRequest],
  ] as const) {
    it(`says the same by name and as a whole, ${where}`, () => {
      let seen = 0;
      for (const headers of headerSets()) {
        const outside = new Kind(requestWith(headers), [], { requestId: "the id" });
        const all = new RawHttpRequest("GET", [], "", outside.headers, undefined);
        for (const name of NAMES) {
          const value = outside.header(name);
          assert.equal(value, all.header(name), `${name} of ${JSON.stringify(headers)}`);
          if (value !== undefined) seen++;
        }
      }
      assert.ok(seen > 1_000);
    });
  }

  it("hides what processes of the app say to each other, and says where it comes from", () => {
    const request = requestWith({
      host: "a",
      "x-tenon-caller": "orders",
      "x-forwarded-for": "10.0.0.9",
      "x-request-id": "forged",
    });
    const outside = new OutsideRequest(request, [], { requestId: "the id" });
    assert.equal(outside.header("x-tenon-caller"), undefined);
    assert.equal(outside.header("x-forwarded-for"), "10.0.0.9, 127.0.0.1");
    assert.equal(outside.header("x-forwarded-host"), "a");
    assert.equal(outside.header("x-request-id"), "the id");
    assert.equal(new PassedOnRequest(request, [], { requestId: "the id" }).header("x-forwarded-for"), "10.0.0.9");
  });
});
