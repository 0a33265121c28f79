// What a gateway hands on of a request and of an answer.
import assert from "node:assert/strict";
import test from "node:test";
import { passAnswerHeaders, passRequestHeaders } from "./pass-headers.ts";

test("what belongs to the connection stays behind, also what `connection` names", () => {
  const headers = {
    connection: "close, X-Hop",
    "x-hop": "1",
    te: "trailers",
    accept: "*/*",
    "x-tenon-caller": "orders",
  };
  assert.deepEqual(passRequestHeaders(headers), { accept: "*/*" });
});

test("a client cannot take away what the gateway says about it", () => {
  const headers = {
    connection: "x-forwarded-for, x-request-id",
    "x-forwarded-for": "203.0.113.7",
    "x-request-id": "r1",
  };
  assert.deepEqual(passRequestHeaders(headers), { "x-forwarded-for": "203.0.113.7", "x-request-id": "r1" });
});

test("of an answer, what the gateway says itself stays behind", () => {
  assert.deepEqual(passAnswerHeaders({ date: "now", "x-request-id": "r1", etag: '"1"' }), { etag: '"1"' });
});
