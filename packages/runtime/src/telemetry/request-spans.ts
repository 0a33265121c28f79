// The span of a public request at the gateway: a prepared template, few values kept as they come, and times that the caller has already
// read. The endpoint's span is one of `startTemplateSpan`.
import type { RecordedSpan } from "./recorded-span.ts";
import { startTemplateSpan } from "./recorder.ts";
import type { SpanContext } from "./span.ts";
import { type SpanTemplate, spanTemplate } from "./span-template.ts";

/** Of the gateway's spans for one method of one route, or of no route: prepared once, not per request. */
export function publicRequestTemplate(method: string, route: string | undefined): SpanTemplate {
  const constants = { "http.request.method": method, "url.scheme": "http" };
  return spanTemplate({
    name: route === undefined ? method : `${method} ${route}`,
    kind: "server",
    service: "gateway",
    attributes: route === undefined ? constants : { ...constants, "http.route": route },
  });
}

/**
 * Starts the gateway's span of a request. `clientAddress` "" and `userAgent` undefined: not known. `nowMs`: `performance.now()` where
 * the caller has just read it. Its `traceparent` is also the value of the `traceresponse` header.
 */
// hot: guarded by bench/spans
export function startPublicRequest(
  template: SpanTemplate,
  parent: SpanContext | undefined,
  path: string,
  clientAddress: string,
  userAgent: string | undefined,
  nowMs: number = performance.now(),
): RecordedSpan {
  const span = startTemplateSpan(template, parent, nowMs);
  if (span.sampled) span.request = { path, clientAddress, userAgent, status: 0 };
  return span;
}

/** Ends it with the status that the client got; 5xx is an error of ours. */
// hot: guarded by bench/spans
export function endPublicRequest(span: RecordedSpan, status: number, nowMs: number = performance.now()): void {
  if (span.request !== null) span.request.status = status;
  if (status >= 500) {
    span.set("error.type", String(status));
    span.fail();
  }
  span.endAt(nowMs);
}
