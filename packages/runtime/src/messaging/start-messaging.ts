// Connects a process to its broker before its code is loaded, begins to consume after, and ends both in the opposite order.
import type { CodecsModule, Graph } from "@tenon/model";
import { HostError } from "../lifecycle/host-error.ts";
import type { Middleware } from "../middleware/middleware.ts";
import type { Broker, Consumer, Receiver, SubscriptionSpec } from "./broker.ts";
import { brokerFailure } from "./broker-failure.ts";
import { createReceiver } from "./create-receiver.ts";
import { hostSubscription } from "./hosted-subscription.ts";
import type { OpenInbox } from "./inbox/open-inboxes.ts";
import { installMessaging, type KnownTopic, type Messaging, subscriptionSpec, topicSpecs } from "./messaging.ts";
import type { MessagingConfig } from "./messaging-config.ts";
import { openBroker } from "./open-broker.ts";
import { loadedSubscription } from "./subscription.ts";

export class RunningMessaging {
  readonly #messaging: Messaging;
  readonly #graph: Graph;
  readonly #services: readonly string[];
  readonly #inboxes: ReadonlyMap<string, OpenInbox>;
  readonly #consumers: Consumer[] = [];

  constructor(
    messaging: Messaging,
    graph: Graph,
    services: readonly string[],
    inboxes: ReadonlyMap<string, OpenInbox>,
  ) {
    this.#messaging = messaging;
    this.#graph = graph;
    this.#services = services;
    this.#inboxes = inboxes;
  }

  get broker(): Broker {
    return this.#messaging.broker;
  }

  /**
   * Once the services' modules have run. `middlewares`: those around the messages of each service; `begin`: takes the place of the broker,
   * where messages come in another way. Throws HostError `subscription_missing`.
   */
  consume(middlewares: ReadonlyMap<string, readonly Middleware[]>, begin?: Broker["consume"]): void {
    const { broker, topics } = this.#messaging;
    const consume =
      begin ?? ((subscription: SubscriptionSpec, receiver: Receiver) => broker.consume(subscription, receiver));
    for (const topic of this.#graph.topics ?? []) {
      for (const declared of topic.subscriptions) {
        const { name, service, batch } = declared;
        if (!this.#services.includes(service)) continue;
        const loaded = loadedSubscription(topic.name, name);
        const codec = topics.get(topic.name)?.codec;
        if (loaded === undefined || codec === undefined) {
          throw new HostError("subscription_missing", { service, subscription: `${topic.name}/${name}` });
        }
        const subscription = subscriptionSpec(topic, declared);
        const around = middlewares.get(service) ?? [];
        const { system } = broker;
        const inbox = this.#inboxes.get(`${topic.name}/${name}`);
        const parts = { service, subscription, codec, loaded, batch, inbox, middlewares: around, system };
        this.#consumers.push(consume(subscription, createReceiver(hostSubscription(parts))));
      }
    }
  }

  /** Takes no more messages and waits for those under way. */
  async stopConsuming(timeoutMs: number): Promise<void> {
    await Promise.all(this.#consumers.map((consumer) => consumer.stop(timeoutMs)));
  }

  async close(): Promise<void> {
    installMessaging(undefined);
    await this.#messaging.broker.close();
  }
}

/** Throws HostError `broker_unavailable`, `guarantee_impossible`, `engine_missing` or `engine_unusable`. */
export async function startMessaging(
  config: MessagingConfig,
  graph: Graph,
  services: readonly string[],
  codecs: ReadonlyMap<string, CodecsModule>,
  buildDir: string,
): Promise<RunningMessaging> {
  const broker = await openBroker(config, buildDir);
  try {
    await broker.declare(topicSpecs(graph.topics ?? []));
  } catch (error) {
    await broker.close().catch(() => {});
    throw brokerFailure(error);
  }
  const topics = new Map<string, KnownTopic>();
  for (const topic of graph.topics ?? []) {
    const module = services
      .map((service) => codecs.get(service))
      .find((one) => one?.topics?.[topic.name] !== undefined);
    topics.set(topic.name, { topic, codec: module?.topics?.[topic.name] });
  }
  const messaging: Messaging = { broker, topics };
  installMessaging(messaging);
  return new RunningMessaging(messaging, graph, services, await inboxesOf(graph, services));
}

/** By "topic/subscription"; what an inbox is made of is loaded where there is one. */
async function inboxesOf({ topics = [] }: Graph, services: readonly string[]): Promise<ReadonlyMap<string, OpenInbox>> {
  const isOurs = topics.some(({ subscriptions }) =>
    subscriptions.some(({ service, database }) => database !== undefined && services.includes(service)),
  );
  if (!isOurs) return new Map();
  const { openInboxes } = await import("./inbox/open-inboxes.ts");
  return openInboxes(topics);
}
