// The query of `GET /api/logs`. What cannot be meant is refused: an empty list would look like "no such lines".
import { isLogRecordLevel, type LogFilter } from "@tenon/model";
import { RequestError } from "../server/errors.ts";
import { readMoment } from "../server/read-trace-filter.ts";

const KNOWN = new Set(["service", "level", "traceId", "since", "limit"]);
const DEFAULT_LIMIT = 200;
const MAX_LIMIT = 5_000;

export function readLogFilter(query: URLSearchParams): LogFilter {
  for (const name of query.keys()) if (!KNOWN.has(name)) throw invalid(`there is no parameter "${name}"`);
  const service = query.get("service");
  const level = query.get("level");
  const traceId = query.get("traceId");
  const since = readMoment(query.get("since"));
  if (level !== null && !isLogRecordLevel(level)) {
    throw invalid(`level must be trace, debug, info, warn or error, got "${level}"`);
  }
  return {
    limit: limitOf(query.get("limit")),
    ...(service === null ? {} : { service }),
    ...(level === null ? {} : { level }),
    ...(traceId === null ? {} : { traceId }),
    ...(since === undefined ? {} : { since }),
  };
}

function limitOf(text: string | null): number {
  if (text === null) return DEFAULT_LIMIT;
  const limit = Number(text);
  if (Number.isInteger(limit) && limit >= 1 && limit <= MAX_LIMIT) return limit;
  throw invalid(`limit must be a whole number from 1 to ${MAX_LIMIT}, got "${text}"`);
}

function invalid(message: string): RequestError {
  return new RequestError("invalid_argument", message);
}
