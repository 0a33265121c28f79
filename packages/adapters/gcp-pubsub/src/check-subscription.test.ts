// A subscription that could not keep what the app's promises is refused with what to change.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import { checkSubscription } from "./check-subscription.ts";
import { placedSubscription } from "./config.ts";
import type { SubscriptionFacts } from "./pubsub-api.ts";

const spec: SubscriptionSpec = {
  topic: "orders",
  name: "mail",
  isOrdered: true,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 7 * 86_400_000,
  retryPolicy: { minBackoffMs: 10_000, maxBackoffMs: 600_000, maxRetries: 100 },
};

const place = placedSubscription(
  {
    projectId: "p",
    topics: {
      orders: {
        name: "orders",
        subscriptions: { mail: { name: "projects/q/subscriptions/orders-mail", deadLetter: { topic: "dead" } } },
      },
    },
  },
  "orders",
  "mail",
)!;

const facts: SubscriptionFacts = {
  topic: "projects/p/topics/orders",
  enableMessageOrdering: true,
  deadLetterPolicy: { deadLetterTopic: "projects/p/topics/dead", maxDeliveryAttempts: 100 },
  messageRetentionDuration: "604800s",
};

test("one that can is taken", () => {
  assert.deepEqual(checkSubscription(spec, place, facts), {
    deadTopicPath: "projects/p/topics/dead",
    maxDeliveryAttempts: 100,
    retentionMs: 604_800_000,
  });
  const { messageRetentionDuration: _, ...usual } = facts;
  assert.doesNotThrow(() => checkSubscription(spec, place, usual));
});

const refused: readonly [change: Partial<SubscriptionFacts>, reason: RegExp][] = [
  [{ pushConfig: { pushEndpoint: "https://mail" } }, /pushes its messages/],
  [
    { topic: "projects/p/topics/others" },
    /is of projects\/p\/topics\/others, and infra.json names projects\/p\/topics\/orders/,
  ],
  [{ enableMessageOrdering: false }, /enable_message_ordering/],
  [{ deadLetterPolicy: {} }, /give it a dead_letter_policy/],
  [
    { deadLetterPolicy: { deadLetterTopic: "projects/p/topics/other", maxDeliveryAttempts: 100 } },
    /dead letters in projects\/p\/topics\/other, and infra.json names projects\/p\/topics\/dead/,
  ],
  [
    { deadLetterPolicy: { deadLetterTopic: "projects/p/topics/dead", maxDeliveryAttempts: 5 } },
    /gives up after 5 deliveries: set max_delivery_attempts to 100/,
  ],
  [{ messageRetentionDuration: "86400s" }, /forgets messages after 86400s: set message_retention_duration to 604800s/],
];

for (const [change, reason] of refused) {
  test(`refused: ${Object.keys(change)[0]} ${JSON.stringify(Object.values(change)[0])}`, () => {
    assert.throws(() => checkSubscription(spec, place, { ...facts, ...change }), {
      code: "engine_cannot",
      message: reason,
    });
  });
}
