// One span as one line of a segment file, with exactly the fields of the model, and back.
import type { Span } from "@tenon/model";

/** Picks the fields by name: a recorder's spans carry fields of their own. */
export function formatSpanLine(span: Span): string {
  return `${JSON.stringify({
    traceId: span.traceId,
    spanId: span.spanId,
    parentSpanId: span.parentSpanId,
    service: span.service,
    name: span.name,
    kind: span.kind,
    startedAt: span.startedAt,
    durationMs: span.durationMs,
    status: span.status,
    attributes: span.attributes,
    events: span.events,
    links: span.links === undefined || span.links.length === 0 ? undefined : span.links,
  })}\n`;
}

/** Only for lines that formatSpanLine wrote. */
export function parseSpanLines(text: string): Span[] {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as Span);
}
