// What somebody else publishes on the subjects of the NATS engine stands in nobody's way, and is kept for people to look at.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { createBroker, createTopicControl } from "@tenon/nats";
import { Link } from "../../packages/adapters/nats/dist/link.js";
import { eventually } from "../harness/eventually.mjs";
import { natsServerMissing, startNatsServer } from "../harness/nats-server.mjs";

describe("NATS", { skip: natsServerMissing }, () => {
  let server;

  before(async () => {
    server = await startNatsServer();
  });
  after(() => server?.stop());

  for (const isOrdered of [true, false]) {
    test(`${isOrdered ? "with" : "without"} order: data that no engine wrote goes to the dead letters`, async (t) => {
      const config = { servers: server.url, prefix: `foreign-${isOrdered}` };
      const subscription = {
        topic: "orders",
        name: "mail",
        isOrdered,
        filter: null,
        maxConcurrency: 1,
        ackDeadlineMs: 30_000,
        messageRetentionMs: 600_000,
        retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
      };
      const broker = createBroker(config);
      t.after(() => broker.close());
      await broker.declare([
        { name: "orders", isOrdered, deliveryGuarantee: "at-least-once", subscriptions: [subscription] },
      ]);
      const link = await Link.open(config);
      t.after(() => link.close());
      const names = link.names.of("orders", "mail");
      const subject = names.message("k");
      for (const text of ["hello", "12", '{"id":1}\n{}']) await link.publish(subject, text);
      await link.publish(subject.replace(/m$/, "t"), "no ticket");
      const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
      const common = { attributes: {}, orderingKey: "k", traceparent, deliverAt: null, mayBeRepeat: false };
      await broker.publish("orders", [{ id: "one of ours", payload: "{}", ...common }]);

      const seen = [];
      const told = [];
      const consumer = broker.consume(subscription, {
        deliver: async ({ id }) => {
          seen.push(id);
          return { kind: "handled" };
        },
        bury: async ({ message }) => {
          told.push(message.payload);
        },
      });
      await eventually("the message behind them", () => seen.length === 1);
      const letters = await createTopicControl(config).deadLetters("orders", "mail", { limit: 10 });
      const texts = ["hello", 12, '{"id":1}\n{}', "no ticket"];
      assert.deepEqual(letters.map(({ message }) => message).sort(), texts.sort());
      assert.deepEqual(new Set(told), new Set(texts.map(String)));
      assert.match(letters[0].reason, /no message of the engine's/);
      await consumer.stop(1_000);
    });
  }
});
