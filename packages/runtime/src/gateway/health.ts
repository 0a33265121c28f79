// Liveness: the process answers, whatever else is wrong. Readiness asks more and is the host's.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { respond } from "../call/respond.ts";

const HEALTH_PATHS: ReadonlySet<string> = new Set(["/__tenon/healthz", "/__encore/healthz"]);

export function isHealthPath(request: IncomingRequest): boolean {
  return HEALTH_PATHS.has(request.path) && (request.method === "GET" || request.method === "HEAD");
}

export function respondHealthy(): OutgoingResponse {
  return respond('{"status":"ok"}');
}
