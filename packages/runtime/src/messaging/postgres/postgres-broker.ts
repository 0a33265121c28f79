// Messages in PostgreSQL: any server will do, and nothing is lost that it has committed. Publishing is one statement; consumers are woken
// by NOTIFY and take what is due under SKIP LOCKED, so that an idle app asks nothing of the server.
import pg from "pg";
import type { Broker, Consumer, Delivery, Outcome, OutgoingMessage, SubscriptionSpec, TopicSpec } from "../broker.ts";
import { LaneConsumer } from "./lane-consumer.ts";
import { QueueConsumer } from "./queue-consumer.ts";
import { createTables, laneCount, laneSql } from "./schema.ts";
import { WakeUps } from "./wake-ups.ts";

/** Statements are short; more connections would not make them faster. */
const maxConnections = 8;
const connectTimeoutMs = 10_000;
/** A server that does not answer for so long has failed. */
const queryTimeoutMs = 30_000;

export function createPostgresBroker(connectionString: string): Broker {
  return new PostgresBroker(connectionString);
}

class PostgresBroker implements Broker {
  readonly #pool: pg.Pool;
  readonly #wakeUps: WakeUps;
  /** Id in the tables by "topic/subscription". */
  readonly #ids = new Map<string, number>();

  constructor(connectionString: string) {
    this.#pool = new pg.Pool({
      connectionString,
      max: maxConnections,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
      keepAlive: true,
    });
    // A connection that breaks while idle is replaced; its error is nobody's.
    this.#pool.on("error", () => {});
    this.#wakeUps = new WakeUps(connectionString);
  }

  async declare(topics: readonly TopicSpec[]): Promise<void> {
    const client = await this.#pool.connect();
    try {
      await createTables(client);
      for (const { name: topic, subscriptions } of topics) {
        for (const { name, isOrdered } of subscriptions) await this.#declareOne(client, topic, name, isOrdered);
        await retireOthers(
          client,
          topic,
          subscriptions.map(({ name }) => name),
        );
      }
    } finally {
      client.release();
    }
  }

  async #declareOne(client: pg.PoolClient, topic: string, name: string, isOrdered: boolean): Promise<void> {
    const { rows } = await client.query<{ id: number }>(
      `INSERT INTO tenon_messages.subscription (topic, name, is_ordered) VALUES ($1, $2, $3)
       ON CONFLICT (topic, name) DO UPDATE SET is_ordered = excluded.is_ordered, is_active = true RETURNING id`,
      [topic, name, isOrdered],
    );
    const { id } = rows[0]!;
    this.#ids.set(`${topic}/${name}`, id);
    // What waits since before the topic had an order, or lost it, is for the consumers of today.
    await client.query(
      `UPDATE tenon_messages.delivery SET lane = CASE WHEN $2 THEN ${laneSql("ordering_key")} END
       WHERE subscription = $1 AND (lane IS NOT NULL) <> $2`,
      [id, isOrdered],
    );
    if (!isOrdered) return;
    await client.query(
      `INSERT INTO tenon_messages.lane (subscription, lane)
       SELECT $1, lane FROM generate_series(0, $2::int - 1) AS lane ON CONFLICT DO NOTHING`,
      [id, laneCount],
    );
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    await this.#pool.query({
      name: "tenon-publish",
      text: `WITH added AS (
        INSERT INTO tenon_messages.delivery
          (subscription, message_id, payload, attributes, ordering_key, lane, traceparent)
        SELECT s.id, m.message_id, m.payload, m.attributes, m.ordering_key,
          CASE WHEN s.is_ordered THEN ${laneSql("m.ordering_key")} END, m.traceparent
        FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[])
          WITH ORDINALITY AS m (message_id, payload, attributes, ordering_key, traceparent, place)
        CROSS JOIN (SELECT id, is_ordered FROM tenon_messages.subscription WHERE topic = $1 AND is_active) AS s
        ORDER BY m.place
        RETURNING subscription)
      SELECT pg_notify('tenon_messages', subscription::text) FROM (SELECT DISTINCT subscription FROM added) AS woken`,
      values: [
        topic,
        messages.map(({ id }) => id),
        messages.map(({ payload }) => payload),
        messages.map(({ attributes }) => JSON.stringify(attributes)),
        messages.map(({ orderingKey }) => orderingKey),
        messages.map(({ traceparent }) => traceparent),
      ],
    });
  }

  consume(subscription: SubscriptionSpec, deliver: (delivery: Delivery) => Promise<Outcome>): Consumer {
    const id = this.#ids.get(`${subscription.topic}/${subscription.name}`);
    if (id === undefined) throw new Error(`the subscription ${subscription.name} was not declared`);
    const parts = { id, subscription, deliver, pool: this.#pool, wakeUps: this.#wakeUps };
    return subscription.isOrdered ? new LaneConsumer(parts) : new QueueConsumer(parts);
  }

  async close(): Promise<void> {
    await this.#wakeUps.close();
    await this.#pool.end();
  }
}

/** A subscription that is no longer in the code gets no more messages; those it has stay, should it come back. */
async function retireOthers(client: pg.PoolClient, topic: string, names: readonly string[]): Promise<void> {
  await client.query(
    "UPDATE tenon_messages.subscription SET is_active = false WHERE topic = $1 AND name <> ALL ($2::text[]) AND is_active",
    [topic, names],
  );
}
