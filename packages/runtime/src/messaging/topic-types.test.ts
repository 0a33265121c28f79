// What TypeScript says about topics and subscriptions; the build fails when it says something else.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { MessageContext } from "./message-context.ts";
import { loadedSubscription, Subscription, type SubscriptionConfig } from "./subscription.ts";
import { type Attribute, type BatchPublisher, type Publisher, Topic } from "./topic.ts";

interface Reminder {
  id: string;
  region: Attribute<"eu" | "us">;
  size: Attribute<number>;
  rush?: Attribute<boolean>;
}

const reminders = new Topic<Reminder>("type-reminders", { deliveryGuarantee: "at-least-once" });

test("filters name attributes and their values", () => {
  const handler = async ({ id }: Reminder, { extend }: MessageContext) => id.length + extend.length;
  new Subscription(reminders, "fits", { handler, filter: { region: "eu", size: [1, 2], rush: true } });
  // @ts-expect-error: the field is no attribute
  new Subscription(reminders, "field", { handler, filter: { id: "1" } });
  // @ts-expect-error: the attribute has no such value
  new Subscription(reminders, "value", { handler, filter: { region: "uk" } });
  // @ts-expect-error: the attribute is a number
  new Subscription(reminders, "type", { handler, filter: { size: "1" } });
  assert.equal(typeof loadedSubscription("type-reminders", "fits")?.handler, "function");
});

test("messages and contexts have their types without being written, one by one and in batches", () => {
  new Subscription(reminders, "one", {
    handler: async (message, { attempt, signal }) => [message.id.length, attempt, signal.aborted],
    deadLetterHandler: async (message, { attempts, isValid }) => [message.region.length, attempts, isValid],
  });
  new Subscription(reminders, "many", {
    batch: { maxSize: 10, maxWait: "1s" },
    batchHandler: async (messages, { messages: infos }) => ({
      failed: messages.flatMap(({ rush }, index) => (rush === true ? [{ messageId: infos[index]!.messageId }] : [])),
    }),
  });
  new Subscription(reminders, "nothing", { batchHandler: async (messages) => void messages.length });
  // @ts-expect-error: neither handler
  new Subscription(reminders, "neither", {});
  // @ts-expect-error: both handlers
  new Subscription(reminders, "both", { handler: async () => {}, batchHandler: async () => {} });
  // @ts-expect-error: messages come one by one
  new Subscription(reminders, "alone", { handler: async () => {}, batch: { maxSize: 1 } });
  const config: SubscriptionConfig<Reminder> = { handler: async () => {}, maxConcurrency: 1 };
  new Subscription(reminders, "config", config);
  assert.equal(typeof loadedSubscription("type-reminders", "many")?.batchHandler, "function");
});

test("publishing takes plain values, and options by name", () => {
  const calls = async () => {
    await reminders.publish({ id: "1", region: "eu", size: 1 }, { delay: "10m", dedupKey: "1" });
    await reminders.publishBatch([{ id: "1", region: "eu", size: 1 }], {
      dedupKey: ({ id }, index) => `${id}-${index}`,
    });
    // @ts-expect-error: no duration
    await reminders.publish({ id: "1", region: "eu", size: 1 }, { delay: "soon" });
    // @ts-expect-error: one key cannot be that of many
    await reminders.publishBatch([], { dedupKey: "1" });
    const one: Publisher<Reminder> = reminders.ref();
    // @ts-expect-error: it publishes single messages
    await one.publishBatch([]);
    await reminders.ref<BatchPublisher<Reminder>>().publishBatch([]);
    const stub: Publisher<Reminder> = { publish: async () => "id" };
    return stub;
  };
  assert.equal(typeof calls, "function");
});
