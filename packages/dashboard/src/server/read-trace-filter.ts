// The query of GET /api/traces -> a filter. A misspelt value is an error: an empty list would look like "no such traces".
import type { TraceFilter } from "../traces/trace-filter.ts";
import { RequestError } from "./errors.ts";

const STATUSES = ["ok", "error", "unset"] as const;
const MAX_LIMIT = 1000;
const NAMES = new Set(["service", "endpoint", "status", "minDurationMs", "since", "limit"]);

export function readTraceFilter(query: URLSearchParams): TraceFilter {
  for (const name of query.keys()) {
    if (!NAMES.has(name)) throw wrong(`unknown filter "${name}"; there are ${[...NAMES].join(", ")}`);
  }
  const service = query.get("service") || undefined;
  const endpoint = query.get("endpoint") || undefined;
  const status = readStatus(query.get("status"));
  const minDurationMs = readNumber(query, "minDurationMs");
  const since = readMoment(query.get("since"));
  const limit = readNumber(query, "limit");
  if (limit !== undefined && (!Number.isInteger(limit) || limit < 1 || limit > MAX_LIMIT)) {
    throw wrong(`limit must be a whole number from 1 to ${MAX_LIMIT}`);
  }
  return {
    ...(service === undefined ? {} : { service }),
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(status === undefined ? {} : { status }),
    ...(minDurationMs === undefined ? {} : { minDurationMs }),
    ...(since === undefined ? {} : { since }),
    ...(limit === undefined ? {} : { limit }),
  };
}

function readStatus(text: string | null): (typeof STATUSES)[number] | undefined {
  if (text === null || text === "") return undefined;
  const status = STATUSES.find((candidate) => candidate === text);
  if (status === undefined) throw wrong(`status must be one of ${STATUSES.join(", ")}, got "${text}"`);
  return status;
}

function readNumber(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw wrong(`${name} must be a number of at least 0, got "${text}"`);
  return value;
}

/** Epoch milliseconds, or a date as in ISO 8601. */
export function readMoment(text: string | null): number | undefined {
  if (text === null || text === "") return undefined;
  const moment = Number.isFinite(Number(text)) ? Number(text) : Date.parse(text);
  if (Number.isNaN(moment)) throw wrong(`since must be epoch milliseconds or an ISO 8601 date, got "${text}"`);
  return moment;
}

function wrong(message: string): RequestError {
  return new RequestError("invalid_argument", message);
}
