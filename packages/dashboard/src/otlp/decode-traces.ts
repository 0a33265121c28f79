// The body of an OTLP/HTTP JSON export request -> spans of the model. Senders are of all kinds and ages: what cannot be understood
// is refused span by span, with the first reason, and the rest is kept.
import type { Attributes, AttributeValue, Span, SpanEvent, SpanKind, SpanLink, SpanStatus } from "@tenon/model";

export interface DecodedTraces {
  readonly spans: Span[];
  readonly rejected: number;
  /** Why the first of them was. */
  readonly reason: string | null;
}

type Json = Readonly<Record<string, unknown>>;

const KINDS: readonly SpanKind[] = ["internal", "internal", "server", "client", "producer", "consumer"];
const STATUSES: readonly SpanStatus[] = ["unset", "ok", "error"];
const HEX_ID = /^[0-9a-f]+$/i;
const ZEROS = /^0+$/;

/** `body` is the parsed JSON. Throws a TypeError when it is not an export request at all. */
export function decodeTraces(body: unknown): DecodedTraces {
  if (!isJson(body)) throw new TypeError("the body must be an object with resourceSpans");
  const spans: Span[] = [];
  let rejected = 0;
  let reason: string | null = null;
  for (const resourceSpans of listOf(body, "resourceSpans")) {
    const service = serviceOf(resourceSpans);
    for (const scopeSpans of listOf(resourceSpans, "scopeSpans")) {
      for (const span of listOf(scopeSpans, "spans")) {
        try {
          spans.push(decodeSpan(span, service));
        } catch (error) {
          rejected++;
          reason ??= error instanceof Error ? error.message : String(error);
        }
      }
    }
  }
  return { spans, rejected, reason };
}

function decodeSpan(json: Json, service: string): Span {
  const startNs = nanoseconds(json["startTimeUnixNano"], "startTimeUnixNano");
  const endNs = nanoseconds(json["endTimeUnixNano"], "endTimeUnixNano");
  const status = isJson(json["status"]) ? json["status"] : {};
  const events = listOf(json, "events").map(decodeEvent);
  const links = listOf(json, "links").map(decodeLink);
  const parent = json["parentSpanId"];
  return {
    traceId: idOf(json["traceId"], 32, "traceId"),
    spanId: idOf(json["spanId"], 16, "spanId"),
    parentSpanId: parent === undefined || parent === "" ? null : idOf(parent, 16, "parentSpanId"),
    service,
    name: typeof json["name"] === "string" ? json["name"] : "",
    kind:
      KINDS[
        enumNumber(json["kind"], "SPAN_KIND_", ["UNSPECIFIED", "INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"])
      ] ?? "internal",
    startedAt: epochMs(startNs),
    durationMs: endNs > startNs ? Number(endNs - startNs) / 1e6 : 0,
    status: STATUSES[enumNumber(status["code"], "STATUS_CODE_", ["UNSET", "OK", "ERROR"])] ?? "unset",
    attributes: withDescription(decodeAttributes(json["attributes"]), status["message"], events),
    events,
    ...(links.length === 0 ? {} : { links }),
  };
}

function decodeEvent(json: Json): SpanEvent {
  return {
    name: typeof json["name"] === "string" ? json["name"] : "",
    at: epochMs(nanoseconds(json["timeUnixNano"], "timeUnixNano")),
    attributes: decodeAttributes(json["attributes"]),
  };
}

function decodeLink(json: Json): SpanLink {
  return {
    traceId: idOf(json["traceId"], 32, "traceId of a link"),
    spanId: idOf(json["spanId"], 16, "spanId of a link"),
    attributes: decodeAttributes(json["attributes"]),
  };
}

/** The text of a status has no place of its own in the model; an exception's message says the same. */
function withDescription(attributes: Attributes, message: unknown, events: readonly SpanEvent[]): Attributes {
  if (typeof message !== "string" || message === "") return attributes;
  if (events.some((event) => event.attributes["exception.message"] === message)) return attributes;
  return { ...attributes, "otel.status_description": message };
}

function serviceOf(resourceSpans: Json): string {
  const resource = isJson(resourceSpans["resource"]) ? resourceSpans["resource"] : {};
  const name = decodeAttributes(resource["attributes"])["service.name"];
  return typeof name === "string" && name !== "" ? name : "unknown_service";
}

function decodeAttributes(list: unknown): Attributes {
  const attributes: Record<string, AttributeValue> = Object.create(null);
  if (!Array.isArray(list)) return attributes;
  for (const pair of list) {
    if (!isJson(pair) || typeof pair["key"] !== "string") continue;
    const value = decodeValue(pair["value"]);
    if (value !== undefined) attributes[pair["key"]] = value;
  }
  return { ...attributes };
}

function decodeValue(value: unknown): AttributeValue | undefined {
  if (!isJson(value)) return undefined;
  if (typeof value["stringValue"] === "string") return value["stringValue"];
  if (typeof value["boolValue"] === "boolean") return value["boolValue"];
  if (value["intValue"] !== undefined) return Number(value["intValue"]);
  if (value["doubleValue"] !== undefined) return Number(value["doubleValue"]);
  if (typeof value["bytesValue"] === "string") return value["bytesValue"];
  if (isJson(value["arrayValue"])) return decodeArray(value["arrayValue"]);
  return isJson(value["kvlistValue"]) ? JSON.stringify(value["kvlistValue"]) : undefined;
}

/** The model has arrays of one type only; mixed ones become text. */
function decodeArray(array: Json): AttributeValue {
  const values = listOf(array, "values").map(decodeValue);
  const type = typeof values[0];
  const isUniform = type !== "object" && type !== "undefined" && values.every((value) => typeof value === type);
  if (isUniform || values.length === 0) return values as string[];
  return values.map((value) => (typeof value === "string" ? value : JSON.stringify(value ?? null)));
}

function idOf(value: unknown, digits: number, name: string): string {
  if (typeof value !== "string" || value.length !== digits || !HEX_ID.test(value) || ZEROS.test(value)) {
    throw new TypeError(`${name} must be ${digits} hex digits, not all zero`);
  }
  return value.toLowerCase();
}

/** 64-bit integers are decimal strings in this format, but senders write numbers too. */
function nanoseconds(value: unknown, name: string): bigint {
  if (typeof value === "string" && /^\d{1,20}$/.test(value)) return BigInt(value);
  if (typeof value === "number" && Number.isInteger(value) && value >= 0) return BigInt(value);
  throw new TypeError(`${name} must be a decimal number of nanoseconds`);
}

function epochMs(ns: bigint): number {
  return Number(ns / 1_000_000n) + Number(ns % 1_000_000n) / 1e6;
}

/** Enums are numbers in this format; some senders write the name. */
function enumNumber(value: unknown, prefix: string, names: readonly string[]): number {
  if (typeof value === "number") return value;
  return typeof value === "string" ? names.indexOf(value.replace(prefix, "")) : 0;
}

function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function listOf(json: Json, name: string): Json[] {
  const list = json[name];
  return Array.isArray(list) ? list.filter(isJson) : [];
}
