// What an export request says, written down again in the plainest way: the body as the protocol has it, from spans as objects. The fast
// writers are compared with it.
import type { Attributes, AttributeValue, Span } from "@tenon/model";
import { instanceId } from "../instance-id.ts";

const KINDS = ["", "internal", "server", "client", "producer", "consumer"];
const STATUSES = ["unset", "ok", "error"];

/** As a parsed body has it; empty lists and objects are left out, as the protocol allows. */
export function slowBody(spans: readonly Span[]): unknown {
  const services = [...new Set(spans.map(({ service }) => service))];
  return {
    resourceSpans: services.map((service) => ({
      resource: {
        attributes: slowAttributes({
          "service.name": service,
          "service.instance.id": instanceId(),
          "telemetry.sdk.name": "tenon",
          "telemetry.sdk.language": "nodejs",
          "process.pid": process.pid,
        }),
      },
      scopeSpans: [{ scope: { name: "tenon" }, spans: spans.filter((span) => span.service === service).map(slowSpan) }],
    })),
  };
}

export function slowSpan(span: Span): unknown {
  const events = span.events.map(({ at, name, attributes }) => ({
    timeUnixNano: slowNanoseconds(at, 0),
    name: wellFormed(name),
    attributes: slowAttributes(attributes),
  }));
  const links = (span.links ?? []).map((link) => ({ ...link, attributes: slowAttributes(link.attributes) }));
  const message = span.events.findLast(({ name }) => name === "exception")?.attributes["exception.message"];
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: wellFormed(span.name),
    kind: KINDS.indexOf(span.kind),
    startTimeUnixNano: slowNanoseconds(span.startedAt, 0),
    endTimeUnixNano: slowNanoseconds(span.startedAt, span.durationMs),
    attributes: slowAttributes(span.attributes),
    ...(events.length === 0 ? {} : { events }),
    ...(links.length === 0 ? {} : { links }),
    ...(span.status === "unset"
      ? {}
      : {
          status: {
            code: STATUSES.indexOf(span.status),
            ...(span.status === "error" && message !== undefined ? { message: wellFormed(String(message)) } : {}),
          },
        }),
  };
}

/** Sorted: their order means nothing. */
function slowAttributes(attributes: Attributes): { key: string }[] {
  return Object.entries(attributes)
    .map(([key, value]) => ({ key: wellFormed(key), value: slowValue(value) }))
    .sort(byKey);
}

function slowValue(value: AttributeValue): object {
  if (typeof value === "string") return { stringValue: wellFormed(value) };
  if (typeof value === "boolean") return { boolValue: value };
  if (typeof value !== "number") return { arrayValue: { values: value.map(slowValue) } };
  if (Number.isSafeInteger(value) && !Object.is(value, -0)) return { intValue: String(value) };
  return { doubleValue: Number.isFinite(value) ? value : String(value) };
}

function slowNanoseconds(epochMs: number, plusMs: number): string {
  const wholeMs = Math.floor(epochMs);
  const ofStart = BigInt(wholeMs) * 1_000_000n + BigInt(Math.round((epochMs - wholeMs) * 1e6));
  return String(ofStart + BigInt(Math.round(plusMs * 1e6)));
}

/** Halves of surrogate pairs are the one thing that does not arrive as it was. */
function wellFormed(text: string): string {
  return Array.from(text, (character) => (/^[\ud800-\udfff]$/.test(character) ? "\ufffd" : character)).join("");
}

export function byKey(a: { readonly key: string }, b: { readonly key: string }): number {
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/** A parsed body in the form of `slowBody`. */
export function canonicalBody(body: unknown): unknown {
  if (Array.isArray(body)) {
    const items = body.map(canonicalBody);
    return items.every(isAttribute) ? items.sort(byKey) : items;
  }
  if (typeof body !== "object" || body === null) return body;
  const entries = Object.entries(body)
    .filter(([key, value]) => !isEmptyPart(key, value))
    .map(([key, value]) => [key, canonicalBody(value)]);
  return Object.fromEntries(entries);
}

function isEmptyPart(key: string, value: unknown): boolean {
  return (key === "events" || key === "status") && Object.keys(value as object).length === 0;
}

function isAttribute(item: unknown): item is { key: string } {
  return typeof item === "object" && item !== null && "key" in item && "value" in item;
}
