// The statements behind the settler: one per kind of outcome, for any number of deliveries.
import type pg from "pg";
import { storableReason } from "../storable-text.ts";
import type { Settlement, SettlementKind } from "./settler.ts";

const ours = "d.id = s.id AND d.lease = s.lease";

const handled = `DELETE FROM tenon_messages.delivery AS d USING unnest($1::bigint[], $2::uuid[]) AS s (id, lease) WHERE ${ours}`;

const returned = `UPDATE tenon_messages.delivery AS d SET lease = NULL, lease_until = '-infinity', attempts = s.attempts
  FROM unnest($1::bigint[], $2::uuid[], $3::integer[]) AS s (id, lease, attempts) WHERE ${ours}`;

const failed = `UPDATE tenon_messages.delivery AS d
  SET run_at = now() + s.wait_ms * interval '1 millisecond', is_retry = d.lane IS NOT NULL, is_scheduled = false,
    lease = NULL, lease_until = '-infinity', attempts = s.attempts, last_reason = s.reason
  FROM unnest($1::bigint[], $2::uuid[], $3::integer[], $4::float8[], $5::text[]) AS s (id, lease, attempts, wait_ms, reason) WHERE ${ours}`;

/** In one step: it is in one of the tables at any time. */
const dead = `WITH gone AS (
    DELETE FROM tenon_messages.delivery AS d
    USING unnest($1::bigint[], $2::uuid[], $3::integer[], $4::text[]) AS s (id, lease, attempts, reason) WHERE ${ours}
    RETURNING d.id, d.subscription, d.message_id, d.payload, d.attributes, d.ordering_key, d.traceparent, d.published_at,
      s.attempts, s.reason)
  INSERT INTO tenon_messages.dead_letter
    (id, subscription, message_id, payload, attributes, ordering_key, traceparent, published_at, attempts, reason)
  SELECT * FROM gone`;

const texts: Readonly<Record<SettlementKind, string>> = { handled, returned, failed, dead };

export function settleStatements(
  settlements: readonly Settlement[],
): { readonly query: pg.QueryConfig; readonly settlements: readonly Settlement[] }[] {
  return (Object.keys(texts) as SettlementKind[]).flatMap((kind) => {
    const some = settlements.filter((settlement) => settlement.kind === kind);
    if (some.length === 0) return [];
    const leases = [`{${some.map(({ id }) => id).join()}}`, `{${some.map(({ lease }) => lease).join()}}`];
    const query = { name: `tenon-${kind}`, text: texts[kind], values: [...leases, ...columnsOf(kind, some)] };
    return [{ query, settlements: some }];
  });
}

function columnsOf(kind: SettlementKind, settlements: readonly Settlement[]): unknown[] {
  if (kind === "handled") return [];
  const attempts = settlements.map((one) => ("attempts" in one ? one.attempts : null));
  const reasons = settlements.map((one) => ("reason" in one ? storableReason(one.reason) : null));
  if (kind === "failed") return [attempts, settlements.map((one) => ("waitMs" in one ? one.waitMs : null)), reasons];
  return kind === "dead" ? [attempts, reasons] : [attempts];
}
