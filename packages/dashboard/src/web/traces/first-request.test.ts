import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import type { Endpoint, Graph } from "@tenon/model";
import { sampleGraph } from "../sample-app/sample-graph.ts";
import { curlLine, firstRequest } from "./first-request.ts";

const orders = sampleGraph.services[0];
const create = orders?.endpoints[0] as Endpoint;

test("the simplest public endpoint is offered", () => {
  assert.deepEqual(firstRequest(sampleGraph, "http://127.0.0.1:4000"), {
    service: "products",
    endpoint: "list",
    command: "curl http://127.0.0.1:4000/products",
  });
});

test("an app without a public endpoint has no first request", () => {
  const services = sampleGraph.services.map((service) => ({
    ...service,
    endpoints: service.endpoints.map((endpoint) => ({ ...endpoint, expose: false })),
  }));
  assert.equal(firstRequest({ ...sampleGraph, services }, "http://x"), undefined);
});

test("a body is filled in with values of its type", () => {
  assert.equal(
    curlLine(create, sampleGraph.schemas, "http://127.0.0.1:4000/"),
    `curl http://127.0.0.1:4000/orders -H 'content-type: application/json' -d '{"userId":"1","lines":[{"productId":"1","quantity":1}]}'`,
  );
});

test("a shell hands the line's words over unchanged", () => {
  const request = {
    kind: "object",
    properties: [{ name: "say", optional: false, schema: { kind: "literal", value: `it's "$HOME" \\ \`date\`` } }],
  } as const;
  const endpoint: Endpoint = { ...create, request, fields: [{ name: "say", in: "body", wireName: "say" }] };
  const line = curlLine(endpoint, {}, "http://x").replace(/^curl/, "printf '%s\\n'");
  const words = execFileSync("sh", ["-c", line], { encoding: "utf8" }).trim().split("\n");
  assert.deepEqual(JSON.parse(words.at(-1) ?? ""), { say: `it's "$HOME" \\ \`date\`` });
});

test("a type that contains itself ends", () => {
  const schemas: Graph["schemas"] = {
    Node: { kind: "object", properties: [{ name: "next", optional: false, schema: { kind: "ref", name: "Node" } }] },
  };
  const endpoint: Endpoint = {
    ...create,
    request: { kind: "ref", name: "Node" },
    fields: [{ name: "next", in: "body", wireName: "next" }],
  };
  assert.match(curlLine(endpoint, schemas, "http://x"), /null/);
});
