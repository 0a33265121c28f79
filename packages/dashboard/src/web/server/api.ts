// The dashboard's API as the pages use it (docs/reference/dashboard-api.md).
import type { Diagnostic, Graph, Trace, TraceSummary } from "@tenon/model";

/** What `GET /api/status` says about the app behind the dashboard. */
export interface AppStatus {
  /** `broken`: the last good version is served; `failed`: nothing is. */
  readonly state: "starting" | "running" | "reloading" | "broken" | "failed";
  readonly diagnostics: readonly (Diagnostic & { readonly frame?: string })[];
  /** The app's public door; absent until it is open. */
  readonly gateway?: string;
}

/** A request that did not give the expected answer; status 0: no answer at all. */
export class ApiFailure extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

export async function fetchGraph(signal: AbortSignal): Promise<Graph> {
  return (await get("/api/graph", signal)) as Graph;
}

export async function fetchStatus(signal: AbortSignal): Promise<AppStatus> {
  return (await get("/api/status", signal)) as AppStatus;
}

/** `query` starts with "?". */
export async function fetchTraces(query: string, signal: AbortSignal): Promise<readonly TraceSummary[]> {
  return ((await get(`/api/traces${query}`, signal)) as { traces: TraceSummary[] }).traces;
}

export async function fetchTrace(traceId: string, signal: AbortSignal): Promise<Trace> {
  return (await get(`/api/traces/${encodeURIComponent(traceId)}`, signal)) as Trace;
}

async function get(path: string, signal: AbortSignal): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(path, { signal, headers: { accept: "application/json" } });
  } catch (error) {
    if (signal.aborted) throw error;
    throw new ApiFailure(0, "The dashboard's server does not answer.");
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw new ApiFailure(response.status, messageOf(body) ?? `${path} answered ${response.status}.`);
  return body;
}

function messageOf(body: unknown): string | undefined {
  if (typeof body !== "object" || body === null || !("message" in body)) return undefined;
  return typeof body.message === "string" ? body.message : undefined;
}
