// Messages in NSQ: a topic for each topic, a channel for each subscription. What NSQ has not is refused when it is declared (order, exactly
// once) or published (ids that may be repeats), and what may be lost is told at the start.
import {
  type Broker,
  type Consumer,
  EngineCannot,
  type OutgoingMessage,
  type Receiver,
  type SubscriptionSpec,
  type TopicSpec,
} from "@tenon/runtime/engine";
import { subscribe } from "./commands.ts";
import { type Address, addressesOf, type NsqEngineConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { encode, envelopeOf } from "./envelope.ts";
import { readOption } from "./nsqd-http.ts";
import { Names, type SubscriptionNames } from "./names.ts";
import { Publisher } from "./publisher.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { Sink } from "./sink.ts";
import { tellDurability } from "./tell-durability.ts";
import { checkAckDeadline, checkBackoff } from "./times.ts";

const nanosecondsPerMs = 1_000_000;

export function createBroker(config: NsqEngineConfig): Broker {
  return new NsqBroker(config);
}

class NsqBroker implements Broker {
  readonly system = "nsq";
  readonly remembersIds = false;
  readonly #names: Names;
  readonly #addresses: readonly Address[];
  readonly #publisher: Publisher;
  readonly #sinks = new Map<string, Sink>();
  #subscriptions: readonly SubscriptionSpec[] = [];
  #isTold = false;

  constructor(config: NsqEngineConfig) {
    this.#names = new Names(config);
    this.#addresses = addressesOf(config);
    this.#publisher = new Publisher(this.#addresses, (address) => this.#makeChannels(address));
  }

  /** What infra.json does not name is for other processes. */
  async declare(topics: readonly TopicSpec[]): Promise<void> {
    for (const topic of topics) checkTopic(topic);
    this.#subscriptions = topics
      .flatMap(({ subscriptions }) => subscriptions)
      .filter(({ topic, name }) => this.#names.subscription(topic, name) !== undefined);
    const made = await Promise.allSettled(this.#addresses.map((address) => this.#makeChannels(address)));
    const failed = made.filter((one) => one.status === "rejected");
    const refused = failed.find(({ reason }) => reason instanceof EngineCannot);
    // A server that is away gets its channels with the first connection to it.
    if (refused !== undefined || failed.length === made.length) throw (refused ?? failed[0]!).reason;
    await this.#openSinks(topics);
    const told = this.#isTold ? [] : this.#addresses.map(tellDurability);
    this.#isTold = true;
    await Promise.all([...told, ...this.#addresses.map((address) => this.#checkBackoffs(address))]);
  }

  /** A channel gets what is published from when it is there. */
  async #makeChannels(address: Address): Promise<void> {
    for (const subscription of this.#subscriptions) {
      const names = this.#namesOf(subscription);
      const connection = await Connection.open(address);
      try {
        checkAckDeadline(subscription, connection.limits);
        await connection.ask(subscribe(names.topic, names.channel));
      } finally {
        connection.destroy();
      }
    }
  }

  /** As far as the server tells: that it does not is part of the notice. */
  async #checkBackoffs(address: Address): Promise<void> {
    const maxReqTimeout = await readOption(address, "max_req_timeout").catch(() => undefined);
    if (maxReqTimeout === undefined) return;
    for (const subscription of this.#subscriptions) checkBackoff(subscription, maxReqTimeout / nanosecondsPerMs);
  }

  async #openSinks(topics: readonly TopicSpec[]): Promise<void> {
    for (const { name, subscriptions } of topics) {
      const topic = this.#names.topic(name);
      if (topic === undefined || subscriptions.length > 0 || this.#sinks.has(name)) continue;
      const sink = new Sink(this.#addresses, topic);
      this.#sinks.set(name, sink);
      await sink.opened();
    }
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const name = this.#names.topic(topic);
    if (name === undefined) throw notNamed(`the topic "${topic}"`, `topics.${topic}`);
    if (messages.some(({ mayBeRepeat }) => mayBeRepeat)) throw forgetful(topic);
    const publishedAt = Date.now();
    await this.#publisher.publish(
      name,
      messages.map((message) => encode(envelopeOf(message, publishedAt))),
    );
  }

  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer {
    return new QueueConsumer({
      addresses: this.#addresses,
      publisher: this.#publisher,
      names: this.#namesOf(subscription),
      subscription,
      receiver,
    });
  }

  #namesOf({ topic, name }: SubscriptionSpec): SubscriptionNames {
    const names = this.#names.subscription(topic, name);
    if (names === undefined) throw notNamed(`${topic}/${name}`, `topics.${topic}.subscriptions.${name}`);
    return names;
  }

  async close(): Promise<void> {
    this.#publisher.close();
    await Promise.all([...this.#sinks.values()].map((sink) => sink.close()));
  }
}

function checkTopic({ name, isOrdered, deliveryGuarantee }: TopicSpec): void {
  const topic = `the topic "${name}"`;
  if (isOrdered) {
    throw new EngineCannot("nsq", topic, "it keeps no order; leave out orderingAttribute");
  }
  if (deliveryGuarantee === "exactly-once") {
    const lacking =
      'it does not answer acknowledgements; declare "at-least-once", with `database` on its subscriptions';
    throw new EngineCannot("nsq", topic, lacking);
  }
}

function forgetful(topic: string): EngineCannot {
  const lacking =
    "it does not remember ids, so that a message with a dedupKey could reach its subscriptions twice; leave it out, and give the subscriptions a `database`";
  return new EngineCannot("nsq", `the topic "${topic}"`, lacking);
}

function notNamed(declared: string, key: string): EngineCannot {
  return new EngineCannot("nsq", declared, `infra.json does not say what it is called in NSQ; add pubsub[0].${key}`);
}
