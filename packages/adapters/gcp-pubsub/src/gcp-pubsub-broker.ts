// Messages in topics and subscriptions of Google Cloud that exist already. A process names those that it uses in infra.json; the others of the app
// it has nothing to do with.
import {
  type Broker,
  type Consumer,
  EngineCannot,
  type OutgoingMessage,
  type Receiver,
  type SubscriptionSpec,
  type TopicSpec,
} from "@tenon/runtime/engine";
import { AckWriter } from "./ack-writer.ts";
import { checkSubscription, pushed } from "./check-subscription.ts";
import { type GcpPubsubConfig, type PlacedSubscription, placedSubscription, topicPath } from "./config.ts";
import { engineName } from "./engine-name.ts";
import { PubsubApi } from "./pubsub-api.ts";
import { PullConsumer } from "./pull-consumer.ts";
import { GoogleApiError } from "./rest-client.ts";
import type { SubscriptionLink } from "./subscription-link.ts";
import { inRequests, toPubsub } from "./to-pubsub.ts";

export function createBroker(config: GcpPubsubConfig): Broker {
  return new GcpPubsubBroker(config);
}

class GcpPubsubBroker implements Broker {
  readonly system = engineName;
  readonly remembersIds = false;
  readonly #config: GcpPubsubConfig;
  readonly #api: PubsubApi;
  readonly #ordered = new Set<string>();

  constructor(config: GcpPubsubConfig) {
    this.#config = config;
    this.#api = new PubsubApi(config);
  }

  async declare(topics: readonly TopicSpec[]): Promise<void> {
    for (const { name, isOrdered, deliveryGuarantee, subscriptions } of topics) {
      if (this.#config.topics[name] === undefined) continue;
      if (deliveryGuarantee === "exactly-once") throw notExactlyOnce(name);
      if (isOrdered) this.#ordered.add(name);
      else this.#ordered.delete(name);
      await Promise.all(subscriptions.map((spec) => this.#look(spec)));
    }
  }

  /** A subscription that another process takes from need not be visible to this one. */
  async #look(spec: SubscriptionSpec): Promise<void> {
    const place = placedSubscription(this.#config, spec.topic, spec.name);
    if (place === undefined || place.isPushed) return;
    try {
      await this.#open(spec, place);
    } catch (error) {
      if (!(error instanceof GoogleApiError) || error.status !== "PERMISSION_DENIED") throw error;
    }
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const path = topicPath(this.#config, topic);
    if (path === undefined)
      throw new EngineCannot(engineName, topic, `pubsub[0].topics of infra.json does not name "${topic}"`);
    if (messages.some(({ mayBeRepeat }) => mayBeRepeat)) throw forgetful(topic);
    const isOrdered = this.#ordered.has(topic);
    const requests = inRequests(messages.map((message) => toPubsub(topic, isOrdered, message)));
    // One after the other, for the order.
    for (const request of requests) await this.#api.publish(path, request);
  }

  consume(spec: SubscriptionSpec, receiver: Receiver): Consumer {
    const place = placedSubscription(this.#config, spec.topic, spec.name);
    if (place === undefined) {
      const where = `pubsub[0].topics.${spec.topic}.subscriptions of infra.json`;
      throw new EngineCannot(engineName, `${spec.topic}/${spec.name}`, `${where} does not name "${spec.name}"`);
    }
    if (place.isPushed) throw pushed(spec);
    return new PullConsumer(spec, receiver, () => this.#open(spec, place));
  }

  async #open(spec: SubscriptionSpec, place: PlacedSubscription): Promise<SubscriptionLink> {
    const facts = await this.#api.factsOf(place.path);
    const { path, topicPath: ofTopic } = place;
    const writer = new AckWriter(this.#api, path);
    return { spec, api: this.#api, writer, path, topicPath: ofTopic, ...checkSubscription(spec, place, facts) };
  }

  async close(): Promise<void> {
    // There are no connections but those of requests.
  }
}

function notExactlyOnce(topic: string): EngineCannot {
  return new EngineCannot(
    engineName,
    topic,
    'Pub/Sub knows no repeated publish, so a message may come twice: declare it "at-least-once", and give subscriptions a `database` where each message has to count once',
  );
}

function forgetful(topic: string): EngineCannot {
  return new EngineCannot(
    engineName,
    topic,
    "Pub/Sub remembers no ids, so a message with a dedupKey could come twice: leave it out, and give subscriptions a `database` where each message has to count once",
  );
}
