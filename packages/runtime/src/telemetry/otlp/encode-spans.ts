// Spans -> the body of an OTLP/HTTP JSON export request (opentelemetry-proto, "JSON Protobuf Encoding": ids as hex, 64-bit integers
// as decimal strings, enums as numbers). All of it is ASCII, and secrets are taken out of every text and number.
import type { Attributes, AttributeValue, Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from "@tenon/model";
import { redactText } from "../redaction.ts";
import { escapeText, jsonText } from "./json-text.ts";
import { instanceId } from "../instance-id.ts";

/** `SpanKind` of the protocol, by ours. */
const KIND_NUMBER: Record<SpanKind, number> = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 };
const STATUS_NUMBER: Record<SpanStatus, number> = { unset: 0, ok: 1, error: 2 };

/** Grouped by service, as a resource is what carries `service.name`. */
export function encodeSpans(spans: readonly Span[]): string {
  const byService = new Map<string, string[]>();
  for (const span of spans) {
    const group = byService.get(span.service);
    if (group === undefined) byService.set(span.service, [encodeSpan(span)]);
    else group.push(encodeSpan(span));
  }
  const groups = [...byService].map(([service, group]) => resourceStart(service) + group.join(",") + RESOURCE_END);
  return REQUEST_START + groups.join(",") + REQUEST_END;
}

export const REQUEST_START = '{"resourceSpans":[';
export const REQUEST_END = "]}";
export const RESOURCE_END = "]}]}";

/** What stands before the spans of one service. */
export function resourceStart(service: string): string {
  const attributes = encodeAttributes({
    "service.name": service,
    "service.instance.id": instanceId(),
    "telemetry.sdk.name": "tenon",
    "telemetry.sdk.language": "nodejs",
    "process.pid": process.pid,
  });
  return `{"resource":{"attributes":[${attributes}]},"scopeSpans":[{"scope":{"name":"tenon"},"spans":[`;
}

/** Any span, by itself; those of templates are written in another way (write-span.ts) with the same meaning. */
export function encodeSpan(span: Span): string {
  const parent = span.parentSpanId === null ? "" : `"parentSpanId":"${span.parentSpanId}",`;
  const ids = `"traceId":"${span.traceId}","spanId":"${span.spanId}",${parent}`;
  const start = nanoseconds(span.startedAt, 0);
  const end = nanoseconds(span.startedAt, span.durationMs);
  const times = `"startTimeUnixNano":"${start}","endTimeUnixNano":"${end}"`;
  return `{${ids}${times},${encodeConstants(span)}${encodeAttributes(span.attributes)}],${encodeOutcome(span)}}`;
}

/** Name and kind, and the start of the attributes. */
export function encodeConstants({ name, kind }: Pick<Span, "name" | "kind">): string {
  return `"name":"${jsonText(name)}","kind":${KIND_NUMBER[kind]},"attributes":[`;
}

/** Events, links and status. */
export function encodeOutcome({ status, events, links = [] }: Pick<Span, "status" | "events" | "links">): string {
  const linked = links.length === 0 ? "" : `"links":[${links.map(encodeLink).join(",")}],`;
  return `"events":[${events.map(encodeEvent).join(",")}],${linked}"status":${encodeStatus(status, events)}`;
}

function encodeLink({ traceId, spanId, attributes }: SpanLink): string {
  return `{"traceId":"${traceId}","spanId":"${spanId}","attributes":[${encodeAttributes(attributes)}]}`;
}

function encodeEvent({ at, name, attributes }: SpanEvent): string {
  const time = nanoseconds(at, 0);
  return `{"timeUnixNano":"${time}","name":"${jsonText(name)}","attributes":[${encodeAttributes(attributes)}]}`;
}

function encodeStatus(status: SpanStatus, events: readonly SpanEvent[]): string {
  if (status === "unset") return "{}";
  const code = `"code":${STATUS_NUMBER[status]}`;
  const message = events.findLast((event) => event.name === "exception")?.attributes["exception.message"];
  return status === "error" && message !== undefined
    ? `{${code},"message":"${jsonText(String(message))}"}`
    : `{${code}}`;
}

/** Joined by commas. */
export function encodeAttributes(attributes: Attributes): string {
  let encoded = "";
  for (const key in attributes) {
    const value = encodeValue(attributes[key] as AttributeValue);
    encoded += `${encoded === "" ? "" : ","}{"key":"${jsonText(key)}","value":${value}}`;
  }
  return encoded;
}

function encodeValue(value: AttributeValue): string {
  if (typeof value === "string") return `{"stringValue":"${jsonText(value)}"}`;
  if (typeof value === "boolean") return `{"boolValue":${value}}`;
  if (typeof value === "number") return encodeNumber(value);
  // Whatever a caller without types hands over: spans are written where requests end, and nothing may throw there.
  if (!Array.isArray(value)) return encodeValue(String(value));
  return `{"arrayValue":{"values":[${value.map(encodeValue).join(",")}]}}`;
}

function encodeNumber(value: number): string {
  const text = Object.is(value, -0) ? "-0.0" : String(value);
  const shown = redactText(text);
  if (shown !== text) return `{"stringValue":"${escapeText(shown)}"}`;
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return `{"intValue":"${text}"}`;
  // Protobuf's JSON writes what JSON has no number for as "NaN", "Infinity", "-Infinity".
  return Number.isFinite(value) ? `{"doubleValue":${text}}` : `{"doubleValue":"${text}"}`;
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
