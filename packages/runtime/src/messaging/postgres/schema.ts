// The tables of the PostgreSQL engine, in a schema of their own, and how older ones become today's. A message is one row per
// subscription, gone once it is handled, so that tables stay as small as the backlog.
import type pg from "pg";

/** Serialises the making of the tables; the number has no meaning to the server. */
const lockKey = 500_034_367_343;

/** How many messages of one subscription can be ordered at once: keys are spread over so many lanes. */
export const laneCount = 32;

/** The tables as they were before they had a version: they may be there already. */
const first = `
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

/**
 * Leases leave run_at, so that taking a message changes no indexed column: the row is updated in its own page (HOT), for which pages keep
 * room. Rows of lanes that have a time of their own are in small indexes. Foreign keys would cost every insert a look at the subscription.
 */
const leasesBesideDueTimes = `
ALTER TABLE tenon_messages.subscription ADD COLUMN filter jsonb;
ALTER TABLE tenon_messages.delivery
  DROP CONSTRAINT delivery_subscription_fkey,
  ADD COLUMN lease_until timestamptz NOT NULL DEFAULT '-infinity',
  ADD COLUMN is_retry boolean NOT NULL DEFAULT false,
  ADD COLUMN is_scheduled boolean NOT NULL DEFAULT false,
  ADD COLUMN replay_traceparent text;
UPDATE tenon_messages.delivery SET lease_until = run_at WHERE lease IS NOT NULL;
UPDATE tenon_messages.delivery SET is_retry = true WHERE lane IS NOT NULL AND attempts > 0 AND run_at > now();
DROP INDEX tenon_messages.delivery_tried;
CREATE INDEX delivery_retry ON tenon_messages.delivery (subscription, lane, run_at) WHERE is_retry;
CREATE INDEX delivery_scheduled ON tenon_messages.delivery (subscription, run_at) WHERE is_scheduled;
ALTER TABLE tenon_messages.delivery SET (
  fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_delay = 0);
ALTER TABLE tenon_messages.lane SET (fillfactor = 20);
DROP INDEX tenon_messages.dead_letter_subscription;
CREATE INDEX dead_letter_age ON tenon_messages.dead_letter (subscription, died_at, id);
CREATE TABLE tenon_messages.accepted (
  topic text NOT NULL,
  message_id uuid NOT NULL,
  accepted_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (topic, message_id)
);
CREATE INDEX accepted_age ON tenon_messages.accepted (accepted_at);
`;

/** When a process had it in its code. Of what is there already nobody knows: counted from now on. */
const lastSightings = `
ALTER TABLE tenon_messages.subscription ADD COLUMN seen_at timestamptz NOT NULL DEFAULT now();
`;

/** Each is applied once, in this order. What has been released is never edited. */
const steps = [first, leasesBesideDueTimes, lastSightings];

/**
 * Safe to repeat, and from several processes at once. A role that may not create anything will do where the tables are there.
 * `client`: outside of a transaction.
 */
export async function prepareTables(client: pg.Client): Promise<void> {
  if ((await versionOf(client)) === steps.length) return;
  // Before the transaction begins: one that began earlier may not see the tables that somebody else has made meanwhile.
  await client.query("SELECT pg_advisory_lock($1)", [lockKey]);
  try {
    await upgrade(client);
  } finally {
    await client.query("SELECT pg_advisory_unlock($1)", [lockKey]);
  }
}

async function upgrade(client: pg.Client): Promise<void> {
  await client.query("BEGIN");
  try {
    const version = await versionOf(client);
    if (version > steps.length) {
      throw new Error(`the tables in the schema tenon_messages are of a newer Tenon (version ${version})`);
    }
    if (version === 0) await client.query(versionTable);
    for (const step of steps.slice(version)) await client.query(step);
    await client.query("UPDATE tenon_messages.schema_version SET version = $1", [steps.length]);
    await client.query("COMMIT");
  } catch (error) {
    await client.query("ROLLBACK").catch(() => {});
    throw error;
  }
}

const versionTable = `
CREATE SCHEMA IF NOT EXISTS tenon_messages;
CREATE TABLE tenon_messages.schema_version (version integer NOT NULL);
INSERT INTO tenon_messages.schema_version VALUES (0);
`;

/** 0: there are none, or none with a version. */
async function versionOf(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ table: string | null }>(
    "SELECT to_regclass('tenon_messages.schema_version') AS table",
  );
  if (rows[0]!.table === null) return 0;
  const found = await client.query<{ version: number }>("SELECT version FROM tenon_messages.schema_version");
  return found.rows[0]!.version;
}

/** SQL for the lane of an ordering key; null and "" are one key. */
export function laneSql(key: string): string {
  return `(hashtext(coalesce(${key}, '')) & ${laneCount - 1})::smallint`;
}
