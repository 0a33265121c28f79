// What a queue has room for before a message is due.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import { longestDelayMs } from "./queue-facts.ts";

const dayMs = 86_400_000;
const subscription: SubscriptionSpec = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 4 * dayMs,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

test("a delay leaves room for the messageRetention behind it", () => {
  assert.equal(longestDelayMs(subscription, undefined), 10 * dayMs);
  assert.equal(longestDelayMs(subscription, { retentionMs: 7 * dayMs, mostReceives: 1_000 }), 3 * dayMs);
});

test("a delay leaves the queue as many times to give the message out as it may be tried", () => {
  const delayMs = (mostReceives: number) => longestDelayMs(subscription, { retentionMs: 14 * dayMs, mostReceives });
  assert.equal(delayMs(3), 0);
  assert.equal(delayMs(5), dayMs - 10_000);
});
