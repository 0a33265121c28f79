// A row of the table `delivery` as consumers read it.
import type { Burial, Delivery, SubscriptionSpec } from "../broker.ts";

/** All as text. */
export interface DeliveryRow {
  readonly id: string;
  readonly message_id: string;
  readonly payload: string;
  readonly attributes: string;
  readonly ordering_key: string | null;
  readonly traceparent: string;
  readonly replay_traceparent: string | null;
  readonly published_at_ms: string;
  /** By the server's clock; starts anew for a dead letter that was replayed. */
  readonly waited_ms: string;
  /** Including this one. */
  readonly attempts: string;
  readonly last_reason: string | null;
}

export const deliveryColumns = `d.id, d.message_id, d.payload, d.attributes, d.ordering_key, d.traceparent, d.replay_traceparent,
  (extract(epoch FROM d.published_at) * 1000)::float8 AS published_at_ms,
  (extract(epoch FROM now() - d.waits_since) * 1000)::float8 AS waited_ms, d.attempts, d.last_reason`;

function messageOf(row: DeliveryRow) {
  return {
    id: row.message_id,
    payload: row.payload,
    attributes: row.attributes === "{}" ? {} : (JSON.parse(row.attributes) as Record<string, string>),
    orderingKey: row.ordering_key,
    traceparent: row.traceparent,
    deliverAt: null,
    mayBeRepeat: false,
    publishedAt: new Date(Number(row.published_at_ms)),
  };
}

export function toDelivery(row: DeliveryRow, signal: AbortSignal, extend: Delivery["extend"]): Delivery {
  const { replay_traceparent: replayTraceparent } = row;
  return { ...messageOf(row), attempt: Number(row.attempts), replayTraceparent, signal, extend };
}

export function toBurial(row: DeliveryRow, attempts: number, reason: string): Burial {
  return { message: messageOf(row), attempts, reason };
}

/** Why a delivery must not be tried at all any more; undefined: it may. Crashes count as attempts. */
export function exhaustion(
  row: DeliveryRow,
  { retryPolicy, messageRetentionMs }: SubscriptionSpec,
): string | undefined {
  if (Number(row.attempts) > retryPolicy.maxRetries + 1) {
    return row.last_reason ?? "its time was over or its process ended, each time before there was an outcome";
  }
  if (Number(row.waited_ms) > messageRetentionMs) return "it has waited longer than messageRetention";
  return undefined;
}
