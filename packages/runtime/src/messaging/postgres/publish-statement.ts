// The statement that publishes: a row per message and subscription whose filter lets it through, and a word to each subscription that got
// one. Messages that may be repeats are first written down as accepted; those that were before go no further.
import type pg from "pg";
import { dedupWindowMs, type OutgoingMessage } from "../broker.ts";
import { laneSql } from "./schema.ts";
import { textArray } from "./text-array.ts";

export interface TopicMessages {
  readonly topic: string;
  readonly messages: readonly OutgoingMessage[];
}

const columns = "(topic, id, payload, attributes, ordering_key, traceparent, deliver_at, may_be_repeat, place)";

const messages = `messages AS MATERIALIZED (
  SELECT * FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
    WITH ORDINALITY AS m ${columns})`;

/** In the order of the key, so that two of these never wait for each other. */
const fresh = `fresh AS (
  INSERT INTO tenon_messages.accepted AS a (topic, message_id)
  SELECT topic, id::uuid FROM messages WHERE may_be_repeat IS NOT NULL ORDER BY topic, id::uuid
  ON CONFLICT (topic, message_id) DO UPDATE SET accepted_at = now()
    WHERE a.accepted_at < now() - interval '${dedupWindowMs} milliseconds'
  RETURNING topic, message_id)`;

const isFresh = "(m.may_be_repeat IS NULL OR (m.topic, m.id::uuid) IN (SELECT topic, message_id FROM fresh))";

const passesFilter = `(s.filter IS NULL OR NOT EXISTS (
  SELECT 1 FROM jsonb_each(s.filter) AS f (name, allowed)
  WHERE NOT coalesce(f.allowed ? (m.attributes::jsonb ->> f.name), false)))`;

const added = (condition: string) => `added AS (
  INSERT INTO tenon_messages.delivery (subscription, message_id, payload, attributes, ordering_key, lane, traceparent,
    waits_since, run_at, is_scheduled)
  SELECT s.id, m.id::uuid, m.payload, m.attributes, m.ordering_key,
    CASE WHEN s.is_ordered THEN ${laneSql("m.ordering_key")} END, m.traceparent,
    due.at, due.at, s.is_ordered AND m.deliver_at IS NOT NULL
  FROM messages AS m
    CROSS JOIN LATERAL (SELECT greatest(now(), to_timestamp(m.deliver_at::float8 / 1000)) AS at) AS due
    JOIN tenon_messages.subscription AS s ON s.topic = m.topic AND s.is_active AND ${passesFilter}
  WHERE ${condition} ORDER BY m.place
  RETURNING subscription)`;

const wakes = `SELECT pg_notify('tenon_messages', subscription::text) FROM (SELECT DISTINCT subscription FROM added) AS woken`;

const publishNew = `WITH ${messages}, ${added("true")} ${wakes}`;
const publishFresh = `WITH ${messages}, ${fresh}, ${added(isFresh)} ${wakes}`;

export function publishStatement(publications: readonly TopicMessages[]): pg.QueryConfig {
  const rows = publications.flatMap(({ topic, messages: list }) => list.map((message) => ({ topic, message })));
  const hasRepeats = rows.some(({ message }) => message.mayBeRepeat);
  const all = hasRepeats ? withoutRepeats(rows) : rows;
  const column = (of: (row: Row) => string | null) => textArray(all.map(of));
  const optional = (of: (row: Row) => string | null) => (all.every((row) => of(row) === null) ? null : column(of));
  return {
    name: hasRepeats ? "tenon-publish-fresh" : "tenon-publish",
    text: hasRepeats ? publishFresh : publishNew,
    values: [
      column(({ topic }) => topic),
      column(({ message }) => message.id),
      column(({ message }) => message.payload),
      column(({ message }) => attributesText(message.attributes)),
      optional(({ message }) => (message.orderingKey === null ? null : storable(message.orderingKey))),
      column(({ message }) => message.traceparent),
      optional(({ message }) => (message.deliverAt === null ? null : String(message.deliverAt.getTime()))),
      optional(({ message }) => (message.mayBeRepeat ? "t" : null)),
    ],
  };
}

interface Row {
  readonly topic: string;
  readonly message: OutgoingMessage;
}

/** The first of each: the server cannot see a repeat within one statement. */
function withoutRepeats(rows: readonly Row[]): Row[] {
  const seen = new Set<string>();
  return rows.filter(({ topic, message }) => {
    if (!message.mayBeRepeat) return true;
    const key = `${message.id} ${topic}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  for (const name in attributes) {
    if (attributes[name]!.includes("\0")) {
      return JSON.stringify(
        Object.fromEntries(Object.entries(attributes).map(([key, value]) => [key, storable(value)])),
      );
    }
  }
  return JSON.stringify(attributes);
}

/** PostgreSQL's text and jsonb have no place for NUL. */
function storable(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
