// Liveness: the process answers, whatever else is wrong. Readiness: what its services depend on is there as well.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { respond } from "../call/respond.ts";

const HEALTH_PATHS: ReadonlySet<string> = new Set(["/__tenon/healthz", "/__encore/healthz"]);
const READY_PATH = "/__tenon/readyz";

/** Name of a dependency -> what is wrong with it; empty: ready. */
export type FindProblems = () => Promise<Readonly<Record<string, string>>>;

export function isHealthPath(request: IncomingRequest): boolean {
  return HEALTH_PATHS.has(request.path) && isReading(request);
}

export function isReadyPath(request: IncomingRequest): boolean {
  return request.path === READY_PATH && isReading(request);
}

function isReading({ method }: IncomingRequest): boolean {
  return method === "GET" || method === "HEAD";
}

export function respondHealthy(): OutgoingResponse {
  return respond('{"status":"ok"}');
}

/** "named": says what is wrong; "silent": only that something is, for a door that everybody reaches. */
export async function respondReadiness(
  findProblems: FindProblems,
  detail: "named" | "silent",
): Promise<OutgoingResponse> {
  const problems = await findProblems();
  const isReady = Object.keys(problems).length === 0;
  const status = isReady ? "ok" : "not_ready";
  const response = respond(JSON.stringify(detail === "named" ? { status, problems } : { status }));
  return isReady ? response : { ...response, status: 503 };
}
