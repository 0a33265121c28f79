// The statements of the relay over one connection. None of them belongs to a call, so none is traced.
import { mostDropped, dropExpiredSql } from "../inbox/drop-expired.ts";
import type { DatabaseClient } from "../../data/database-client.ts";
import { encodeParameters } from "../../data/parameters.ts";
import type { Row } from "../../data/statement.ts";
import type { OutgoingMessage } from "../broker.ts";
import type { Setback } from "./setbacks.ts";

/** One message that waits. */
export interface OutboxRow {
  /** bigint as text; rows leave in order of it. */
  readonly place: string;
  readonly topic: string;
  readonly message: OutgoingMessage;
}

/** What waits; beyond `mostCounted` nobody counts on. */
export interface Backlog {
  readonly waiting: number;
  /** Taken out of the way, with a reason, until somebody looks after them. */
  readonly parked: number;
  /** null: nothing waits. */
  readonly oldestAgeMs: number | null;
}

export const mostCounted = 10_000;
/** Advisory lock of whoever empties the outbox; "outbox relay" has no meaning to the server. */
const lockKey = 500_034_367_345;
/**
 * The server ends a relay that holds the lock and says nothing for so long: its process is frozen or cut off, or the broker does not answer.
 * Longer than engines wait for theirs.
 */
const longestSilenceMs = 45_000;
/** PostgreSQL 14 and newer can. */
const tryLock = `SELECT pg_try_advisory_lock($1) AS locked,
  CASE WHEN current_setting('server_version_num')::int >= 140000
    THEN set_config('idle_session_timeout', '${longestSilenceMs}', false) END AS silence`;
/** In a pooler's session a lock of the session would stay there, with whoever gets it next: there it is one of a transaction. */
const begin = `BEGIN; SET LOCAL idle_in_transaction_session_timeout = ${longestSilenceMs}`;
const tryTransactionLock = "SELECT pg_try_advisory_xact_lock($1) AS locked";
const unknownTopic = "no running version of the app knows the topic";
const mostRows = 250;
/** Of payloads in one batch, unless the first alone is larger: a batch is held in memory. */
const mostBytes = 1_000_000;

/** $1 topics that the broker knows; $2 to $4 rows that are put aside, and keys that have to wait for one of them. */
const select = `SELECT place, topic, message_id, payload, attributes, ordering_key, traceparent, deliver_at
FROM (SELECT *, sum(octet_length(payload)) OVER (ORDER BY place) - octet_length(payload) AS bytes_before
  FROM (SELECT * FROM tenon_outbox.message
    WHERE parked_at IS NULL AND topic = ANY ($1::text[]) AND place <> ALL ($2::bigint[])
      AND (ordering_key IS NULL OR (topic, ordering_key) NOT IN (SELECT * FROM unnest($3::text[], $4::text[])))
    ORDER BY place LIMIT ${mostRows}) AS first) AS sized
WHERE bytes_before < ${mostBytes} ORDER BY place`;

/** In order, which makes the index the likelier way: the table may have many pages of rows that were sent and are not vacuumed yet. */
const look = `SELECT
  (SELECT count(*) FROM (
    SELECT FROM tenon_outbox.message WHERE parked_at IS NULL ORDER BY place LIMIT ${mostCounted}) AS w) AS waiting,
  (SELECT count(*) FROM (
    SELECT FROM tenon_outbox.message WHERE parked_at IS NOT NULL ORDER BY place LIMIT ${mostCounted}) AS p) AS parked,
  (SELECT (extract(epoch FROM now() - written_at) * 1000)::float8
    FROM tenon_outbox.message WHERE parked_at IS NULL ORDER BY place LIMIT 1) AS age_ms`;

export class OutboxStore {
  readonly #client: DatabaseClient;
  readonly #database: string;
  readonly #topics: readonly string[];

  /** `topics`: those that the broker knows. */
  constructor(client: DatabaseClient, database: string, topics: readonly string[]) {
    this.#client = client;
    this.#database = database;
    this.#topics = topics;
  }

  async look(): Promise<Backlog> {
    const [row] = await this.#run(look, []);
    const { waiting, parked, age_ms: ageMs } = row as { waiting: number; parked: number; age_ms: number | null };
    // The server's clock may have been set back.
    return { waiting, parked, oldestAgeMs: ageMs === null ? null : Math.max(0, Math.round(ageMs)) };
  }

