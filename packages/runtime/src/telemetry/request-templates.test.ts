import assert from "node:assert/strict";
import { test } from "node:test";
import { RequestTemplates } from "./request-templates.ts";

test("a route and method have one template, named by both; without a route the method alone is the name", () => {
  const templates = new RequestTemplates();
  const routed = templates.of("GET", "/users/:id");
  assert.equal(templates.of("GET", "/users/:id"), routed);
  assert.equal(routed.name, "GET /users/:id");
  assert.equal(routed.attributes["http.route"], "/users/:id");
  const unrouted = templates.of("GET", undefined);
  assert.equal(unrouted.name, "GET");
  assert.equal("http.route" in unrouted.attributes, false);
});

test("methods that somebody makes up are not kept without end", () => {
  const templates = new RequestTemplates();
  for (let count = 0; count < 50; count++) templates.of(`KEPT${count}`, undefined);
  assert.equal(templates.of("KEPT0", undefined), templates.of("KEPT0", undefined));
  assert.notEqual(templates.of("MORE", undefined), templates.of("MORE", undefined));
  assert.equal(templates.of("MORE", undefined).name, "MORE");
});
