// Looks into the tables of the PostgreSQL engine for people: how much waits, what is dead, and putting it back. One connection per
// question, since they are rare.
import type { DeadLetter, SubscriptionState, TopicControl } from "@tenon/model";
import pg from "pg";
import { readPayload } from "../read-payload.ts";
import { laneCount, laneSql } from "./schema.ts";

const connectTimeoutMs = 5_000;
const queryTimeoutMs = 60_000;
/** Somebody who looks asks again every few seconds: what that costs must not grow with what waits. */
const usualCountLimit = 10_000;

interface DeadLetterRow {
  readonly id: string;
  readonly message_id: string;
  readonly payload: string;
  readonly attributes: string;
  readonly ordering_key: string | null;
  readonly reason: string;
  readonly attempts: number;
  readonly published_at: Date;
  readonly died_at: Date;
  readonly died_at_micros: string;
  readonly traceparent: string;
}

export function createTopicControl(connectionString: string, countLimit = usualCountLimit): TopicControl {
  const query = async <Row extends pg.QueryResultRow>(
    text: string,
    values: readonly unknown[],
    before?: string,
  ): Promise<Row[]> => {
    const client = new pg.Client({
      connectionString,
      connectionTimeoutMillis: connectTimeoutMs,
      query_timeout: queryTimeoutMs,
    });
    client.on("error", () => {});
    await client.connect();
    try {
      if (before !== undefined) await client.query(before);
      return (await client.query<Row>(text, [...values])).rows;
    } finally {
      await client.end();
    }
  };
  return {
    async states() {
      const states = await query<SubscriptionState>(statesSql, [countLimit], inOrderOfIndexes);
      return states.map((state) =>
        Math.max(state.backlog, state.deadLetters) < countLimit ? state : { ...state, countedUpTo: countLimit },
      );
    },
    async deadLetters(topic, subscription, { limit, after }) {
      const [diedAt, id] = after?.split("-") ?? [null, null];
      return (await query<DeadLetterRow>(deadLettersSql, [topic, subscription, limit, diedAt, id])).map(toDeadLetter);
    },
    async replay(topic, subscription, { messageIds, limit, perSecond, traceparent }) {
      const everyMs = perSecond === undefined ? 0 : 1_000 / perSecond;
      const values = [topic, subscription, messageIds ?? null, limit ?? null, everyMs, traceparent ?? null];
      const [row] = await query<{ replayed: number }>(replaySql, values);
      return row!.replayed;
    },
    async discard(topic, subscription, messageIds) {
      return (await query(discardSql, [topic, subscription, messageIds])).length;
    },
  };
}

/** While a table has grown faster than it was analysed the planner takes it for small, and would sort all of it. */
const inOrderOfIndexes = "BEGIN READ ONLY; SET LOCAL enable_sort = off; SET LOCAL enable_bitmapscan = off";

/**
 * Counts end at $1. The orders are those of indexes, so that nobody reads the rows of other subscriptions. A lane is as old as its first
 * message, wherever counting ends.
 */
const statesSql = `
  SELECT s.topic, s.name AS subscription, waiting.count AS backlog,
    CASE WHEN waiting.count > 0
      THEN greatest(0, round(extract(epoch FROM now() - least(waiting.since, lanes.since)) * 1000)) END::float8 AS "oldestAgeMs",
    (SELECT count(*)::int FROM (
      SELECT FROM tenon_messages.dead_letter AS l WHERE l.subscription = s.id ORDER BY l.died_at, l.id LIMIT $1) AS dead) AS "deadLetters"
  FROM tenon_messages.subscription AS s
  CROSS JOIN LATERAL (
    SELECT least(count(*), $1)::int AS count, min(waits_since) AS since FROM (
      (SELECT d.waits_since FROM tenon_messages.delivery AS d WHERE d.subscription = s.id AND d.lane IS NULL
        ORDER BY d.run_at, d.id LIMIT $1)
      UNION ALL
      (SELECT d.waits_since FROM tenon_messages.delivery AS d WHERE d.subscription = s.id AND d.lane IS NOT NULL
        ORDER BY d.lane, d.id LIMIT $1)) AS counted) AS waiting
  CROSS JOIN LATERAL (
    SELECT min(head.waits_since) AS since FROM generate_series(0, ${laneCount - 1}) AS number CROSS JOIN LATERAL (
      SELECT d.waits_since FROM tenon_messages.delivery AS d WHERE d.subscription = s.id AND d.lane = number
      ORDER BY d.id LIMIT 1) AS head) AS lanes
  ORDER BY s.topic, s.name`;

/** A place in the list: when a letter died, in microseconds, and its id. */
const deadLettersSql = `
  SELECT l.id, l.message_id, l.payload, l.attributes, l.ordering_key, l.reason, l.attempts, l.published_at, l.died_at, l.traceparent,
    (extract(epoch FROM l.died_at) * 1000000)::bigint AS died_at_micros
  FROM tenon_messages.dead_letter AS l JOIN tenon_messages.subscription AS s ON s.id = l.subscription
  WHERE s.topic = $1 AND s.name = $2
    AND ($4::bigint IS NULL OR (l.died_at, l.id) > (timestamptz 'epoch' + $4::bigint * interval '1 microsecond', $5::bigint))
  ORDER BY l.died_at, l.id LIMIT $3`;

/** One statement: a message is among the dead letters or among those that wait, never both, never neither. */
const replaySql = `
  WITH chosen AS (
    SELECT l.id, s.is_ordered FROM tenon_messages.dead_letter AS l JOIN tenon_messages.subscription AS s ON s.id = l.subscription
    WHERE s.topic = $1 AND s.name = $2 AND ($3::text[] IS NULL OR l.message_id::text = ANY ($3::text[]))
    ORDER BY l.died_at, l.id LIMIT $4::bigint),
  placed AS (SELECT id, is_ordered, row_number() OVER (ORDER BY id) - 1 AS place FROM chosen),
  raised AS (
    DELETE FROM tenon_messages.dead_letter AS l USING placed WHERE l.id = placed.id
    RETURNING l.*, placed.is_ordered, now() + placed.place * $5::float8 * interval '1 millisecond' AS due_at),
  added AS (
    INSERT INTO tenon_messages.delivery (subscription, message_id, payload, attributes, ordering_key, lane, traceparent,
      published_at, waits_since, run_at, is_scheduled, replay_traceparent)
    SELECT subscription, message_id, payload, attributes, ordering_key,
      CASE WHEN is_ordered THEN ${laneSql("ordering_key")} END, traceparent,
      published_at, due_at, due_at, is_ordered AND due_at > now(), $6
    FROM raised ORDER BY id RETURNING subscription),
  woken AS (SELECT pg_notify('tenon_messages', subscription::text) FROM (SELECT DISTINCT subscription FROM added) AS one)
  SELECT (SELECT count(*)::int FROM added) AS replayed, (SELECT count(*) FROM woken)`;

const discardSql = `
  DELETE FROM tenon_messages.dead_letter AS l USING tenon_messages.subscription AS s
  WHERE s.id = l.subscription AND s.topic = $1 AND s.name = $2 AND l.message_id::text = ANY ($3::text[]) RETURNING 1`;

function toDeadLetter(row: DeadLetterRow): DeadLetter {
  return {
    messageId: row.message_id,
    message: readPayload(row.payload),
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    orderingKey: row.ordering_key,
    reason: row.reason,
    attempts: row.attempts,
    publishedAt: row.published_at.toISOString(),
    diedAt: row.died_at.toISOString(),
    traceId: row.traceparent.split("-")[1] ?? "",
    position: `${row.died_at_micros}-${row.id}`,
  };
}
