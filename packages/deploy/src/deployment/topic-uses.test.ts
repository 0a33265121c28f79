// What a unit does with topics: rights on a broker and places follow from it.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { usesTopics } from "./deployment.ts";
import { deriveDeployment } from "./derive-deployment.ts";
import { graphOf } from "./testing-graph.test.support.ts";
import { publishedTopics, takenSubscriptions, usedTopics, withoutTopics } from "./topic-uses.ts";

const graph = graphOf({
  audit: { databases: ["ledger"] },
  billing: { databases: ["ledger"], subscribes: ["placed/charge"] },
  orders: { databases: ["ledger", "orders"], publishes: ["placed"], subscribes: ["paid/ship"] },
  stock: { databases: ["stock"], publishes: ["low"], subscribes: ["placed/reserve"] },
});
const deployment = deriveDeployment(graph, "per-service");
const published = (unit: string) => publishedTopics(deployment, unit).map(({ topic }) => topic.name);

describe("topics that a unit publishes to", () => {
  it("are those of its code", () => {
    assert.deepEqual(published("orders"), ["placed"]);
    assert.deepEqual(published("stock"), ["low"]);
    assert.deepEqual(publishedTopics(deployment, "orders")[0]!.because, [
      { kind: "publish", from: "orders", topic: "placed" },
    ]);
  });

  it("are also those whose messages leave in transactions of a database that it shares", () => {
    assert.deepEqual(published("billing"), ["placed"]);
    assert.deepEqual(publishedTopics(deployment, "billing")[0]!.because, [
      { kind: "database", from: "billing", database: "ledger" },
    ]);
  });

  it("are none where it has no broker", () => {
    assert.deepEqual(published("audit"), []);
  });
});

describe("subscriptions that a unit takes from", () => {
  it("are its own", () => {
    const taken = (unit: string) =>
      takenSubscriptions(deployment, unit).map(({ topic, subscription }) => `${topic.name}/${subscription.name}`);
    assert.deepEqual(taken("billing"), ["placed/charge"]);
    assert.deepEqual(taken("orders"), ["paid/ship"]);
    assert.deepEqual(taken("audit"), []);
  });
});

describe("topics that a unit uses", () => {
  it("have those subscriptions that are its own", () => {
    const used = usedTopics(deployment, "stock").map(({ topic, subscriptions }) => [
      topic.name,
      subscriptions.map(({ name }) => name),
    ]);
    assert.deepEqual(used, [
      ["low", []],
      ["placed", ["reserve"]],
    ]);
  });
});

describe("a deployment without topics", () => {
  it("has no unit that uses any, and everything else", () => {
    const without = withoutTopics(deployment);
    assert.ok(without.units.every(({ name }) => !usesTopics(without, name)));
    assert.deepEqual(without.topics, []);
    assert.deepEqual(
      without.edges,
      deployment.edges.filter(({ kind }) => kind === "database"),
    );
  });
});
