// The tables that a database needs for messages that leave in its transactions and are taken in them. In a schema of their own, so that
// neither the app's migrations nor those of other tools meet them.
import pg from "pg";
import { sqlStateOf } from "../../data/postgres-error.ts";
import { HostError } from "../../lifecycle/host-error.ts";

/** Serialises the creation of the tables; "outbox" has no meaning to the server. */
const lockKey = 500_034_367_344;
const connectTimeoutMs = 10_000;
const queryTimeoutMs = 30_000;

/**
 * `message`: what waits to be given to the broker, in order of `place`; `handled`: which messages subscriptions have taken. Both are written
 * and deleted all the time, so they are vacuumed by the number of dead rows, however large they are.
 */
export const outboxSql = `CREATE SCHEMA IF NOT EXISTS tenon_outbox;
CREATE SEQUENCE IF NOT EXISTS tenon_outbox.place;
CREATE TABLE IF NOT EXISTS tenon_outbox.message (
  place bigint PRIMARY KEY DEFAULT nextval('tenon_outbox.place'),
  topic text NOT NULL,
  message_id text NOT NULL,
  payload text NOT NULL,
  attributes text NOT NULL,
  ordering_key text,
  traceparent text NOT NULL,
  deliver_at timestamptz,
  written_at timestamptz NOT NULL DEFAULT now(),
  parked_at timestamptz,
  parked_reason text
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
CREATE INDEX IF NOT EXISTS message_parked ON tenon_outbox.message (place) WHERE parked_at IS NOT NULL;
CREATE TABLE IF NOT EXISTS tenon_outbox.handled (
  subscription text NOT NULL,
  message_id text NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (subscription, message_id)
) WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
CREATE INDEX IF NOT EXISTS handled_expires ON tenon_outbox.handled (expires_at);`;

export interface OutboxPlace {
  /** As it is declared. */
  readonly database: string;
  readonly connectionString: string;
}

/**
 * Makes the tables where they are missing; safe to repeat, and from several processes at once. Resolves with whether they had to be made.
 * Throws HostError `outbox_unprepared` when the role may not, else what connecting throws.
 */
export function createOutboxTables(place: OutboxPlace): Promise<boolean> {
  return withClient(place, async (client) => {
    if (await hasTables(client)) return false;
    // Statements of one text are a transaction, with which the lock ends.
    await client.query(`SELECT pg_advisory_xact_lock(${lockKey}); ${outboxSql}`);
    return true;
  });
}

/** Changes nothing. Throws as `createOutboxTables`. */
export function hasOutboxTables(place: OutboxPlace): Promise<boolean> {
  return withClient(place, hasTables);
}

async function withClient<T>({ database, connectionString }: OutboxPlace, run: (client: pg.Client) => Promise<T>) {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: queryTimeoutMs,
    application_name: "tenon outbox",
  });
  // A connection that breaks rejects the statement under way; without a listener it would also end the process.
  client.on("error", () => {});
  try {
    await client.connect();
    return await run(client);
  } catch (error) {
    if (isRefusal(error))
      throw new HostError("outbox_unprepared", { database, reason: (error as Error).message }, error);
    throw error;
  } finally {
    await client.end().catch(() => {});
  }
}

async function hasTables(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ present: boolean }>(
    "SELECT to_regclass('tenon_outbox.handled') IS NOT NULL AS present",
  );
  return rows[0]!.present;
}

/** No right to create, or to look. */
function isRefusal(error: unknown): boolean {
  return sqlStateOf(error) === "42501";
}
