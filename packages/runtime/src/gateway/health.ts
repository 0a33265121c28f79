// Liveness: the process answers, whatever else is wrong. Readiness: what its services depend on is there as well.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { respond } from "../call/respond.ts";
import type { CheckResult } from "../lifecycle/hosted-services.ts";

const HEALTH_PATHS: ReadonlySet<string> = new Set(["/__tenon/healthz", "/__encore/healthz"]);
const READY_PATHS: ReadonlySet<string> = new Set(["/__tenon/readyz", "/__encore/readyz"]);

const UNDERSCORE = 95;

/** Runs all checks; ready when none failed. */
export type RunChecks = () => Promise<readonly CheckResult[]>;

export interface Readiness {
  readonly runChecks: RunChecks;
  /** "named": says what is wrong; "silent": only that something is, for a door that everybody reaches. */
  readonly detail: "named" | "silent";
}

/** "/__": where the framework answers itself. Endpoints of the app may be there as well, behind it. */
export function isOwnPath(path: string): boolean {
  return path.charCodeAt(1) === UNDERSCORE && path.charCodeAt(2) === UNDERSCORE;
}

export function isHealthPath(request: IncomingRequest): boolean {
  return HEALTH_PATHS.has(request.path) && isReading(request);
}

export function isReadyPath(request: IncomingRequest): boolean {
  return READY_PATHS.has(request.path) && isReading(request);
}

export function isReading({ method }: IncomingRequest): boolean {
  return method === "GET" || method === "HEAD";
}

export function respondHealthy(): OutgoingResponse {
  return respond('{"status":"ok"}');
}

export async function respondReadiness({ runChecks, detail }: Readiness): Promise<OutgoingResponse> {
  const checks = await runChecks();
  const problems: Record<string, string> = {};
  for (const { name, status, error } of checks) if (status === "failed") problems[name] = error ?? "failed";
  const isReady = Object.keys(problems).length === 0;
  const status = isReady ? "ok" : "not_ready";
  const response = respond(JSON.stringify(detail === "named" ? { status, problems, checks } : { status }));
  return isReady ? response : { ...response, status: 503 };
}
