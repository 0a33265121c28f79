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
  (extract(epoch FROM now() - d.waits_since) * 1000)::float8 AS waited_ms, d.last_reason`;

function attributesOf({ attributes }: DeliveryRow): Readonly<Record<string, string>> {
  return attributes === "{}" ? {} : (JSON.parse(attributes) as Record<string, string>);
}

// hot: bench/messages/run.mjs
export function toDelivery(
  row: DeliveryRow,
  attempt: number,
  signal: AbortSignal,
  extend: Delivery["extend"],
): Delivery {
  return {
    id: row.message_id,
    payload: row.payload,
    attributes: attributesOf(row),
    orderingKey: row.ordering_key,
    traceparent: row.traceparent,
    deliverAt: null,
    mayBeRepeat: false,
    publishedAt: new Date(Number(row.published_at_ms)),
    attempt,
    replayTraceparent: row.replay_traceparent,
    signal,
    extend,
  };
}

export function toBurial(row: DeliveryRow, attempts: number, reason: string): Burial {
  const message = {
    id: row.message_id,
    payload: row.payload,
    attributes: attributesOf(row),
    orderingKey: row.ordering_key,
    traceparent: row.traceparent,
    deliverAt: null,
    mayBeRepeat: false,
    publishedAt: new Date(Number(row.published_at_ms)),
  };
  return { message, attempts, reason };
}

/** Why a delivery must not be tried at all any more; undefined: it may. Crashes count as attempts. */
export function exhaustion(
  row: DeliveryRow,
  attempts: number,
  { retryPolicy, messageRetentionMs }: SubscriptionSpec,
): string | undefined {
  if (attempts > retryPolicy.maxRetries + 1) {
    return row.last_reason ?? "its time was over or its process ended, each time before there was an outcome";
  }
  if (Number(row.waited_ms) > messageRetentionMs) return "it has waited longer than messageRetention";
  return undefined;
}
