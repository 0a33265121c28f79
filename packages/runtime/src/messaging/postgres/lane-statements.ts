// The statements about lanes: leasing those that have something to do, reading their messages, giving them back.
import { type DeliveryRow, deliveryColumns } from "./delivery-row.ts";

export interface LaneRow extends DeliveryRow {
  readonly lane: string;
}

/** Of a row `d`: due, and nothing earlier of its key waits for its next attempt. */
const isReady = `d.run_at <= now() AND NOT EXISTS (SELECT 1 FROM tenon_messages.delivery AS e
  WHERE e.is_retry AND e.subscription = d.subscription AND e.lane = d.lane AND e.run_at > now() AND e.id < d.id
    AND coalesce(e.ordering_key, '') = coalesce(d.ordering_key, ''))`;

/** Who has waited longest comes first. */
export const leaseSql = `UPDATE tenon_messages.lane AS l SET lease = $2, lease_until = now() + $3 * interval '1 millisecond'
  WHERE l.subscription = $1 AND l.lane = ANY (ARRAY(
    SELECT free.lane FROM tenon_messages.lane AS free
    WHERE free.subscription = $1 AND free.lease_until < now() AND EXISTS (
      SELECT 1 FROM tenon_messages.delivery AS d WHERE d.subscription = $1 AND d.lane = free.lane AND ${isReady})
    ORDER BY free.lease_until LIMIT $4 FOR UPDATE SKIP LOCKED))
  RETURNING l.lane`;

/**
 * The next $4 rows of each lane under the lease $2, or of the lane $3 alone, marked with it. A row with another lease was under way when its
 * process ended: it is taken alone, so that one which ends processes costs its neighbours no attempts.
 * Only the first is sure to be begun, and counted here; for the others their outcome is.
 */
export const pickSql = `UPDATE tenon_messages.delivery AS d SET lease = $2, attempts = d.attempts + (picked.place = 1)::integer
  FROM tenon_messages.lane AS l CROSS JOIN LATERAL (
    SELECT next.id, row_number() OVER (ORDER BY next.id) AS place,
      sum((next.lease IS NOT NULL)::integer) OVER (ORDER BY next.id) AS interrupted
    FROM (SELECT d.id, d.lease FROM tenon_messages.delivery AS d
      WHERE d.subscription = $1 AND d.lane = l.lane AND d.lease IS DISTINCT FROM $2 AND ${isReady}
      ORDER BY d.id LIMIT $4) AS next) AS picked
  WHERE l.subscription = $1 AND l.lease = $2 AND l.lease_until > now() AND ($3::smallint IS NULL OR l.lane = $3)
    AND (picked.place = 1 OR picked.interrupted = 0) AND d.id = picked.id
  RETURNING ${deliveryColumns}, d.attempts + (picked.place > 1)::integer AS attempts, d.lane`;

export const keepSql = `UPDATE tenon_messages.lane SET lease_until = now() + $4 * interval '1 millisecond'
  WHERE subscription = $1 AND lane = $2 AND lease = $3 AND lease_until > now() RETURNING 1`;

/** $2: null is all of the lease. */
export const releaseSql = `UPDATE tenon_messages.lane SET lease = NULL, lease_until = now()
  WHERE subscription = $1 AND ($2::smallint[] IS NULL OR lane = ANY ($2)) AND lease = $3`;

/**
 * When a message is tried again or a replayed one falls due, or a lane with messages can be leased again. Somebody who found nothing to
 * do may have missed what fell due since; what did so earlier is being handled, or waits for others of its key.
 */
export const nextDueSql = `
  SELECT next.at FROM tenon_messages.lane AS l CROSS JOIN LATERAL (
    SELECT greatest(e.run_at, l.lease_until) AS at FROM tenon_messages.delivery AS e
    WHERE e.is_retry AND e.subscription = $1 AND e.lane = l.lane AND e.run_at > now() - interval '1 second'
    ORDER BY e.run_at LIMIT 1) AS next
  WHERE l.subscription = $1
  UNION ALL
  (SELECT greatest(e.run_at, l.lease_until) FROM tenon_messages.delivery AS e
    JOIN tenon_messages.lane AS l ON l.subscription = $1 AND l.lane = e.lane
    WHERE e.is_scheduled AND e.subscription = $1 AND e.run_at > now() - interval '1 second' ORDER BY e.run_at LIMIT 1)
  UNION ALL
  SELECT min(l.lease_until) FROM tenon_messages.lane AS l
  WHERE l.subscription = $1 AND l.lease_until > now() AND EXISTS (
    SELECT 1 FROM tenon_messages.delivery AS d WHERE d.subscription = $1 AND d.lane = l.lane)`;
