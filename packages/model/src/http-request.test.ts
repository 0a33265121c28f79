// Fields stand in the HTTP request where the graph says.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuthHandler, HttpMethod, Path, RequestField } from "./graph.ts";
import { placeRequest } from "./http-request.ts";

const path: Path = {
  pattern: "/books/:id/*rest",
  segments: [
    { kind: "literal", value: "books" },
    { kind: "param", name: "id" },
    { kind: "wildcard", name: "rest" },
  ],
};
const fields: RequestField[] = [
  { name: "id", in: "path", wireName: "id" },
  { name: "rest", in: "path", wireName: "rest" },
  { name: "limit", in: "query", wireName: "max" },
  { name: "tag", in: "header", wireName: "x-tag" },
  { name: "session", in: "cookie", wireName: "sid" },
  { name: "words", in: "body", wireName: "words" },
];
const endpoint = (methods: HttpMethod[]) => ({ methods, path, fields });
const request = {
  id: "a/b ü",
  rest: "c/d e",
  limit: [1, 2],
  tag: ["x", "y"],
  session: { value: "s;1", httpOnly: true },
  words: ["v", "w"],
  more: { a: 1 },
};

test("each field stands in its place, the others in the body", () => {
  assert.deepEqual(placeRequest(endpoint(["POST"]), { request }), {
    method: "POST",
    target: "/books/a%2Fb%20%C3%BC/c/d%20e?max=1&max=2",
    headers: { "x-tag": "x, y", cookie: "sid=s%3B1", "content-type": "application/json" },
    body: '{"words":["v","w"],"more":{"a":1}}',
  });
});

test("a method without a body has the fields of the body in the query", () => {
  const placed = placeRequest(endpoint(["GET", "POST"]), {
    request: { id: "1", rest: "", words: ["v"] },
    method: "GET",
  });
  assert.deepEqual(placed, { method: "GET", target: "/books/1/?words=v", headers: {} });
});

test("without a wish, a method is taken that can carry the fields", () => {
  assert.equal(placeRequest(endpoint(["GET", "PUT"]), {}).method, "PUT");
  assert.equal(placeRequest({ ...endpoint(["GET", "PUT"]), fields: [] }, {}).method, "GET");
});

test("who asks, and what is added as it is", () => {
  const handler: AuthHandler = {
    name: "auth",
    service: "users",
    params: { kind: "any" },
    fields: [
      { name: "authorization", in: "header", wireName: "authorization" },
      { name: "key", in: "query", wireName: "api-key" },
    ],
    data: { kind: "any" },
    location: { file: "a.ts", line: 1, column: 1 },
  };
  const parts = {
    auth: { auth: { authorization: "Bearer t", key: "k" } },
    query: "a=b",
    headers: { "Content-Type": "text/plain" },
    body: "plain",
  };
  assert.deepEqual(placeRequest({ ...endpoint(["POST"]), fields: [] }, parts, [handler]), {
    method: "POST",
    target: "/books//?a=b&api-key=k",
    headers: { authorization: "Bearer t", "content-type": "text/plain" },
    body: "plain",
  });
});
