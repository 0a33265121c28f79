// Connects a process to its broker before its code is loaded, begins to consume after, and ends both in the opposite order.
import type { CodecsModule, Graph } from "@tenon/model";
import { HostError } from "../lifecycle/host-error.ts";
import type { Middleware } from "../middleware/middleware.ts";
import type { Consumer, Delivery, SubscriptionSpec } from "./broker.ts";
import { deliver } from "./deliver.ts";
import { installMessaging, type KnownTopic, type Messaging, topicSpecs } from "./messaging.ts";
import type { MessagingConfig } from "./messaging-config.ts";
import { openBroker } from "./open-broker.ts";
import { subscriptionHandler } from "./subscription.ts";

export class RunningMessaging {
  readonly #messaging: Messaging;
  readonly #graph: Graph;
  readonly #services: readonly string[];
  readonly #consumers: Consumer[] = [];

  constructor(messaging: Messaging, graph: Graph, services: readonly string[]) {
    this.#messaging = messaging;
    this.#graph = graph;
    this.#services = services;
  }

  /**
   * Once the services' modules have run. `middlewares`: those around the messages of each service. Throws HostError
   * `subscription_missing`.
   */
  consume(middlewares: ReadonlyMap<string, readonly Middleware[]>): void {
    for (const spec of topicSpecs(this.#graph.topics ?? []).flatMap(({ subscriptions }) => subscriptions)) {
      const service = this.#serviceOf(spec);
      if (service === undefined) continue;
      const handler = subscriptionHandler(spec.topic, spec.name);
      const codec = this.#messaging.topics.get(spec.topic)?.codec;
      if (handler === undefined || codec === undefined) {
        throw new HostError("subscription_missing", { service, subscription: `${spec.topic}/${spec.name}` });
      }
      const around = middlewares.get(service) ?? [];
      const { broker } = this.#messaging;
      const hosted = { service, system: broker.system, subscription: spec, codec, handler, middlewares: around };
      const receiver = { deliver: (delivery: Delivery) => deliver(hosted, delivery), bury: async () => {} };
      this.#consumers.push(broker.consume(spec, receiver));
    }
  }

  #serviceOf({ topic, name }: SubscriptionSpec): string | undefined {
    const subscription = this.#graph.topics
      ?.find((one) => one.name === topic)
      ?.subscriptions.find((one) => one.name === name);
    return subscription !== undefined && this.#services.includes(subscription.service)
      ? subscription.service
      : undefined;
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

/** Throws HostError `broker_unavailable`, `engine_missing` or `engine_unusable`, EngineCannot. */
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
    if ((error as { code?: unknown }).code === "engine_cannot") throw error;
    throw new HostError("broker_unavailable", { reason: (error as Error).message }, error);
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
  return new RunningMessaging(messaging, graph, services);
}
