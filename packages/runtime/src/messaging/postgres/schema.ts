// The tables of the PostgreSQL engine, in a schema of their own. A message is one row per subscription, gone once it is handled, so
// that tables stay as small as the backlog.
import type pg from "pg";

/** Serialises the creation of the tables; "messages" has no meaning to the server. */
const lockKey = 500_034_367_343;

const statements = `
CREATE SCHEMA IF NOT EXISTS tenon_messages;
CREATE TABLE IF NOT EXISTS tenon_messages.subscription (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  topic text NOT NULL,
  name text NOT NULL,
  is_ordered boolean NOT NULL,
  is_active boolean NOT NULL DEFAULT true,
  UNIQUE (topic, name)
);
CREATE TABLE IF NOT EXISTS tenon_messages.delivery (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE,
  message_id uuid NOT NULL,
  payload text NOT NULL,
  attributes text NOT NULL,
  ordering_key text,
  lane smallint,
  traceparent text NOT NULL,
  published_at timestamptz NOT NULL DEFAULT now(),
  waits_since timestamptz NOT NULL DEFAULT now(),
  run_at timestamptz NOT NULL DEFAULT now(),
  attempts integer NOT NULL DEFAULT 0,
  lease uuid,
  last_reason text
);
CREATE INDEX IF NOT EXISTS delivery_due ON tenon_messages.delivery (subscription, run_at, id) WHERE lane IS NULL;
CREATE INDEX IF NOT EXISTS delivery_lane ON tenon_messages.delivery (subscription, lane, id) WHERE lane IS NOT NULL;
CREATE INDEX IF NOT EXISTS delivery_tried ON tenon_messages.delivery (subscription, run_at)
  WHERE lane IS NOT NULL AND attempts > 0;
CREATE TABLE IF NOT EXISTS tenon_messages.lane (
  subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE,
  lane smallint NOT NULL,
  lease uuid,
  lease_until timestamptz NOT NULL DEFAULT '-infinity',
  PRIMARY KEY (subscription, lane)
);
CREATE TABLE IF NOT EXISTS tenon_messages.dead_letter (
  id bigint PRIMARY KEY,
  subscription integer NOT NULL REFERENCES tenon_messages.subscription ON DELETE CASCADE,
  message_id uuid NOT NULL,
  payload text NOT NULL,
  attributes text NOT NULL,
  ordering_key text,
  traceparent text NOT NULL,
  published_at timestamptz NOT NULL,
  attempts integer NOT NULL,
  reason text NOT NULL,
  died_at timestamptz NOT NULL DEFAULT now()
);
CREATE INDEX IF NOT EXISTS dead_letter_subscription ON tenon_messages.dead_letter (subscription, id);
`;

/** How many messages of one subscription can be ordered at once: keys are spread over so many lanes. */
export const laneCount = 32;

/** Safe to repeat, and from several processes at once. */
export async function createTables(client: pg.PoolClient): Promise<void> {
  await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
  try {
    await client.query(statements);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [lockKey]);
  }
}

/** SQL for the lane of an ordering key; null and "" are one key. */
export function laneSql(key: string): string {
  return `(hashtext(coalesce(${key}, '')) & ${laneCount - 1})::smallint`;
}
