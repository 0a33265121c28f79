// Messages in Redis: publishing is one script for a whole batch, so that it is accepted as a whole; consumers are woken by a channel and
// take what is due under leases. Order is by key: of each key only the first message may be taken.
import { randomUUID } from "node:crypto";
import {
  type Broker,
  type Consumer,
  ConsumerLoop,
  dedupWindowMs,
  handleDelivery,
  leaseMsOf,
  type OutgoingMessage,
  type Receiver,
  type Sighting,
  StaySeen,
  type SubscriptionSpec,
  seenLatelyMs,
  type TopicSpec,
  unseenMs,
  type Work,
} from "@tenon/runtime/engine";
import { checkDurability } from "./check-durability.ts";
import type { RedisEngineConfig } from "./config.ts";
import { Connection } from "./connection.ts";
import { HeldMessage, type TakenMessage } from "./held-message.ts";
import { publishArguments } from "./stored-message.ts";
import { WakeUps } from "./wake-ups.ts";

const mostAtOnce = 100;
const replicaTimeoutMs = 5_000;

export function createBroker(config: RedisEngineConfig): Broker {
  return new RedisBroker(config);
}

class RedisBroker implements Broker {
  readonly system = "redis";
  readonly #config: RedisEngineConfig;
  readonly #connection: Connection;
  readonly #wakeUps: WakeUps;
  readonly #staySeen = new StaySeen((sighting) => this.#sight(sighting));
  #topics: readonly TopicSpec[] = [];

  constructor(config: RedisEngineConfig) {
    this.#config = config;
    this.#connection = new Connection(config);
    this.#wakeUps = new WakeUps(config);
  }

  async declare(topics: readonly TopicSpec[]): Promise<void> {
    const { client, topicsKey } = this.#connection;
    const names = topics.map(({ name }) => name);
    if (names.length === 0) return;
    if (this.#config.durability !== "assumed") await checkDurability(client, names);
    await client.sadd(topicsKey, ...names);
    for (const { name: topic, subscriptions } of topics) {
      const args = subscriptions.flatMap(({ name, isOrdered, filter }) => [
        name,
        JSON.stringify({ active: true, ordered: isOrdered, filter }),
      ]);
      await this.#connection.run("declare", topic, args);
    }
    this.#topics = topics;
    await this.#sight({ retireAfterMs: unseenMs });
    this.#staySeen.declared();
  }

  async #sight({ retireAfterMs }: Sighting): Promise<void> {
    for (const { name: topic, subscriptions } of this.#topics) {
      const names = subscriptions.map(({ name }) => name);
      await this.#connection.run("sight", topic, [seenLatelyMs, retireAfterMs ?? -1, ...names]);
    }
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    await this.#connection.run("publish", topic, [dedupWindowMs, ...messages.flatMap(publishArguments)]);
    const { replicas = 0 } = this.#config;
    if (replicas === 0) return;
    const reached = await this.#connection.client.wait(replicas, replicaTimeoutMs);
    if (reached < replicas) throw new Error(`the message reached ${reached} of ${replicas} replicas`);
  }

  consume(subscription: SubscriptionSpec, receiver: Receiver): Consumer {
    const { topic, name, maxConcurrency } = subscription;
    const loop: ConsumerLoop = new ConsumerLoop({
      name: `${topic}/${name}`,
      capacity: maxConcurrency,
      take: (count) => this.#take(subscription, receiver, Math.min(count, mostAtOnce), () => loop.wake()),
      untilDueMs: async () => {
        const waitMs = Number(await this.#connection.run("untilDue", topic, [name]));
        return waitMs < 0 ? null : waitMs;
      },
      stopped: async () => this.#wakeUps.remove(topic, name),
    });
    this.#wakeUps.add(topic, name, () => loop.wake());
    return loop;
  }

  async #take(
    subscription: SubscriptionSpec,
    receiver: Receiver,
    count: number,
    onFollower: () => void,
  ): Promise<Work[]> {
    const token = randomUUID();
    const args = [subscription.name, count, leaseMsOf(subscription), token];
    const taken = (await this.#connection.run("take", subscription.topic, args)) as TakenMessage[];
    return taken.map((one) => {
      const held = new HeldMessage(one, subscription, token, this.#connection, onFollower);
      return (stopping) => handleDelivery(held, subscription, receiver, stopping);
    });
  }

  async close(): Promise<void> {
    this.#staySeen.close();
    this.#wakeUps.close();
    this.#connection.close();
  }
}
