// Names in infra.json that lead to nothing are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Service, Topic } from "@tenon/model";
import { unusedParts } from "./infra-unused.ts";
import { noInfra } from "./no-infra.ts";

const service = (name: string): Service => ({
  name,
  directory: name,
  endpoints: [],
  calls: [],
  databases: [],
  secrets: [],
});
const topic = (name: string, publisher: string) =>
  ({ name, publishers: [publisher], subscriptions: [] }) as unknown as Topic;

const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [service("shop"), service("mail")],
  databases: [],
  secrets: [],
  schemas: {},
  topics: [topic("orders", "shop"), topic("letters", "mail")],
};

test("topics that the app does not declare, or that are nothing to this process", () => {
  const topics = { orders: { name: "o" }, letters: { name: "l" }, ordrs: { name: "x" } };
  const messaging = { kind: "engine", module: "@tenon/nsq", settings: { topics } } as const;
  const hosting = { services: ["shop"], hasGateway: false, leadsEverywhere: false };
  assert.deepEqual(unusedParts(graph, hosting, { ...noInfra, messaging }), [
    "pubsub[0].topics.letters: nothing here uses it",
    "pubsub[0].topics.ordrs: the app declares no such thing",
  ]);
  const module = { ...messaging, module: "somebody-elses" } as const;
  assert.deepEqual(unusedParts(graph, hosting, { ...noInfra, messaging: module }), []);
});
