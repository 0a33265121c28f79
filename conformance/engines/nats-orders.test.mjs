// A topic that gets an order, or loses it, while whoever changes its consumers in NATS dies on the way.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createBroker } from "@tenon/nats";
import { Link } from "../../packages/adapters/nats/dist/link.js";
import { Registry } from "../../packages/adapters/nats/dist/registry.js";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";

function topicWith(isOrdered) {
  const subscription = {
    topic: "orders",
    name: "mail",
    isOrdered,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 600_000,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
  };
  return { name: "orders", isOrdered, deliveryGuarantee: "at-least-once", subscriptions: [subscription] };
}

describe("NATS", { skip: natsServerMissing }, () => {
  let server;

  before(async () => {
    server = await startNatsServer();
  });
  after(() => server?.stop());

  for (const isOrdered of [true, false]) {
    const change = isOrdered ? "gets an order" : "loses its order";
    test(`a topic ${change}: the next process does what one left undone that died`, async (t) => {
      const config = { servers: server.url, prefix: `place-${isOrdered}` };
      const broker = createBroker(config);
      t.after(() => broker.close());
      await broker.declare([topicWith(!isOrdered)]);
      const link = await Link.open(config);
      t.after(() => link.close());
      // As far as it came.
      await new Registry(link).declare(topicWith(isOrdered), { retireAfterMs: null });

      await broker.declare([topicWith(isOrdered)]);
      const names = [];
      for await (const { name } of link.manager.consumers.list(link.names.queueStream)) names.push(name);
      assert.equal(names.length, isOrdered ? 32 : 1);
    });
  }
});
