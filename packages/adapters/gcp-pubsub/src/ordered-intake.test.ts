// What waits for room stays ours, however long that takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Outcome } from "@tenon/runtime/engine";
import type { AckWriter } from "./ack-writer.ts";
import { HeldMessage } from "./held-message.ts";
import { Lease } from "./lease.ts";
import { OrderedIntake } from "./ordered-intake.ts";
import type { SubscriptionLink } from "./subscription-link.ts";

const spec = {
  topic: "orders",
  name: "mail",
  isOrdered: true,
  filter: null,
  maxConcurrency: 1,
  ackDeadlineMs: 30_000,
  messageRetentionMs: Number.MAX_SAFE_INTEGER,
  retryPolicy: { minBackoffMs: 10, maxBackoffMs: 20, maxRetries: 2 },
};

test("the first of a key that finds no room is kept until there is some", async () => {
  const said: string[] = [];
  const writer = {
    setDeadline: async (ackId: string, seconds: number) => void said.push(`${ackId} ${seconds}`),
    acknowledge: async () => {},
  } as unknown as AckWriter;
  const link = { spec, writer } as SubscriptionLink;
  const held = async (key: string) => {
    const message = { data: "e30=", messageId: key, publishTime: "2026-01-01T12:00:00Z", orderingKey: key };
    const lease = new Lease(writer, key);
    await lease.begin(31_000);
    return new HeldMessage({ ackId: key, message }, lease, link);
  };
  let end: (outcome: Outcome) => void = () => {};
  const outcome = new Promise<Outcome>((resolve) => {
    end = resolve;
  });
  const intake = new OrderedIntake(spec, { deliver: () => outcome, bury: () => assert.fail("nothing dies") }, () => {});
  const messages = [await held("a"), await held("b")];
  said.length = 0;
  intake.accept(messages);
  assert.ok(said.includes("b 60"), said.join());
  const stopped = intake.stop(10_000);
  end({ kind: "handled" });
  await stopped;
  assert.equal(said.at(-1), "b 0");
});
