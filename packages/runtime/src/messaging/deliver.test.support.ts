// Test support: subscriptions hosted without a broker, deliveries made by hand, and what was logged and recorded about them.
import { setImmediate } from "node:timers/promises";
import type { Codec, Issue, Span } from "@tenon/model";
import { configureLog } from "../log/output.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import type { Delivery } from "./broker.ts";
import { type HostedSubscription, hostSubscription } from "./hosted-subscription.ts";
import type { LoadedSubscription } from "./subscription.ts";

/** Of messages like `{ id: "a" }`. */
const codec: Codec = { decode: readMessage, encode: readMessage, copy: readMessage };

function readMessage(value: unknown, issues: Issue[]): unknown {
  const { id } = (value ?? {}) as { readonly id?: unknown };
  if (typeof id !== "string") issues.push({ path: "id", code: "invalid_type", message: "must be a string" });
  return { id };
}

export function host(
  loaded: LoadedSubscription,
  more: Partial<Pick<HostedSubscription, "batch" | "inbox" | "middlewares">> = {},
): HostedSubscription {
  const subscription = {
    topic: "placed",
    name: "mail",
    isOrdered: false,
    filter: null,
    maxConcurrency: 100,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 60_000,
    retryPolicy: { minBackoffMs: 10, maxBackoffMs: 10, maxRetries: 2 },
  };
  const none = { batch: undefined, inbox: undefined };
  return hostSubscription({
    service: "mail",
    subscription,
    codec,
    loaded,
    ...none,
    middlewares: [],
    system: "test",
    ...more,
  });
}

export interface Handed extends Delivery {
  readonly extended: number[];
  takeBack(): void;
}

/** `id`: also that of the message. */
export function handed(id: string, more: Partial<Delivery> = {}): Handed {
  const controller = new AbortController();
  const extended: number[] = [];
  return {
    id,
    payload: JSON.stringify({ id }),
    attributes: {},
    orderingKey: null,
    traceparent: publisherOf("1"),
    deliverAt: null,
    mayBeRepeat: false,
    publishedAt: new Date(0),
    attempt: 1,
    replayTraceparent: null,
    signal: controller.signal,
    extended,
    extend: async (durationMs) => {
      extended.push(durationMs);
    },
    takeBack: () => controller.abort(),
    ...more,
  };
}

/** A span in the trace of that digit. */
export function publisherOf(digit: string): string {
  return `00-${digit.repeat(32)}-${digit.repeat(16)}-01`;
}

const quiet = { otlpEndpoint: null, sample: 1, flushIntervalMs: 10 };

/** Everything that is recorded and logged from here on, until `stop`. */
export function observe() {
  const spans: Span[] = [];
  const lines: Record<string, unknown>[] = [];
  configureTelemetry({ ...quiet, sink: (ended) => spans.push(...ended) });
  configureLog({ pretty: false, level: "trace", write: (line) => lines.push(JSON.parse(line)) });
  return {
    lines,
    async spans(): Promise<Span[]> {
      // Spans of batches end after the last outcome is told.
      await setImmediate();
      await flushTelemetry();
      return spans;
    },
    stop(): void {
      configureTelemetry(quiet);
      configureLog({ pretty: false, level: "info" });
    },
  };
}
