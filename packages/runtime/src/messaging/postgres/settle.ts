// Writes down what became of a delivery. Each statement names the lease under which the delivery was taken: an outcome that comes after
// the lease was given to somebody else changes nothing.
import type pg from "pg";
import { backoffMs } from "../backoff.ts";
import type { Outcome, SubscriptionSpec } from "../broker.ts";
import type { DeliveryRow } from "./consumer-parts.ts";

const longestReason = 4_000;

export interface Settled {
  /** The lease still stood. */
  readonly held: boolean;
  /** It is tried again after so many milliseconds. */
  readonly againInMs?: number;
}

/** `holds`: SQL that says that the lease $2 still stands, beside the delivery `d`. */
export async function settle(
  pool: pg.Pool,
  row: DeliveryRow,
  lease: string,
  outcome: Outcome,
  subscription: SubscriptionSpec,
  holds: string,
): Promise<Settled> {
  if (outcome.kind === "handled") {
    const { rowCount } = await pool.query({
      text: `DELETE FROM tenon_messages.delivery AS d WHERE d.id = $1 AND ${holds}`,
      values: [row.id, lease],
    });
    return { held: rowCount === 1 };
  }
  const reason = outcome.reason.slice(0, longestReason);
  const isLast = outcome.kind === "refused" || row.attempts > subscription.retryPolicy.maxRetries;
  if (isLast) return { held: await bury(pool, row, lease, reason, holds) };
  const waitMs = backoffMs(row.attempts, subscription.retryPolicy);
  const { rowCount } = await pool.query({
    text: `UPDATE tenon_messages.delivery AS d
      SET run_at = now() + $3 * interval '1 millisecond', lease = NULL, last_reason = $4 WHERE d.id = $1 AND ${holds}`,
    values: [row.id, lease, waitMs, reason],
  });
  return { held: rowCount === 1, againInMs: waitMs };
}

/** Moves it to the dead letters, in one step. */
export async function bury(
  pool: pg.Pool,
  row: DeliveryRow,
  lease: string,
  reason: string,
  holds: string,
): Promise<boolean> {
  const { rowCount } = await pool.query({
    text: `WITH gone AS (DELETE FROM tenon_messages.delivery AS d WHERE d.id = $1 AND ${holds} RETURNING d.*)
      INSERT INTO tenon_messages.dead_letter
        (id, subscription, message_id, payload, attributes, ordering_key, traceparent, published_at, attempts, reason)
      SELECT id, subscription, message_id, payload, attributes, ordering_key, traceparent, published_at, attempts, $3
      FROM gone`,
    values: [row.id, lease, reason],
  });
  return rowCount === 1;
}

/** A handler that was interrupted because the consumer stops: somebody else begins at once, and it does not count as an attempt. */
export async function handBack(pool: pg.Pool, row: DeliveryRow, lease: string, holds: string): Promise<boolean> {
  const { rowCount } = await pool.query({
    text: `UPDATE tenon_messages.delivery AS d SET run_at = now(), lease = NULL, attempts = d.attempts - 1
      WHERE d.id = $1 AND ${holds}`,
    values: [row.id, lease],
  });
  return rowCount === 1;
}
