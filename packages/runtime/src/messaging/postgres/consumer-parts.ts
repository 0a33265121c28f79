// What both kinds of consumers work with.
import type pg from "pg";
import type { Delivery, Outcome, SubscriptionSpec } from "../broker.ts";
import type { WakeUps } from "./wake-ups.ts";

export interface ConsumerParts {
  /** Of the subscription in the tables. */
  readonly id: number;
  readonly subscription: SubscriptionSpec;
  readonly deliver: (delivery: Delivery) => Promise<Outcome>;
  readonly pool: pg.Pool;
  readonly wakeUps: WakeUps;
}

export interface DeliveryRow {
  /** bigint as text. */
  readonly id: string;
  readonly message_id: string;
  readonly payload: string;
  readonly attributes: string;
  readonly ordering_key: string | null;
  readonly traceparent: string;
  readonly published_at: Date;
  /** Differs from `published_at` for a dead letter that was replayed. */
  readonly waits_since: Date;
  /** Including this one. */
  readonly attempts: number;
  readonly last_reason: string | null;
}

export const deliveryColumns =
  "d.id, d.message_id, d.payload, d.attributes, d.ordering_key, d.traceparent, d.published_at, d.waits_since, d.attempts, d.last_reason";

export function toDelivery(row: DeliveryRow, signal: AbortSignal): Delivery {
  return {
    id: row.message_id,
    payload: row.payload,
    attributes: JSON.parse(row.attributes) as Record<string, string>,
    orderingKey: row.ordering_key,
    traceparent: row.traceparent,
    publishedAt: row.published_at,
    attempt: row.attempts,
    signal,
  };
}

/** Why a delivery must not be tried at all any more; undefined: it may. Crashes count as attempts. */
export function exhaustion(row: DeliveryRow, subscription: SubscriptionSpec): string | undefined {
  const { retryPolicy, messageRetentionMs } = subscription;
  if (row.attempts > retryPolicy.maxRetries + 1) {
    return row.last_reason ?? "its time was over or its process ended, each time before there was an outcome";
  }
  if (Date.now() - row.waits_since.getTime() > messageRetentionMs) return "it has waited longer than messageRetention";
  return undefined;
}
