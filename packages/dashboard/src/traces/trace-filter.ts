// Which traces of the list somebody wants to see.
import type { IndexedSummary } from "./trace-index.ts";

export interface TraceFilter {
  /** A service that took part. */
  readonly service?: string;
  /** Part of "service.endpoint" of an endpoint that was served, or of "METHOD /path" of the request; upper and lower case are the same. */
  readonly endpoint?: string;
  readonly status?: "ok" | "error" | "unset";
  readonly minDurationMs?: number;
  /** Epoch milliseconds: started then or later. */
  readonly since?: number;
  /** Default 100. */
  readonly limit?: number;
}

export function matchesFilter({ summary, digest }: IndexedSummary, filter: TraceFilter): boolean {
  if (filter.service !== undefined && !summary.services.includes(filter.service)) return false;
  if (filter.status !== undefined && summary.status !== filter.status) return false;
  if (filter.minDurationMs !== undefined && summary.durationMs < filter.minDurationMs) return false;
  if (filter.since !== undefined && summary.startedAt < filter.since) return false;
  return filter.endpoint === undefined || matchesEndpoint({ summary, digest }, filter.endpoint.toLowerCase());
}

function matchesEndpoint({ summary, digest }: IndexedSummary, wanted: string): boolean {
  const { root } = summary;
  const texts = [...digest.endpoints, `${root.service}.${root.endpoint}`, `${root.method} ${root.path}`];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