  /** Whether this connection may empty the outbox: one at a time may, until `unlock` or the end of its connection. */
  async tryLock(): Promise<boolean> {
    const { hasOwnSession } = this.#client;
    if (!hasOwnSession) await this.#client.control(begin);
    const [row] = await this.#run(hasOwnSession ? tryLock : tryTransactionLock, [lockKey]);
    const isLocked = row!["locked"] as boolean;
    if (!hasOwnSession && !isLocked) await this.#client.control("ROLLBACK");
    return isLocked;
  }

  /** What was done under the lock stands from now on. Whether this connection still has the lock. */
  async keep(): Promise<boolean> {
    if (this.#client.hasOwnSession) return true;
    await this.#client.control("COMMIT");
    return this.tryLock();
  }

  async unlock(): Promise<void> {
    if (this.#client.hasOwnSession) await this.#run("SELECT pg_advisory_unlock($1)", [lockKey]);
    else await this.#client.control("COMMIT");
  }

  /** The next rows but for those put aside. */
  async read(aside: readonly Setback[]): Promise<OutboxRow[]> {
    const keyed = aside.filter(({ row }) => row.message.orderingKey !== null);
    const rows = await this.#run(select, [
      this.#topics,
      aside.map(({ row }) => row.place),
      keyed.map(({ row }) => row.topic),
      keyed.map(({ row }) => row.message.orderingKey),
    ]);
    return rows.map(toOutboxRow);
  }

  async delete(places: readonly string[]): Promise<void> {
    await this.#run("DELETE FROM tenon_outbox.message WHERE place = ANY ($1::bigint[])", [places]);
  }

  async park(place: string, reason: string): Promise<void> {
    await this.#run("UPDATE tenon_outbox.message SET parked_at = now(), parked_reason = $2 WHERE place = $1", [
      place,
      reason,
    ]);
  }

  /** Returns which topics' messages were parked: nobody has known them for a while. */
  async parkUnknown(olderThanMs: number): Promise<string[]> {
    const rows = await this.#run(
      `WITH parked AS (
         UPDATE tenon_outbox.message SET parked_at = now(), parked_reason = $3
         WHERE parked_at IS NULL AND topic <> ALL ($1::text[]) AND written_at < now() - $2 * interval '1 millisecond'
         RETURNING topic)
       SELECT DISTINCT topic FROM parked`,
      [this.#topics, olderThanMs, unknownTopic],
    );
    return rows.map(({ topic }) => topic as string);
  }

  /** Whatever was wrong with them may have been mended with the version that starts now. */
  async unpark(): Promise<void> {
    await this.#run(
      `UPDATE tenon_outbox.message SET parked_at = NULL, parked_reason = NULL
       WHERE parked_at IS NOT NULL AND topic = ANY ($1::text[])`,
      [this.#topics],
    );
  }

  /** A version that did not know their topics has parked them, and may go on doing so beside this one, which does know them. */
  async unparkKnown(): Promise<void> {
    await this.#run(
      `UPDATE tenon_outbox.message SET parked_at = NULL, parked_reason = NULL
       WHERE parked_at IS NOT NULL AND parked_reason = $2 AND topic = ANY ($1::text[])`,
      [this.#topics, unknownTopic],
    );
  }

  /** What the inbox need not remember any more; in small portions, so that nobody waits for long. */
  async dropExpired(): Promise<void> {
    let dropped = mostDropped;
    while (dropped === mostDropped) dropped = (await this.#run(dropExpiredSql, [])).length;
  }

  async #run(text: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.#client.run({ text, values: encodeParameters(values, this.#database) }, undefined)).rows;
  }
}

function toOutboxRow(row: Row): OutboxRow {
  const message: OutgoingMessage = {
    id: row["message_id"] as string,
    payload: row["payload"] as string,
    attributes: JSON.parse(row["attributes"] as string) as Record<string, string>,
    orderingKey: row["ordering_key"] as string | null,
    traceparent: row["traceparent"] as string,
    deliverAt: row["deliver_at"] as Date | null,
    // Whoever was at it before may have ended between giving it to the broker and deleting it.
    mayBeRepeat: true,
  };
  return { place: String(row["place"]), topic: row["topic"] as string, message };
}
