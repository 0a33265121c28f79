// Ack deadlines and extensions beyond what a timer takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Subscription, Topic } from "@tenon/model";
import { extendDeliveries } from "./extend-delivery.ts";
import { longestHandlingMs } from "./longest-handling.ts";
import { subscriptionSpec } from "./messaging.ts";

const thirtyDaysMs = 30 * 24 * 3_600_000;

test("no handler is given a time that a timer would take for none", async () => {
  assert.ok(longestHandlingMs + 10_000 < 2 ** 31);
  const subscription = { ackDeadlineMs: thirtyDaysMs } as unknown as Subscription;
  const topic = { name: "placed", subscriptions: [subscription] } as unknown as Topic;
  assert.equal(subscriptionSpec(topic, subscription).ackDeadlineMs, longestHandlingMs);
  const extended: number[] = [];
  const delivery = { extend: async (durationMs: number) => void extended.push(durationMs) };
  await extendDeliveries("placed", [delivery], "720h");
  assert.deepEqual(extended, [longestHandlingMs]);
});
