// A FIFO topic may have standard queues, which keep less than it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createBroker } from "./sns-sqs-broker.ts";

for (const [isOrdered, deliveryGuarantee] of [
  [true, "at-least-once"],
  [false, "exactly-once"],
] as const) {
  test(`a standard queue is refused for a topic that is ${isOrdered ? "ordered" : deliveryGuarantee}`, async (t) => {
    // Nobody listens there: it is refused before the queue is looked at.
    const endpoint = "http://127.0.0.1:1";
    const arn = "arn:aws:sns:eu-central-1:123456789012:orders.fifo";
    const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-mail";
    const broker = createBroker({ endpoint, topics: { orders: { arn, subscriptions: { mail: { url } } } } });
    t.after(() => broker.close());
    const mail = {
      topic: "orders",
      name: "mail",
      isOrdered,
      filter: null,
      maxConcurrency: 10,
      ackDeadlineMs: 30_000,
      messageRetentionMs: 3_600_000,
      retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
    };
    await assert.rejects(broker.declare([{ name: "orders", isOrdered, deliveryGuarantee, subscriptions: [mail] }]), {
      code: "engine_cannot",
      message: /orders\/mail.*its queue is a standard one/,
    });
  });
}
