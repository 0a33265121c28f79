// What a server does not grant is refused before anything is delivered.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import { checkAckDeadline, checkBackoff, hasTimeLeft } from "./times.ts";

function subscriptionOf(ackDeadlineMs: number, maxBackoffMs: number): SubscriptionSpec {
  return {
    topic: "orders",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 1,
    ackDeadlineMs,
    messageRetentionMs: 1,
    retryPolicy: { minBackoffMs: 1, maxBackoffMs, maxRetries: 1 },
  };
}

test("an ack deadline up to the longest time for a message, with what is needed for saying that it is over", () => {
  const limits = { maxReadyCount: 1, maxMsgTimeoutMs: 900_000 };
  checkAckDeadline(subscriptionOf(897_000, 1), limits);
  assert.throws(() => checkAckDeadline(subscriptionOf(897_001, 1), limits), {
    code: "engine_cannot",
    message: /orders\/mail.*ackDeadline of 897001 ms.*--max-msg-timeout than 900000 ms/,
  });
});

test("a backoff up to the longest delay; beyond an hour copies do the rest", () => {
  checkBackoff(subscriptionOf(1, 60_000), 60_000);
  checkBackoff(subscriptionOf(1, 86_400_000), 3_600_000);
  const refusal = { code: "engine_cannot", message: /maxBackoff of \d+ ms.*--max-req-timeout than 60000 ms/ };
  assert.throws(() => checkBackoff(subscriptionOf(1, 60_001), 60_000), refusal);
  assert.throws(() => checkBackoff(subscriptionOf(1, 86_400_000), 60_000), refusal);
});

test("who has waited for a slot begins only with its whole time before it", () => {
  const limits = { maxReadyCount: 1, maxMsgTimeoutMs: 900_000 };
  assert.equal(hasTimeLeft(subscriptionOf(600_000, 1), limits, 299_000), true);
  assert.equal(hasTimeLeft(subscriptionOf(600_000, 1), limits, 299_001), false);
  assert.equal(hasTimeLeft(subscriptionOf(897_000, 1), limits, 1), true, "as long a deadline as there may be");
});
