// What a process knows of a topic's subscriptions in NATS while others change them.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createBroker } from "@tenon/nats";
import { Link } from "../../packages/adapters/nats/dist/link.js";
import { Registry } from "../../packages/adapters/nats/dist/registry.js";
import { eventually } from "../harness/eventually.mjs";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";

const never = { retireAfterMs: null };

function topicWith(...names) {
  const subscriptions = names.map((name) => ({
    topic: "orders",
    name,
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 600_000,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
  }));
  return { name: "orders", isOrdered: false, deliveryGuarantee: "at-least-once", subscriptions };
}

describe("NATS", { skip: natsServerMissing }, () => {
  let server;

  before(async () => {
    server = await startNatsServer();
  });
  after(() => server?.stop());

  test("a subscription that is declared while another process reads the registry stays known to that one", async (t) => {
    const config = { servers: server.url, prefix: "place" };
    const other = createBroker(config);
    t.after(() => other.close());
    await other.declare([topicWith("mail")]);
    const link = await Link.open(config);
    t.after(() => link.close());
    const registry = new Registry(link);
    await registry.declare(topicWith("mail"), never);

    const read = link.last.bind(link);
    t.mock.method(link, "last", async (...query) => {
      t.mock.restoreAll();
      const stored = await read(...query);
      await other.declare([topicWith("mail", "audit")]);
      await eventually("it is known", () => registry.topic("orders").subscriptions.audit?.active);
      return stored;
    });
    await registry.sight(topicWith("mail"), never);
    assert.equal(registry.topic("orders").subscriptions.audit?.active, true);
  });
});
