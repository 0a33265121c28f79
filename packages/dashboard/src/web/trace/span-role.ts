// What a span stands for in an app, read off its kind and attributes: the door, a handler, a call to another service, a message, a statement.
import type { Span } from "@tenon/model";

export type SpanRole = "gateway" | "auth" | "endpoint" | "call" | "publish" | "message" | "cron" | "sql" | "work";

export const roleNames: Readonly<Record<SpanRole, string>> = {
  gateway: "gateway request",
  auth: "authentication",
  endpoint: "endpoint",
  call: "service call",
  publish: "published message",
  message: "handled message",
  cron: "cron job",
  sql: "SQL statement",
  work: "internal work",
};

export function roleOf(span: Span): SpanRole {
  if (span.attributes["db.system.name"] !== undefined || span.attributes["db.query.text"] !== undefined) return "sql";
  if (span.kind === "producer") return "publish";
  if (span.kind === "consumer") return "message";
  if (span.attributes["tenon.auth.handler"] !== undefined) return span.kind === "client" ? "call" : "auth";
  if (span.attributes["tenon.cron.job"] !== undefined) return "cron";
  if (span.kind === "server") return span.service === "gateway" ? "gateway" : "endpoint";
  if (span.kind === "client") return "call";
  return "work";
}
