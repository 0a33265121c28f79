// Looks into the tables of the PostgreSQL engine for people: how much waits, what is dead, and putting it back. One connection per
// question, since they are rare.
import type { DeadLetter, SubscriptionState, TopicControl } from "@tenon/model";
import pg from "pg";
import { laneSql } from "./schema.ts";

const connectTimeoutMs = 5_000;
const queryTimeoutMs = 30_000;

interface DeadLetterRow {
  readonly message_id: string;
  readonly payload: string;
  readonly attributes: string;
  readonly ordering_key: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly published_at: Date;
  readonly died_at: Date;
  readonly traceparent: string;
}

export function createTopicControl(connectionString: string): TopicControl {
  const query = async <Row extends pg.QueryResultRow>(text: string, values: readonly unknown[]): Promise<Row[]> => {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
    });
    await client.connect();
    try {
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    states: () => query<SubscriptionState>(statesSql, []),
    async deadLetters(topic, subscription, limit) {
      return (await query<DeadLetterRow>(deadLettersSql, [topic, subscription, limit])).map(toDeadLetter);
    },
    async replay(topic, subscription, messageIds) {
      const [row] = await query<{ replayed: number }>(replaySql, [topic, subscription, messageIds ?? null]);
      return row!.replayed;
    },
  };
}

const statesSql = `
  SELECT s.topic, s.name AS subscription, waiting.count AS backlog, waiting.age_ms AS "oldestAgeMs",
    (SELECT count(*)::int FROM tenon_messages.dead_letter AS l WHERE l.subscription = s.id) AS "deadLetters"
  FROM tenon_messages.subscription AS s CROSS JOIN LATERAL (
    SELECT count(*)::int AS count, round(extract(epoch FROM now() - min(d.waits_since)) * 1000)::float8 AS age_ms
    FROM tenon_messages.delivery AS d WHERE d.subscription = s.id) AS waiting
  ORDER BY s.topic, s.name`;

const deadLettersSql = `
  SELECT l.message_id, l.payload, l.attributes, l.ordering_key, l.reason, l.attempts, l.published_at, l.died_at, l.traceparent
  FROM tenon_messages.dead_letter AS l JOIN tenon_messages.subscription AS s ON s.id = l.subscription
  WHERE s.topic = $1 AND s.name = $2 ORDER BY l.died_at, l.id LIMIT $3`;

/** One statement: a message is among the dead letters or among those that wait, never both, never neither. */
const replaySql = `
  WITH raised AS (
    DELETE FROM tenon_messages.dead_letter AS l USING tenon_messages.subscription AS s
    WHERE s.id = l.subscription AND s.topic = $1 AND s.name = $2
      AND ($3::text[] IS NULL OR l.message_id::text = ANY ($3::text[]))
    RETURNING l.*, s.is_ordered),
  added AS (
    INSERT INTO tenon_messages.delivery
      (subscription, message_id, payload, attributes, ordering_key, lane, traceparent, published_at)
    SELECT subscription, message_id, payload, attributes, ordering_key,
      CASE WHEN is_ordered THEN ${laneSql("ordering_key")} END, traceparent, published_at
    FROM raised ORDER BY id RETURNING subscription),
  woken AS (SELECT pg_notify('tenon_messages', subscription::text) FROM (SELECT DISTINCT subscription FROM added) AS one)
  SELECT (SELECT count(*)::int FROM added) AS replayed, (SELECT count(*) FROM woken)`;

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    messageId: row.message_id,
    message: JSON.parse(row.payload) as unknown,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    orderingKey: row.ordering_key,
    reason: row.reason,
    attempts: row.attempts,
    publishedAt: row.published_at.toISOString(),
    diedAt: row.died_at.toISOString(),
    traceId: row.traceparent.split("-")[1] ?? "",
  };
}
