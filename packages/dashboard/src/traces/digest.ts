// What the list of traces needs to know of a group of spans. Digests of the groups of one trace merge in any order to the digest of
// the whole, so that late, repeated and half-forgotten traces need no special case.
import type { Span, SpanStatus, TraceSummary } from "@tenon/model";

export interface Digest {
  readonly spans: number;
  readonly services: readonly string[];
  /** "service.endpoint" of every endpoint that was served. */
  readonly endpoints: readonly string[];
  readonly startedAt: number;
  readonly endedAt: number;
  readonly failed: boolean;
  /** The span that the others hang under: the first without a parent, else the first of all. */
  readonly top: Top;
  /** The first endpoint that was served. */
  readonly entry: Entry | null;
  /** The first HTTP request that was served: for a request from outside, the gateway's. */
  readonly http: Http | null;
}

interface First {
  readonly startedAt: number;
  readonly spanId: string;
}
interface Top extends First {
  readonly hasParent: boolean;
  readonly service: string;
  readonly name: string;
  readonly durationMs: number;
}
interface Entry extends First {
  readonly service: string;
  readonly endpoint: string;
}
interface Http extends First {
  readonly method: string;
  readonly path: string;
  /** null when no answer was sent. */
  readonly statusCode: number | null;
}

/** `spans` are of one trace, at least one. */
export function digestSpans(spans: readonly Span[]): Digest {
  return spans.map(digestSpan).reduce(mergeDigests);
}

export function mergeDigests(left: Digest, right: Digest): Digest {
  return {
    spans: left.spans + right.spans,
    services: union(left.services, right.services),
    endpoints: union(left.endpoints, right.endpoints),
    startedAt: Math.min(left.startedAt, right.startedAt),
    endedAt: Math.max(left.endedAt, right.endedAt),
    failed: left.failed || right.failed,
    top: topOf(left.top, right.top),
    entry: firstOf(left.entry, right.entry),
    http: firstOf(left.http, right.http),
  };
}

export function summarize(traceId: string, digest: Digest): TraceSummary {
  const { top, entry, http } = digest;
  return {
    traceId,
    root: {
      service: entry?.service ?? top.service,
      endpoint: entry?.endpoint ?? top.name,
      method: http?.method ?? "",
      path: http?.path ?? "",
    },
    startedAt: digest.startedAt,
    durationMs: hasRoot(digest) ? top.durationMs : round(digest.endedAt - digest.startedAt),
    status: statusOf(digest),
    spans: digest.spans,
    services: digest.services,
  };
}

/**
 * Refusals (404, out of stock) do not fail a span, as OpenTelemetry has it, but whoever looks for requests that went wrong means them
 * too. A refusal that a caller handled is none. A trace without its root may still turn out either way.
 */
function statusOf(digest: Digest): SpanStatus {
  if (digest.failed || (digest.http?.statusCode ?? 0) >= 400) return "error";
  return hasRoot(digest) ? "ok" : "unset";
}

/** The request that came in is the root of our part of a trace that a caller outside began: its parent will never arrive. */
function hasRoot({ top, http }: Digest): boolean {
  return !top.hasParent || top.spanId === http?.spanId;
}

function digestSpan(span: Span): Digest {
  const first = { startedAt: span.startedAt, spanId: span.spanId };
  const endpoint = endpointOf(span);
  return {
    spans: 1,
    services: [span.service],
    endpoints: endpoint === null ? [] : [`${span.service}.${endpoint}`],
    startedAt: span.startedAt,
    endedAt: span.startedAt + span.durationMs,
    failed: span.status === "error",
    top: {
      ...first,
      hasParent: span.parentSpanId !== null,
      service: span.service,
      name: span.name,
      durationMs: span.durationMs,
    },
    entry: endpoint === null ? null : { ...first, service: span.service, endpoint },
    http: httpOf(span, first),
  };
}

function httpOf({ kind, attributes }: Span, first: First): Http | null {
  const method = attributes["http.request.method"];
  if (kind !== "server" || typeof method !== "string") return null;
  const path = attributes["url.path"] ?? attributes["http.route"] ?? "";
  const statusCode = attributes["http.response.status_code"];
  return { ...first, method, path: String(path), statusCode: typeof statusCode === "number" ? statusCode : null };
}

function endpointOf(span: Span): string | null {
  if (span.kind !== "server" || span.attributes["rpc.system"] !== "tenon") return null;
  const method = span.attributes["rpc.method"];
  return typeof method === "string" ? method : span.name;
}

function topOf(left: Top, right: Top): Top {
  if (left.hasParent !== right.hasParent) return left.hasParent ? right : left;
  return firstOf(left, right) as Top;
}

function firstOf<T extends First>(left: T | null, right: T | null): T | null {
  if (left === null || right === null) return left ?? right;
  if (left.startedAt !== right.startedAt) return left.startedAt < right.startedAt ? left : right;
  return left.spanId <= right.spanId ? left : right;
}

function union(left: readonly string[], right: readonly string[]): readonly string[] {
  if (right.every((name) => left.includes(name))) return left;
  return [...new Set([...left, ...right])].sort();
}

/** Differences of epoch times carry the noise of their last bits. */
function round(ms: number): number {
  return Math.round(ms * 1e6) / 1e6;
}
