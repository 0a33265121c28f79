// What is pulled together is not handled together: one message stands in nobody's way.
import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { pubsubAttributes as names, type Receiver } from "@tenon/runtime/engine";
import type { AckWriter } from "./ack-writer.ts";
import type { PubsubApi, PullOptions, ReceivedMessage } from "./pubsub-api.ts";
import { PullConsumer } from "./pull-consumer.ts";
import type { SubscriptionLink } from "./subscription-link.ts";

function receivedFor(subscription: string): ReceivedMessage {
  const attributes = { [names.id]: subscription, [names.onlyFor]: subscription };
  return {
    ackId: subscription,
    message: { data: "e30=", attributes, messageId: "1", publishTime: "2026-01-01T12:00:00Z" },
  };
}

test("one for others that cannot be acknowledged keeps none from its handler", { timeout: 30_000 }, async () => {
  const pulls = [[receivedFor("stock"), receivedFor("mail")]];
  const api = {
    pull: async (_: string, _most: number, { signal }: PullOptions) => {
      const received = pulls.shift();
      if (received === undefined) await once(signal!, "abort");
      return received ?? [];
    },
  } as unknown as PubsubApi;
  const acknowledged: string[] = [];
  const writer = {
    setDeadline: async () => {},
    acknowledge: async (ackId: string) => {
      if (ackId === "stock") throw new Error("UNAVAILABLE");
      acknowledged.push(ackId);
    },
  } as unknown as AckWriter;
  const spec = {
    topic: "orders",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 10,
    ackDeadlineMs: 30_000,
    messageRetentionMs: Number.MAX_SAFE_INTEGER,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
  };
  const link = { spec, api, writer, path: "mail", topicPath: "orders", deadTopicPath: "dead" } as SubscriptionLink;
  await new Promise<void>((resolve) => {
    const deliver: Receiver["deliver"] = async ({ id }) => {
      assert.equal(id, "mail");
      // It waits for this outcome.
      setImmediate(() => void consumer.stop(10_000).then(resolve));
      return { kind: "handled" };
    };
    const consumer = new PullConsumer(spec, { deliver, bury: () => assert.fail("nothing dies") }, async () => link);
  });
  assert.deepEqual(acknowledged, ["mail"]);
});
