// What a span stands for in an app, read off its kind and attributes: the door, a handler, a call to another service, a statement.
import type { Span } from "@tenon/model";

export type SpanRole = "gateway" | "endpoint" | "call" | "sql" | "work";

export const roleNames: Readonly<Record<SpanRole, string>> = {
  gateway: "gateway request",
  endpoint: "endpoint",
  call: "service call",
  sql: "SQL statement",
  work: "internal work",
};

export function roleOf(span: Span): SpanRole {
  if (span.attributes["db.system.name"] !== undefined || span.attributes["db.query.text"] !== undefined) return "sql";
  if (span.kind === "server") return span.service === "gateway" ? "gateway" : "endpoint";
  if (span.kind === "client") return "call";
  return "work";
}
