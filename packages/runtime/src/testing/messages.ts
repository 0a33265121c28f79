// What a test can say of messages: which were published, and that they be delivered now.
import type { Codec, Issue, Subscription, Topic as DeclaredTopic } from "@tenon/model";
import { clock } from "../clock/clock.ts";
import type { Delivery, Outcome } from "../messaging/broker.ts";
import { deliver as deliverOne } from "../messaging/deliver.ts";
import { deliverBatch } from "../messaging/deliver-batch.ts";
import { type HostedSubscription, hostSubscription } from "../messaging/hosted-subscription.ts";
import { openInboxes } from "../messaging/inbox/open-inboxes.ts";
import { subscriptionSpec } from "../messaging/messaging.ts";
import { loadedSubscription } from "../messaging/subscription.ts";
import type { Topic } from "../messaging/topic.ts";
import { TestingError } from "./errors.ts";
import type { RecordedMessage } from "./recording-broker.ts";
import { currentTestHost, type TestHost } from "./test-host.ts";

/** The messages published to a topic in this test file, in order, as a subscription gets them. Throws TestingError `no_such_topic`. */
export function published<Msg extends object>(topic: Topic<Msg>): Msg[] {
  const host = currentTestHost();
  const codec = codecOf(host, topic.name);
  return host.broker.messagesOf(topic.name).map(({ payload }) => decoded(codec, payload) as Msg);
}

/**
 * Gives the messages that were published to a topic, are due by the framework's clock and were not delivered before to all its
 * subscriptions, as their filters say: one after the other, to batch handlers all together. Throws TestingError `no_such_topic`;
 * `delivery_failed` for the first that a handler rejects, with its reason.
 */
export async function deliver<Msg extends object>(topic: Topic<Msg>): Promise<void> {
  const host = currentTestHost();
  const codec = codecOf(host, topic.name);
  const known = host.topics.get(topic.name)!.topic;
  const messages = host.broker.takeUndelivered(topic.name, new Date(clock().now()));
  const hosted: HostedSubscription[] = [];
  for (const subscription of messages.length === 0 ? [] : known.subscriptions) {
    hosted.push(await load(host, known, subscription, codec));
  }
  for (const message of messages) {
    for (const one of hosted.filter(({ batch }) => batch === undefined)) {
      if (takes(one, message)) refuseFailures(one, [await deliverOne(one, deliveryOf(one, message))]);
    }
  }
  for (const one of hosted) {
    const { batch } = one;
    const taken = batch === undefined ? [] : messages.filter((message) => takes(one, message));
    while (taken.length > 0) {
      const together = taken.splice(0, batch!.maxSize).map((message) => ({
        delivery: deliveryOf(one, message),
        message: decoded(codec, message.payload),
      }));
      refuseFailures(one, await Promise.all(deliverBatch(one, together)));
    }
  }
}

async function load(
  host: TestHost,
  topic: DeclaredTopic,
  declared: Subscription,
  codec: Codec,
): Promise<HostedSubscription> {
  const { service, name, batch } = declared;
  await host.loadService(service);
  const subscription = subscriptionSpec(topic, declared);
  const loaded = loadedSubscription(topic.name, name)!;
  const middlewares = host.subscriptionMiddlewares(service);
  const inbox = openInboxes([topic]).get(`${topic.name}/${name}`);
  const { system } = host.broker;
  return hostSubscription({ service, subscription, codec, loaded, batch, inbox, middlewares, system });
}

function takes({ subscription: { filter } }: HostedSubscription, { attributes }: RecordedMessage): boolean {
  return Object.entries(filter ?? {}).every(([name, values]) => {
    const value = attributes[name];
    return value !== undefined && values.includes(value);
  });
}

function deliveryOf({ subscription }: HostedSubscription, message: RecordedMessage): Delivery {
  const signal = AbortSignal.timeout(subscription.ackDeadlineMs);
  return { ...message, attempt: 1, replayTraceparent: null, signal, extend: async () => {} };
}

function refuseFailures({ fullName }: HostedSubscription, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes) {
    if (outcome.kind === "handled") continue;
    throw new TestingError("delivery_failed", { subscription: fullName, reason: outcome.reason });
  }
}

function codecOf(host: TestHost, topic: string): Codec {
  const codec = host.topics.get(topic)?.codec;
  if (codec === undefined) throw new TestingError("no_such_topic", { topic });
  return codec;
}

/** Messages were checked when they were published. */
function decoded(codec: Codec, payload: string): unknown {
  const ignored: Issue[] = [];
  return codec.decode(JSON.parse(payload), ignored);
}
