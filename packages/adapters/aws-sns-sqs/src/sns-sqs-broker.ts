// Messages through SNS and SQS: publishing goes to the topic, and each subscription's consumers ask its queue. Topics, queues and who is
// subscribed to what are there already; a process needs no right to change them.
import { ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import {
  type Broker,
  type Consumer,
  handleDelivery,
  isWanted,
  leaseMsOf,
  type OutgoingMessage,
  type Receiver,
  type SubscriptionSpec,
  type TopicSpec,
} from "@tenon/runtime/engine";
import { readReceived, type ReceivedMessage } from "./carried-message.ts";
import { Clients } from "./clients.ts";
import { type AwsEngineConfig, cannot, isFifo, type QueuePlace, type TopicPlace } from "./config.ts";
import { earlyMs, HeldMessage, hideEarly, leaseSeconds } from "./held-message.ts";
import { type Polls, PollingConsumer, type Work } from "./polling-consumer.ts";
import { type PublishTarget, publishMessages } from "./publish-messages.ts";
import {
  checkQueue,
  checkSubscription,
  longestDelayMs,
  longestRetentionMs,
  type QueueFacts,
  readQueue,
} from "./queue-facts.ts";
import { SubscribedQueue } from "./subscribed-queue.ts";

const defaultWaitSeconds = 20;
const mostAtOnce = 10;

export function createBroker(config: AwsEngineConfig): Broker {
  return new SnsSqsBroker(config);
}

class SnsSqsBroker implements Broker {
  readonly system = "aws_sqs";
  readonly remembersIds = (topic: string) => isFifo(this.#config.topics[topic]?.arn ?? "");
  readonly #config: AwsEngineConfig;
  readonly #clients: Clients;
  readonly #topics = new Map<string, TopicSpec>();
  /** By "topic/subscription", of those that this process may look at. */
  readonly #queues = new Map<string, QueueFacts>();

  constructor(config: AwsEngineConfig) {
    this.#config = config;
    this.#clients = new Clients(config);
  }

  /** A file names what its process needs: what it leaves out is for others, and refused where it is used. */
  async declare(topics: readonly TopicSpec[]): Promise<void> {
    const readings: (() => Promise<void>)[] = [];
    for (const topic of topics) {
      this.#topics.set(topic.name, topic);
      const place = this.#config.topics[topic.name];
      if (place === undefined) continue;
      checkTopic(topic, place);
      for (const subscription of topic.subscriptions) {
        const queue = place.subscriptions[subscription.name];
        if (queue === undefined) continue;
        checkOrder(topic, subscription, queue);
        readings.push(() => this.#look(subscription, place, queue));
      }
    }
    // Nothing is asked before everything was looked at: what is under way when that throws would have nobody to tell how it failed.
    await Promise.all(readings.map((read) => read()));
  }

  async #look(subscription: SubscriptionSpec, topic: TopicPlace, place: QueuePlace): Promise<void> {
    const name = nameOf(subscription);
    checkSubscription(subscription);
    const facts = await readQueue(this.#clients.ofQueue(place.url, topic), place.url);
    if (facts === undefined) return;
    checkQueue(subscription, place, facts);
    this.#queues.set(name, facts);
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    await publishMessages(this.#targetOf(topic), messages);
  }

  #targetOf(name: string): PublishTarget {
    const place = this.#config.topics[name];
    if (place === undefined) throw cannot(name, "infra.json names no SNS topic for it (topics)");
    const topic = this.#topics.get(name);
    const delays = (topic?.subscriptions ?? []).map((subscription) =>
      longestDelayMs(subscription, this.#queues.get(nameOf(subscription))),
    );
    return {
      name,
      place,
      isOrdered: topic?.isOrdered === true,
      client: this.#clients.ofTopic(place),
      longestDelayMs: Math.min(...delays, longestRetentionMs),
    };
  }

  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer {
    const name = nameOf(subscription);
    const topic = this.#config.topics[subscription.topic];
    const place = topic?.subscriptions[subscription.name];
    if (topic === undefined || place === undefined) throw cannot(name, "infra.json names no SQS queue for it (topics)");
    const deadLetterUrl = place.deadLetterUrl ?? this.#queues.get(name)?.deadLetterUrl;
    if (deadLetterUrl === undefined || !this.#queues.has(name)) {
      throw cannot(name, "this process may not look at its queue; allow it sqs:GetQueueAttributes");
    }
    const queue = new SubscribedQueue(this.#clients.ofQueue(place.url, topic), place.url, deadLetterUrl);
    const waitSeconds = this.#config.waitSeconds ?? defaultWaitSeconds;
    return new PollingConsumer({
      name,
      capacity: subscription.maxConcurrency,
      // Of a FIFO queue one by one: several of a key would come at once, and each would have counted as tried.
      mostAtOnce: isFifo(place.url) ? 1 : mostAtOnce,
      waitMs: waitSeconds * 1_000,
      receive: (most, signal) => receive(queue, subscription, receiver, { most, waitSeconds, signal }),
    });
  }

  async close(): Promise<void> {
    this.#clients.close();
  }
}

interface Asked {
  readonly most: number;
  readonly waitSeconds: number;
  readonly signal: AbortSignal;
}

async function receive(
  queue: SubscribedQueue,
  subscription: SubscriptionSpec,
  receiver: Receiver,
  { most, waitSeconds, signal }: Asked,
): ReturnType<Polls["receive"]> {
  const { Messages = [] } = await queue.client.send(
    new ReceiveMessageCommand({
      QueueUrl: queue.url,
      MaxNumberOfMessages: most,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: leaseSeconds(leaseMsOf(subscription)),
      MessageAttributeNames: ["All"],
      MessageSystemAttributeNames: ["All"],
    }),
    { abortSignal: signal },
  );
  const work: Work[] = [];
  const passed: Promise<unknown>[] = [];
  for (const received of Messages.map(readReceived)) {
    const held = new HeldMessage(received, subscription, queue);
    const done = passOver(queue, subscription, received);
    if (done !== undefined) passed.push(done);
    else
      work.push({
        run: (stopping) => handleDelivery(held, subscription, receiver, stopping),
        giveBack: () => held.handBack(),
      });
  }
  // What could not be said comes again when its lease is over.
  await Promise.allSettled(passed);
  return { count: Messages.length, work };
}

/** For a message that is not for the handler, or not yet. undefined: it is. */
function passOver(
  queue: SubscribedQueue,
  { filter }: SubscriptionSpec,
  received: ReceivedMessage,
): Promise<unknown> | undefined {
  if (!isWanted(received.message, filter)) return queue.deletions.add(received.receipt);
  return earlyMs(received) > 0 ? hideEarly(queue, received) : undefined;
}

/** Throws EngineCannot. */
function checkTopic({ name, isOrdered, deliveryGuarantee }: TopicSpec, { arn }: TopicPlace): void {
  if (isFifo(arn)) return;
  if (isOrdered) throw cannot(name, "its SNS topic is a standard one, and only FIFO ones keep an order");
  if (deliveryGuarantee === "exactly-once") {
    throw cannot(
      name,
      "its SNS topic is a standard one, and SQS may give out a message of it twice; make topic and queues FIFO, or declare it at-least-once and handle its messages in a database",
    );
  }
}

/** A FIFO topic may have standard queues. Throws EngineCannot. */
function checkOrder({ deliveryGuarantee }: TopicSpec, subscription: SubscriptionSpec, { url }: QueuePlace): void {
  if (isFifo(url)) return;
  if (subscription.isOrdered) {
    throw cannot(nameOf(subscription), "its queue is a standard one, and only FIFO ones keep an order");
  }
  if (deliveryGuarantee === "exactly-once") {
    throw cannot(nameOf(subscription), "its queue is a standard one, and may give out a message twice; make it FIFO");
  }
}

function nameOf({ topic, name }: SubscriptionSpec): string {
  return `${topic}/${name}`;
}
