// Looks after the subscriptions that infra.json names: how much waits, as Cloud Monitoring knows it, and the dead letters.
import type { DeadLetter, ReplayOptions, SubscriptionState, TopicControl } from "@tenon/model";
import { readPayload } from "@tenon/runtime/engine";
import { BacklogMetrics, backlogMetric, oldestAgeMetric } from "./backlog-metrics.ts";
import { type GcpPubsubConfig, type PlacedSubscription, placedSubscription, placedSubscriptions } from "./config.ts";
import { DeadLetterShelf, type Letter } from "./dead-letter-shelf.ts";
import { copyOf } from "./message-copy.ts";
import { PubsubApi } from "./pubsub-api.ts";
import { inRequests } from "./to-pubsub.ts";

/** Letters that are put back together: after a crash so many may be among the dead and the waiting. */
const replayedAtOnce = 100;

export function createTopicControl(config: GcpPubsubConfig): TopicControl {
  return new GcpPubsubTopicControl(config);
}

class GcpPubsubTopicControl implements TopicControl {
  readonly #config: GcpPubsubConfig;
  readonly #api: PubsubApi;
  readonly #metrics: BacklogMetrics;

  constructor(config: GcpPubsubConfig) {
    this.#config = config;
    this.#api = new PubsubApi(config);
    this.#metrics = new BacklogMetrics(config);
  }

  async states(): Promise<SubscriptionState[]> {
    const places = placedSubscriptions(this.#config);
    const projects = [...new Set(places.map(({ project }) => project))];
    const perProject = await Promise.all(
      projects.map((project) =>
        this.#statesIn(
          project,
          places.filter((place) => place.project === project),
        ),
      ),
    );
    const states = new Map(perProject.flat());
    return places.map((place) => states.get(place)!);
  }

  async #statesIn(
    project: string,
    places: readonly PlacedSubscription[],
  ): Promise<[PlacedSubscription, SubscriptionState][]> {
    const ids = places.map(({ id }) => id);
    const deadIds = places.flatMap(({ deadLetters }) => (deadLetters === undefined ? [] : [deadLetters.id]));
    const [counts, ages] = await Promise.all([
      this.#metrics.latest(project, backlogMetric, [...ids, ...deadIds]),
      this.#metrics.latest(project, oldestAgeMetric, ids),
    ]);
    return places.map((place) => {
      const { topic, subscription, id, deadLetters } = place;
      const backlog = counts.get(id) ?? 0;
      const oldestAgeMs = backlog === 0 ? null : (ages.get(id) ?? 0) * 1_000;
      const dead = deadLetters === undefined ? 0 : (counts.get(deadLetters.id) ?? 0);
      return [place, { topic, subscription, backlog, oldestAgeMs, deadLetters: dead }];
    });
  }

  async deadLetters(
    topic: string,
    subscription: string,
    { limit, after = "" }: { readonly limit: number; readonly after?: string | undefined },
  ): Promise<DeadLetter[]> {
    const { shelf } = this.#shelfOf(topic, subscription);
    return shelf.open(async (letters) =>
      letters
        .filter(({ position }) => position > after)
        .slice(0, limit)
        .map(toDeadLetter),
    );
  }

  async replay(topic: string, subscription: string, options: ReplayOptions): Promise<number> {
    const { messageIds, limit, perSecond, traceparent } = options;
    const { shelf, place } = this.#shelfOf(topic, subscription);
    return shelf.open(async (letters) => {
      const chosen = letters.filter(({ read }) => messageIds?.includes(read.id) !== false).slice(0, limit);
      const begunAt = Date.now();
      const copies = chosen.map(({ received, read }, index) => {
        const dueAt = new Date(begunAt + (perSecond === undefined ? 0 : (index * 1_000) / perSecond));
        return copyOf(received.message, read, {
          subscription,
          attempts: 0,
          waitsSince: dueAt,
          replayTraceparent: traceparent ?? null,
          ...(perSecond === undefined || index === 0 ? {} : { deliverAt: dueAt }),
        });
      });
      for (let from = 0; from < chosen.length; from += replayedAtOnce) {
        const part = copies.slice(from, from + replayedAtOnce);
        for (const request of inRequests(part)) await this.#api.publish(place.topicPath, request);
        await shelf.remove(chosen.slice(from, from + replayedAtOnce));
      }
      return chosen.length;
    });
  }

  async discard(topic: string, subscription: string, messageIds: readonly string[]): Promise<number> {
    const { shelf } = this.#shelfOf(topic, subscription);
    return shelf.open(async (letters) => {
      const chosen = letters.filter(({ read }) => messageIds.includes(read.id));
      await shelf.remove(chosen);
      return chosen.length;
    });
  }

  #shelfOf(
    topic: string,
    subscription: string,
  ): { readonly shelf: DeadLetterShelf; readonly place: PlacedSubscription } {
    const place = placedSubscription(this.#config, topic, subscription);
    const at = `pubsub[0].topics.${topic}.subscriptions.${subscription}`;
    if (place === undefined) throw new Error(`infra.json has no ${at}`);
    if (place.deadLetters === undefined) {
      throw new Error(
        `the dead letters of ${topic}/${subscription} can't be read: ${at} of infra.json needs "dead_letter": {"subscription": "..."}, a subscription of its dead letter topic`,
      );
    }
    return { shelf: new DeadLetterShelf(this.#api, place.deadLetters.path), place };
  }
}

function toDeadLetter({ read, reason, attempts, publishedAt, diedAt, position }: Letter): DeadLetter {
  return {
    messageId: read.id,
    message: readPayload(read.payload),
    attributes: read.attributes,
    orderingKey: read.orderingKey,
    reason,
    attempts,
    publishedAt: publishedAt.toISOString(),
    diedAt: diedAt.toISOString(),
    traceId: read.traceparent.split("-")[1] ?? "",
    position,
  };
}
