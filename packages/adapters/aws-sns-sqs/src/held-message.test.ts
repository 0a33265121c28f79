// Which attempt a message is in: as often as SQS gave it out, less what does not count.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { ReceivedMessage } from "./carried-message.ts";
import { HeldMessage, leaseSeconds } from "./held-message.ts";
import type { SubscribedQueue } from "./subscribed-queue.ts";

const hourMs = 3_600_000;
const subscription = {
  topic: "orders",
  name: "mail",
  isOrdered: false,
  filter: null,
  maxConcurrency: 10,
  ackDeadlineMs: 30_000,
  messageRetentionMs: hourMs,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

function attemptOf(receives: number, facts: Partial<ReceivedMessage["facts"]>, firstReceivedAt = 0): number {
  const received = {
    message: {},
    facts: { id: "1", publishedAt: 0, ...facts },
    receives,
    sentAt: 0,
    firstReceivedAt,
    receipt: "r",
  } as unknown as ReceivedMessage;
  return new HeldMessage(received, subscription, {} as SubscribedQueue).attempt;
}

test("what a copy was tried before counts", () => {
  assert.equal(attemptOf(1, {}), 1);
  assert.equal(attemptOf(3, {}), 3);
  assert.equal(attemptOf(2, { attempts: 4 }), 6);
});

test("what was given out before it was due does not count, however often that took", () => {
  // Nobody asked before it was due.
  assert.equal(attemptOf(1, { due: hourMs }, 2 * hourMs), 1);
  assert.equal(attemptOf(3, { due: hourMs }, 2 * hourMs), 3);
  // Once hidden, and twice.
  assert.equal(attemptOf(2, { due: hourMs }), 1);
  assert.equal(attemptOf(3, { due: 13 * hourMs }), 1);
  assert.equal(attemptOf(4, { due: 13 * hourMs }), 2);
});

test("a lease ends here before it ends at SQS", () => {
  assert.equal(leaseSeconds(31_000), 33);
  assert.equal(leaseSeconds(1_050), 4);
});
