// Messages in NATS JetStream: each subscription has its copy of a message in one stream, from which it is gone once it is handled.
// The server keeps who has what and wakes consumers by itself.
import {
  type Broker,
  type Consumer,
  type OutgoingMessage,
  type Receiver,
  type Sighting,
  StaySeen,
  type SubscriptionSpec,
  type TopicSpec,
  unseenMs,
} from "@tenon/runtime/engine";
import type { NatsEngineConfig } from "./config.ts";
import { HeldConsumer } from "./held-consumer.ts";
import { LaneConsumer } from "./lane-consumer.ts";
import { Link } from "./link.ts";
import { prepareConsumers } from "./prepare-consumers.ts";
import { prepareStreams } from "./prepare-streams.ts";
import { publishMessages } from "./publish-messages.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { Registry } from "./registry.ts";
import { keepTidy } from "./keep-tidy.ts";

export function createBroker(config: NatsEngineConfig): Broker {
  return new NatsBroker(config);
}

interface Open {
  readonly link: Link;
  readonly registry: Registry;
}

class NatsBroker implements Broker {
  readonly system = "nats";
  readonly #config: NatsEngineConfig;
  readonly #staySeen = new StaySeen((sighting) => this.#sight(sighting));
  #open: Open | undefined;
  #topics: readonly TopicSpec[] = [];

  constructor(config: NatsEngineConfig) {
    this.#config = config;
  }

  async declare(topics: readonly TopicSpec[]): Promise<void> {
    if (this.#open === undefined) {
      const link = await Link.open(this.#config);
      this.#open = { link, registry: new Registry(link) };
    }
    const { link, registry } = this.#open;
    const declared = topics.map(({ name }) => `the topic "${name}"`).join(", ");
    await prepareStreams(link, this.#config.replicas ?? 1, declared);
    for (const topic of topics) {
      await registry.declare(topic, { retireAfterMs: unseenMs });
      for (const subscription of topic.subscriptions) await prepareConsumers(link, subscription);
    }
    this.#topics = topics;
    this.#staySeen.declared();
  }

  async #sight(sighting: Sighting): Promise<void> {
    const { registry } = this.#declared();
    for (const topic of this.#topics) await registry.sight(topic, sighting);
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const { link, registry } = this.#declared();
    await publishMessages(link, registry, topic, messages);
  }

  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer {
    const { link } = this.#declared();
    const names = link.names.of(subscription.topic, subscription.name);
    const Kind = subscription.isOrdered ? LaneConsumer : QueueConsumer;
    const parts = [new Kind(link, names, subscription, receiver), new HeldConsumer(link, names, subscription)];
    const forget = keepTidy(link, subscription);
    return {
      async stop(timeoutMs) {
        forget();
        await Promise.all(parts.map((part) => part.stop(timeoutMs)));
      },
    };
  }

  #declared(): Open {
    if (this.#open === undefined) throw new Error("the topics were not declared");
    return this.#open;
  }

  async close(): Promise<void> {
    this.#staySeen.close();
    await this.#open?.link.close();
  }
}
