// What Pub/Sub cannot count or wait for goes on in a copy: long waits, a full count, an interruption, a message for later.
import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { pubsubAttributes as names } from "@tenon/runtime/engine";
import type { AckWriter } from "./ack-writer.ts";
import { HeldMessage } from "./held-message.ts";
import { Lease } from "./lease.ts";
import type { NewMessage, PubsubApi } from "./pubsub-api.ts";
import type { SubscriptionLink } from "./subscription-link.ts";

const now = Date.parse("2026-01-01T12:00:00Z");
const publishTime = "2026-01-01T11:59:00Z";

interface Bench {
  readonly held: HeldMessage;
  /** In the order they were made. */
  readonly calls: string[];
  readonly copies: NewMessage[];
}

async function hold(
  t: TestContext,
  deliveryAttempt: number,
  attributes: Readonly<Record<string, string>> = {},
  retentionMs = 7 * 86_400_000,
): Promise<Bench> {
  t.mock.timers.enable({ apis: ["Date"], now });
  const calls: string[] = [];
  const copies: NewMessage[] = [];
  const writer = {
    acknowledge: async () => void calls.push("acknowledge"),
    setDeadline: async (_ackId: string, seconds: number) => void calls.push(`deadline ${seconds}`),
  } as unknown as AckWriter;
  const api = {
    publish: async (topic: string, messages: readonly NewMessage[]) => {
      calls.push(`publish to ${topic}`);
      copies.push(...messages);
    },
  } as unknown as PubsubApi;
  const link = {
    spec: { name: "mail" },
    api,
    writer,
    topicPath: "orders",
    deadTopicPath: "dead",
    maxDeliveryAttempts: 100,
    retentionMs,
  };
  const message = { data: "e30=", attributes: { [names.id]: "id", ...attributes }, messageId: "7", publishTime };
  const lease = new Lease(writer, "a");
  await lease.begin(30_000);
  calls.length = 0;
  const held = new HeldMessage({ ackId: "a", message, deliveryAttempt }, lease, link as unknown as SubscriptionLink);
  return { held, calls, copies };
}

test("a wait of up to ten minutes is the service's, and so is the count", async (t) => {
  const { held, calls } = await hold(t, 3, { [names.attempts]: "4" });
  assert.equal(held.attempt, 7);
  assert.equal(await held.retry(1_500), true);
  assert.deepEqual(calls, ["deadline 2"]);
  assert.equal(await held.handled(), false, "it is nobody's here any more");
});

test("a longer one is that of a copy, and so is one beyond the service's count", async (t) => {
  for (const [deliveries, waitMs] of [
    [3, 700_000],
    [99, 1_000],
  ] as const) {
    const { held, calls, copies } = await hold(t, deliveries);
    t.mock.timers.reset();
    t.mock.timers.enable({ apis: ["Date"], now });
    assert.equal(await held.retry(waitMs), true);
    assert.deepEqual(calls, ["publish to orders", "acknowledge"]);
    assert.deepEqual(copies[0]!.attributes, {
      [names.id]: "id",
      [names.publishedAt]: String(Date.parse(publishTime)),
      [names.onlyFor]: "mail",
      [names.attempts]: String(deliveries),
      [names.waitsSince]: String(Date.parse(publishTime)),
      [names.deliverAt]: String(now + waitMs),
    });
    t.mock.timers.reset();
  }
});

test("what was interrupted has not been tried", async (t) => {
  const { held, copies } = await hold(t, 3);
  await held.handBack();
  assert.equal(copies[0]!.attributes![names.attempts], "2");
  assert.equal(copies[0]!.attributes![names.deliverAt], undefined);
});

test("a message for later waits in steps of ten minutes, none of which is an attempt, and then begins anew", async (t) => {
  const later = await hold(t, 12, { [names.deliverAt]: String(now + 3_600_000) });
  await later.held.putOff(new Date(now + 3_600_000));
  assert.deepEqual(later.calls, ["deadline 600"]);
  t.mock.timers.reset();

  const full = await hold(t, 99, { [names.deliverAt]: String(now + 3_600_000) });
  await full.held.putOff(new Date(now + 3_600_000));
  assert.deepEqual(full.calls, ["publish to orders", "acknowledge"]);
  const ofFull = full.copies[0]!.attributes!;
  assert.equal(ofFull[names.deliverAt], String(now + 3_600_000));
  assert.equal(ofFull[names.waitsSince], String(now + 3_600_000), "its retention does not begin before");
  t.mock.timers.reset();

  const due = await hold(t, 12, { [names.deliverAt]: String(now) });
  await due.held.putOff(new Date(now));
  const { attributes } = due.copies[0]!;
  assert.equal(attributes![names.deliverAt], undefined);
  assert.equal(attributes![names.attempts], "0");
  assert.equal(attributes![names.waitsSince], String(now));
});

test("what waits is replaced by a copy before the service forgets it", async (t) => {
  // It was published a minute ago.
  for (const [retentionMs, expected] of [
    [600_000, ["deadline 150"]],
    [100_000, ["publish to orders", "acknowledge"]],
  ] as const) {
    const later = await hold(t, 2, { [names.deliverAt]: String(now + 3_600_000) }, retentionMs);
    await later.held.putOff(new Date(now + 3_600_000));
    assert.deepEqual(later.calls, expected);
    t.mock.timers.reset();
  }
  const failed = await hold(t, 2, {}, 100_000);
  await failed.held.retry(1_000);
  assert.deepEqual(failed.calls, ["publish to orders", "acknowledge"]);
  assert.equal(failed.copies[0]!.attributes![names.deliverAt], String(now + 1_000));
});

test("a dead letter has its reason, cut to what an attribute may have", async (t) => {
  const { held, calls, copies } = await hold(t, 1);
  await held.bury(3, `Error: ${"ü".repeat(600)}`);
  assert.deepEqual(calls, ["publish to dead", "acknowledge"]);
  const { [names.reason]: reason, [names.attempts]: attempts, [names.diedAt]: diedAt } = copies[0]!.attributes!;
  assert.ok(Buffer.byteLength(reason!) <= 1_024 && /^Error: ü+$/.test(reason!));
  assert.deepEqual([attempts, diedAt], ["3", String(now)]);
});
