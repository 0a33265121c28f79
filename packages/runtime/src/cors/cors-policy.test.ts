// Which origins a setting means, and what is said about a request that is none of a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Cors, Graph } from "@tenon/model";
import { CorsPolicy } from "./cors-policy.ts";
import { OriginSet } from "./origin-set.ts";

const patterns: readonly [setting: string, origin: string, matches: boolean][] = [
  ["https://a.example", "https://a.example", true],
  ["https://A.example", "HTTPS://a.EXAMPLE", true],
  ["https://a.example", "http://a.example", false],
  ["https://a.example", "https://a.example:8443", false],
  ["https://*.a.example", "https://x.a.example", true],
  ["https://*.a.example", "https://x.y.a.example", true],
  ["https://*.a.example", "https://.a.example", false],
  ["https://*.a.example", "https://a.example", false],
  ["https://*.a.example", "https://x.a.example.evil.test", false],
  ["http://localhost:*", "http://localhost:5173", true],
  ["http://localhost:*", "http://localhost:", false],
  ["*", "null", true],
];

for (const [setting, origin, matches] of patterns) {
  test(`${setting} ${matches ? "means" : "does not mean"} ${origin}`, () => {
    assert.equal(new OriginSet([setting]).has(origin), matches);
  });
}

function policy(cors: Cors): CorsPolicy {
  const graph: Pick<Graph, "app" | "services" | "schemas"> = { app: { id: "x", cors }, services: [], schemas: {} };
  return new CorsPolicy(graph, { development: false });
}

test("an answer that has headers of its own keeps them", () => {
  const answer: Record<string, string | string[]> = { "access-control-allow-origin": "*", vary: "accept" };
  policy({}).apply({ origin: "https://a.example" }, answer);
  assert.deepEqual(answer, { "access-control-allow-origin": "*", vary: "accept, origin" });
});

test("a star among the headers allows those that are asked for, and stays out of sight with credentials", () => {
  const headers = {
    origin: "https://a.example",
    "access-control-request-method": "PUT",
    "access-control-request-headers": "x-anything, x-else",
  };
  const answer = policy({ allowHeaders: ["*"], allowOriginsWithCredentials: ["*"] }).preflight({
    method: "OPTIONS",
    headers,
  });
  assert.equal(answer?.headers["access-control-allow-headers"], "x-anything, x-else");
  assert.equal(answer?.headers["access-control-allow-origin"], "https://a.example");
  assert.equal(answer?.headers["access-control-allow-credentials"], "true");
});

test("what is no preflight is left to others", () => {
  const headers = { origin: "https://a.example" };
  assert.equal(policy({}).preflight({ method: "OPTIONS", headers }), undefined);
  assert.equal(
    policy({}).preflight({ method: "GET", headers: { ...headers, "access-control-request-method": "GET" } }),
    undefined,
  );
});
