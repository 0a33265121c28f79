// Topics that a process has to do with, and what follows from it: which of them an engine has to have a name for.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Service, Topic } from "@tenon/model";
import { hostedTopics } from "./hosted-topics.ts";
import { starterInfra } from "./infra-init.ts";
import { unusedParts } from "./infra-unused.ts";
import { noInfra } from "./no-infra.ts";
import { surveyRequirements } from "./requirements.ts";

function service(name: string): Service {
  return { name, directory: name, endpoints: [], calls: [], databases: ["ledger"], secrets: [] };
}

function topic(name: string, publisher: string): Topic {
  return { name, publishers: [publisher], subscriptions: [] } as unknown as Topic;
}

/** Three services with one database, of which two publish. */
const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [service("audit"), service("mail"), service("shop")],
  databases: [],
  secrets: [],
  topics: [topic("letters", "mail"), topic("orders", "shop")],
  schemas: {},
};

const namesOf = (name: string) =>
  hostedTopics(
    graph,
    graph.services.filter((one) => one.name === name),
  ).map((one) => one.name);

test("messages that others leave in a shared database are sent on, so their topics count", () => {
  assert.deepEqual(namesOf("mail"), ["letters", "orders"]);
  assert.deepEqual(namesOf("shop"), ["letters", "orders"]);
});

test("a process that uses no topic itself has no broker to send anything on with", () => {
  assert.deepEqual(namesOf("audit"), []);
});

test("an engine has to have names for them, and they are not in the file for nothing", () => {
  const hosting = { services: ["mail"], hasGateway: false, leadsEverywhere: false };
  const infraWith = (...names: string[]) => {
    const topics = Object.fromEntries(names.map((name) => [name, { name }]));
    return { ...noInfra, messaging: { kind: "engine", module: "@tenon/nsq", settings: { topics } } as const };
  };
  const missing = (...names: string[]) =>
    surveyRequirements(graph, hosting, infraWith(...names), {})
      .missing.map(({ what }) => what)
      .filter((what) => what.startsWith("topic"));
  assert.deepEqual(missing("letters"), ['topic "orders"']);
  assert.deepEqual(missing("letters", "orders"), []);
  assert.deepEqual(unusedParts(graph, hosting, infraWith("letters", "orders")), []);
});

test("a file to start from has names for them", () => {
  const hosting = { services: ["mail"], hasGateway: false, leadsEverywhere: false };
  const { pubsub } = starterInfra(graph, { hosting, broker: "nsq", schema: "infra.schema.json" });
  assert.deepEqual(Object.keys((pubsub as [{ topics: object }])[0].topics), ["letters", "orders"]);
});
