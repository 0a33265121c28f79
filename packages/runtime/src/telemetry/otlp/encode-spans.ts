// Spans -> the body of an OTLP/HTTP JSON export request (opentelemetry-proto, "JSON Protobuf Encoding": ids as hex, 64-bit integers
// as decimal strings, enums as numbers).
import type { Attributes, AttributeValue, Span, SpanEvent, SpanKind, SpanStatus } from "@tenon/model";

/** `SpanKind` of the protocol, by ours. */
const KIND_NUMBER: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const STATUS_NUMBER: Record<SpanStatus, number> = { unset: 0, ok: 1, error: 2 };

/** Grouped by service, as a resource is what carries `service.name`. */
export function encodeSpans(spans: readonly Span[]): string {
  const byService = new Map<string, object[]>();
  for (const span of spans) {
    const group = byService.get(span.service);
    if (group === undefined) byService.set(span.service, [encodeSpan(span)]);
    else group.push(encodeSpan(span));
  }
  const resourceSpans = [...byService].map(([service, group]) => ({
    resource: {
      attributes: encodeAttributes({
        "service.name": service,
        "telemetry.sdk.name": "tenon",
        "telemetry.sdk.language": "nodejs",
        "process.pid": process.pid,
      }),
    },
    scopeSpans: [{ scope: { name: "tenon" }, spans: group }],
  }));
  return JSON.stringify({ resourceSpans });
}

function encodeSpan(span: Span): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: KIND_NUMBER[span.kind],
    startTimeUnixNano: nanoseconds(span.startedAt, 0),
    endTimeUnixNano: nanoseconds(span.startedAt, span.durationMs),
    attributes: encodeAttributes(span.attributes),
    events: span.events.map((event) => ({
      timeUnixNano: nanoseconds(event.at, 0),
      name: event.name,
      attributes: encodeAttributes(event.attributes),
    })),
    status: encodeStatus(span.status, span.events),
  };
}

function encodeStatus(status: SpanStatus, events: readonly SpanEvent[]): object {
  if (status === "unset") return {};
  const message = events.findLast((event) => event.name === "exception")?.attributes["exception.message"];
  return { code: STATUS_NUMBER[status], ...(status === "error" && message !== undefined ? { message } : {}) };
}

function encodeAttributes(attributes: Attributes): object[] {
  const encoded: object[] = [];
  for (const key in attributes) encoded.push({ key, value: encodeValue(attributes[key] as AttributeValue) });
  return encoded;
}

function encodeValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value === "number") return encodeNumber(value);
  return { arrayValue: { values: value.map(encodeValue) } };
}

function encodeNumber(value: number): object {
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: String(value) };
  // Protobuf's JSON writes what JSON has no number for as "NaN", "Infinity", "-Infinity".
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

/**
 * Epoch milliseconds with fractions -> decimal nanoseconds. Whole and fraction apart, because nanoseconds since 1970 do not fit into
 * a number and BigInt costs several times as much.
 */
export function nanoseconds(epochMs: number, plusMs: number): string {
  let wholeMs = Math.floor(epochMs);
  const wholePlusMs = Math.floor(plusMs);
  let fractionNs = Math.round((epochMs - wholeMs) * 1e6) + Math.round((plusMs - wholePlusMs) * 1e6);
  wholeMs += wholePlusMs;
  while (fractionNs >= 1e6) {
    fractionNs -= 1e6;
    wholeMs++;
  }
  return `${wholeMs}${String(fractionNs).padStart(6, "0")}`;
}
