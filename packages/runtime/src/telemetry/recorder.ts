// Stand-in until room telemetry's file of this name is merged, which wins.
import { randomBytes } from "node:crypto";
import type { Attributes, AttributeValue, SpanEvent, SpanStatus } from "@tenon/model";
import { offerSpan } from "./pipeline.ts";
import type { RecordingSpan, SpanOptions } from "./span.ts";

export function startSpan(options: SpanOptions): RecordingSpan {
  const traceId = options.parent?.traceId ?? randomBytes(16).toString("hex");
  const spanId = randomBytes(8).toString("hex");
  const attributes: Record<string, AttributeValue> = { ...options.attributes };
  const events: SpanEvent[] = [];
  const startedAt = Date.now();
  let status: SpanStatus = "unset";
  let ended = false;
  return {
    traceId,
    spanId,
    sampled: options.parent?.sampled ?? true,
    set: (key, value) => {
      attributes[key] = value;
    },
    event: (name: string, eventAttributes: Attributes = {}) => {
      events.push({ name, at: Date.now(), attributes: eventAttributes });
    },
    fail: (error) => {
      status = "error";
      events.push({ name: "exception", at: Date.now(), attributes: { "exception.message": String(error) } });
    },
    end: () => {
      if (ended) return;
      ended = true;
      const { name, kind, service } = options;
      const parentSpanId = options.parent?.spanId ?? null;
      const durationMs = Date.now() - startedAt;
      offerSpan({
        traceId,
        spanId,
        parentSpanId,
        service,
        name,
        kind,
        startedAt,
        durationMs,
        status,
        attributes,
        events,
      });
    },
  };
}
