// What a test can say of messages: which were published, and that they be delivered now.
import type { Issue } from "@tenon/model";
import { deliver as deliverOne } from "../messaging/deliver.ts";
import { topicSpecs } from "../messaging/messaging.ts";
import { subscriptionHandler } from "../messaging/subscription.ts";
import type { Topic } from "../messaging/topic.ts";
import { TestingError } from "./errors.ts";
import { currentTestHost, type TestHost } from "./test-host.ts";

/** The messages published to a topic in this test file, in order, as a subscription gets them. Throws TestingError `no_such_topic`. */
export function published<Msg extends object>(topic: Topic<Msg>): Msg[] {
  const host = currentTestHost();
  const codec = codecOf(host, topic.name);
  return host.broker.messagesOf(topic.name).map(({ payload }) => codec.decode(JSON.parse(payload), ignored()) as Msg);
}

/**
 * Gives the messages that were published to a topic, and not delivered before, to all its subscriptions, one after the other. Throws
 * TestingError `no_such_topic`; `delivery_failed` for the first that a handler rejects, with its reason.
 */
export async function deliver<Msg extends object>(topic: Topic<Msg>): Promise<void> {
  const host = currentTestHost();
  const codec = codecOf(host, topic.name);
  const known = host.topics.get(topic.name)!.topic;
  for (const message of host.broker.takeUndelivered(topic.name)) {
    for (const subscription of topicSpecs([known])[0]!.subscriptions) {
      const { service } = known.subscriptions.find(({ name }) => name === subscription.name)!;
      await host.loadService(service);
      const handler = subscriptionHandler(topic.name, subscription.name)!;
      const signal = AbortSignal.timeout(subscription.ackDeadlineMs);
      const middlewares = host.subscriptionMiddlewares(service);
      const receiver = { service, system: host.broker.system, subscription, codec, handler, middlewares };
      const extend = async () => {};
      const outcome = await deliverOne(receiver, { ...message, attempt: 1, signal, extend, replayTraceparent: null });
      if (outcome.kind !== "handled") {
        const { reason } = outcome;
        throw new TestingError("delivery_failed", { subscription: `${topic.name}/${subscription.name}`, reason });
      }
    }
  }
}

function codecOf(host: TestHost, topic: string) {
  const codec = host.topics.get(topic)?.codec;
  if (codec === undefined) throw new TestingError("no_such_topic", { topic });
  return codec;
}

/** Messages were checked when they were published. */
function ignored(): Issue[] {
  return [];
}
