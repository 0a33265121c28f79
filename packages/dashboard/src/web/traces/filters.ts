// The filters of the trace list: how they stand in the page's address and what they ask of the API.

export interface TraceFilters {
  readonly service: string;
  /** Part of "orders.create" or of "POST /orders". */
  readonly endpoint: string;
  readonly status: "" | "ok" | "error";
  /** As typed; "" is none. */
  readonly minDurationMs: string;
  readonly since: "" | SincePeriod;
}

export const sincePeriods = { "1m": 60_000, "15m": 900_000, "1h": 3_600_000, "24h": 86_400_000 } as const;
export type SincePeriod = keyof typeof sincePeriods;

export const noFilters: TraceFilters = { service: "", endpoint: "", status: "", minDurationMs: "", since: "" };

/** Values that no filter can have are ignored: the address may be hand-written. */
export function filtersFromQuery(query: string): TraceFilters {
  const parameters = new URLSearchParams(query);
  const status = parameters.get("status");
  const since = parameters.get("since");
  const minDurationMs = parameters.get("minDurationMs") ?? "";
  return {
    service: parameters.get("service") ?? "",
    endpoint: parameters.get("endpoint") ?? "",
    status: status === "ok" || status === "error" ? status : "",
    minDurationMs: isDuration(minDurationMs) ? minDurationMs : "",
    since: since !== null && Object.hasOwn(sincePeriods, since) ? (since as SincePeriod) : "",
  };
}

/** "?service=orders&status=error", or "" without filters. */
export function filtersToQuery(filters: TraceFilters): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(filters)) if (value !== "") parameters.set(name, value);
  const query = parameters.toString();
  return query === "" ? "" : `?${query}`;
}

/** What `GET /api/traces` is asked: the API takes a moment, the page a period. */
export function filtersToApiQuery(filters: TraceFilters, limit: number, now: number): string {
  const parameters = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries(filters)) if (value !== "") parameters.set(name, value);
  if (filters.since !== "") parameters.set("since", String(now - sincePeriods[filters.since]));
  return `?${parameters}`;
}

export function isFiltered(filters: TraceFilters): boolean {
  return Object.values(filters).some((value) => value !== "");
}

function isDuration(text: string): boolean {
  return /^\d+(\.\d+)?$/.test(text);
}
