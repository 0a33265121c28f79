import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Service } from "@tenon/model";
import { type BuildState, changedServices } from "./changed-services.ts";

function service(name: string, change: Partial<Service> = {}): Service {
  return { name, directory: name, endpoints: [], calls: [], databases: [], secrets: [], ...change };
}

function state(services: Service[], modules: Record<string, string>): BuildState {
  const graph: Graph = { version: 1, app: { id: "shop" }, services, databases: [], secrets: [], schemas: {} };
  const manifest = Object.fromEntries(
    services.map(({ name }) => [
      name,
      { bundle: modules[name] ?? "same", codecs: modules[`${name}.codecs`] ?? "same" },
    ]),
  );
  return { graph, manifest: { services: manifest } };
}

const orders = service("orders", { calls: [{ service: "users", endpoint: "get" }] });
const before = state([orders, service("stock"), service("users")], {});

test("the first build changes all", () =>
  assert.deepEqual(changedServices(null, before), ["orders", "stock", "users"]));

test("the same build changes none", () => assert.deepEqual(changedServices(before, before), []));

test("a new bundle concerns its service alone", () => {
  assert.deepEqual(changedServices(before, state([orders, service("stock"), service("users")], { users: "new" })), [
    "users",
  ]);
});

test("new codecs concern the callers as well", () => {
  const now = state([orders, service("stock"), service("users")], { "users.codecs": "new" });
  assert.deepEqual(changedServices(before, now), ["orders", "users"]);
});

test("a change of what the graph says concerns its service", () => {
  const now = state([orders, service("stock", { secrets: ["Key"] }), service("users")], {});
  assert.deepEqual(changedServices(before, now), ["stock"]);
});
