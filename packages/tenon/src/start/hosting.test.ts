// Who hosts what: the command line, then infra.json, then all of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Gateway, Graph } from "@tenon/model";
import { noInfra } from "./no-infra.ts";
import { hostsAllServices, readHosting } from "./hosting.ts";

const service = (name: string) => ({ name, directory: name, endpoints: [], calls: [], databases: [], secrets: [] });
const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [service("orders"), service("users")],
  databases: [],
  secrets: [],
  schemas: {},
};
const location = { file: "gateway.ts", line: 1, column: 1 };
const gateways: Gateway[] = ["admin", "shop"].map((name) => ({ name, authHandlers: [], location }));

test("all of it, where nobody says anything; its door leads to what is there", () => {
  const hosting = readHosting(graph, {}, noInfra);
  assert.deepEqual(hosting, { services: ["orders", "users"], hasGateway: true, leadsEverywhere: false });
});

test("the command line: some services with the door, some without it, the door alone", () => {
  assert.deepEqual(readHosting(graph, { services: "users" }, noInfra), {
    services: ["users"],
    hasGateway: true,
    leadsEverywhere: false,
  });
  assert.deepEqual(readHosting(graph, { services: "users, orders", noGateway: true }, noInfra), {
    services: ["orders", "users"],
    hasGateway: false,
    leadsEverywhere: false,
  });
  assert.deepEqual(readHosting(graph, { gatewayOnly: true }, noInfra), {
    services: [],
    hasGateway: true,
    leadsEverywhere: true,
  });
});

test("infra.json says the same, where the command line says nothing", () => {
  const withDoors = { ...graph, gateways };
  const door = { ...noInfra, hostedServices: [], hostedGateways: ["shop", "admin"] };
  assert.deepEqual(readHosting(withDoors, {}, door), { services: [], hasGateway: true, leadsEverywhere: true });
  const apart = { ...noInfra, hostedServices: ["users"], hostedGateways: [] };
  assert.deepEqual(readHosting(graph, {}, apart), { services: ["users"], hasGateway: false, leadsEverywhere: false });
  assert.deepEqual(readHosting(graph, { gatewayOnly: true }, apart).services, []);
  assert.deepEqual(readHosting(graph, { services: "orders" }, apart).services, ["orders"]);
  const unnamed = { ...noInfra, hostedGateways: ["api-gateway"] };
  assert.equal(readHosting(graph, {}, unnamed).hasGateway, true);
  assert.equal(readHosting(graph, { noGateway: true }, unnamed).hasGateway, false);
});

test("what contradicts itself or is not there is told", () => {
  const code = (code: string) => ({ code });
  assert.throws(() => readHosting(graph, { gatewayOnly: true, noGateway: true }, noInfra), code("hosting_invalid"));
  assert.throws(() => readHosting(graph, { gatewayOnly: true, services: "users" }, noInfra), code("hosting_invalid"));
  assert.throws(() => readHosting(graph, { services: "cellar" }, noInfra), /unknown_service|no service "cellar"/);
  const nothing = { ...noInfra, hostedServices: [], hostedGateways: [] };
  assert.throws(() => readHosting(graph, {}, nothing), /neither a service nor the public door/);
  const wrong = { ...noInfra, hostedGateways: ["cellar"] };
  assert.throws(() => readHosting(graph, {}, wrong), code("unknown_gateway"));
  const half = { ...noInfra, hostedGateways: ["shop"] };
  assert.throws(() => readHosting({ ...graph, gateways }, {}, half), /it lacks "admin"/);
});

test("the build of a unit is hosted as what it is, and as no more", () => {
  const cut = (services: readonly string[], gateway: boolean): Graph => ({
    ...graph,
    app: { id: "shop", unit: { services, gateway } },
  });
  const users = cut(["users"], false);
  const hosting = readHosting(users, {}, noInfra);
  assert.deepEqual(hosting, { services: ["users"], hasGateway: false, leadsEverywhere: false });
  assert.equal(hostsAllServices(users, hosting), false);
  assert.deepEqual(readHosting(users, { services: "users", noGateway: true }, noInfra), hosting);
  assert.throws(() => readHosting(users, { services: "orders" }, noInfra), { code: "unknown_service" });
  assert.throws(() => readHosting(users, { gatewayOnly: true }, noInfra), { code: "hosting_invalid" });
  const door = { services: [], hasGateway: true, leadsEverywhere: true };
  assert.deepEqual(readHosting(cut([], true), {}, noInfra), door);
  assert.deepEqual(readHosting(cut(["users"], true), {}, noInfra), { ...door, services: ["users"] });
  // What it hosts may be all that its graph names: the rest of the app is not in it.
  assert.equal(hostsAllServices({ ...users, services: [service("users")] }, hosting), false);
});
