// How a span ended. An answer with an error code (not_found, invalid_argument ...) is not a failure of the service, so its span has
// no error status: it counts as refused, and its code and message stand in attributes.
import type { Attributes, Span } from "@tenon/model";

export type SpanOutcome = "succeeded" | "refused" | "failed";

export interface SpanException {
  readonly type: string | undefined;
  readonly message: string;
  readonly stack: string | undefined;
}

export function outcomeOf(span: Span): SpanOutcome {
  if (span.status === "error") return "failed";
  const status = span.attributes["http.response.status_code"];
  const isRefused =
    text(span.attributes, "tenon.error.code") !== undefined || (typeof status === "number" && status >= 400);
  return isRefused ? "refused" : "succeeded";
}

/** Its exception events in the order they were recorded. */
export function exceptionsOf(span: Span): SpanException[] {
  return span.events
    .filter((event) => event.name === "exception")
    .map((event) => ({
      type: text(event.attributes, "exception.type"),
      message: text(event.attributes, "exception.message") ?? "",
      stack: text(event.attributes, "exception.stacktrace"),
    }));
}

/** One line for a span that failed or refused; undefined when it succeeded. */
export function problemOf(span: Span): string | undefined {
  if (outcomeOf(span) === "succeeded") return undefined;
  const attributes = span.attributes;
  const exception = exceptionsOf(span)[0];
  const code = text(attributes, "tenon.error.code") ?? text(attributes, "error.type");
  const message = exception?.message || text(attributes, "tenon.error.message") || exception?.type;
  if (message !== undefined) return code === undefined || code === "internal" ? message : `${code}: ${message}`;
  if (code !== undefined) return code;
  const status = attributes["http.response.status_code"];
  return status === undefined ? "failed" : `HTTP ${status}`;
}

export function text(attributes: Attributes, key: string): string | undefined {
  const value = attributes[key];
  return typeof value === "string" ? value : undefined;
}
