// Where a process is reached by the others of its app: typed calls, and public requests that a gateway has passed on. Without the
// app's credential it only tells whether it is alive and ready, and its metrics.
import { maxHeaderSize } from "node:http";
import type { Graph } from "@tenon/model";
import type { AuthBook } from "../auth/auth-book.ts";
import { AUTH_PATH, serveAuth } from "../auth/auth-exchange.ts";
import { MAX_AUTH_DATA_BYTES } from "../auth/identity.ts";
import { CALL_HEADERS, REFUSED } from "../call/call-headers.ts";
import { createCredentialCheck } from "../call/credential.ts";
import { headerOf, type IncomingRequest, type OutgoingResponse } from "../call/exchange.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { type Listener, listen } from "../call/listen.ts";
import { withoutInternal } from "../call/outside-headers.ts";
import { RequestError } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import { CALL_PATH, CallPaths } from "../call/call-path.ts";
import { RunningCalls } from "../call/running-calls.ts";
import { serveCall } from "../call/serve-call.ts";
import type { RouteMatch } from "../call/route.ts";
import { type PublicCall, serveRequest } from "../call/serve-request.ts";
import { serveRawCall } from "../raw/serve-raw-call.ts";
import { canUpgrade, serveUpgrade } from "../call/serve-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import type { Scheduler } from "../cron/scheduler.ts";
import { CRON_PATH, serveCron } from "../cron/serve-cron.ts";
import { serveStreamCall } from "../stream/serve-stream-call.ts";
import type { ListenAddress } from "../lifecycle/host-config.ts";
import type { MetricReading } from "../metrics/metric-reading.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import { isHealthPath, isOwnPath, isReadyPath, type RunChecks, respondHealthy, respondReadiness } from "./health.ts";
import { HOOK_PATH, serveHooks } from "./hook-exchange.ts";
import type { HostedGateway } from "./hosted-gateway.ts";
import { isMetricsPath, respondMetrics } from "./metrics-door.ts";
import { visitPassedOn } from "./passed-on-arrival.ts";
import { type PublicEndpoint, publicRoutes } from "./public-routes.ts";
import { respondUnrouted } from "./route-response.ts";

/** What the gateway lets in and what it adds itself. */
const HEADER_LIMIT_BYTES = maxHeaderSize + MAX_AUTH_DATA_BYTES + 8 * 1024;

type FoundRoute = Extract<RouteMatch<PublicEndpoint>, { kind: "found" }>;

export interface InternalDoorOptions {
  readonly address: ListenAddress;
  readonly graph: Graph;
  readonly hosted: ReadonlyMap<string, HostedEndpoint>;
  readonly credential: string;
  /** Admitted as well. */
  readonly otherCredentials?: readonly string[];
  readonly auth: AuthBook;
  /** Gateways whose code this process has, by name. */
  readonly gateways: ReadonlyMap<string, HostedGateway>;
  /** What `/__tenon/readyz` reports. */
  readonly runChecks: RunChecks;
  /** Metrics of all worker processes; absent where there is only this one. */
  readonly readMetrics?: () => Promise<readonly MetricReading[]>;
  /** The cron jobs of this process; undefined while they are not started, or when there are none. */
  readonly cron?: () => Scheduler | undefined;
}

export function createInternalDoor(options: InternalDoorOptions): Promise<Listener> {
  const isAdmitted = createCredentialCheck(options.credential, options.otherCredentials);
  const services = new Set([...options.hosted.values()].map((hosted) => hosted.service));
  const { auth } = options;
  const calls = new CallPaths(options.hosted);
  const running = new RunningCalls();
  const router = publicRoutes(options.graph, {
    isIncluded: (service) => services.has(service),
    hosted: options.hosted,
    plainOf: () => undefined,
  });

  function serveForwarded(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    const match = router.match(request.method, request.path);
    if (match.kind !== "found") return respondUnrouted(request, match);
    const { hosted, endpoint } = match.value;
    if (endpoint.kind !== "typed") return serveRequest(publicCall(match, request), request);
    return visitPassedOn(hosted!, match.params, request, auth);
  }

  async function answerUpgrade(request: UpgradeRequest): Promise<UpgradeOutcome> {
    const { headers } = request;
    if (!isAdmitted(headerOf(headers, CALL_HEADERS.credential))) return answer(request);
    const isForwarded = headerOf(headers, CALL_HEADERS.forwarded) === "1";
    if (!isForwarded && request.path.startsWith(CALL_PATH)) return serveStreamCall(options.hosted, auth, request);
    if (!isForwarded) return answer(request);
    const match = router.match(request.method, request.path);
    if (match.kind !== "found" || !canUpgrade(match.value.endpoint)) return answer(request);
    return serveUpgrade(publicCall(match, request), request, {});
  }

  function publicCall(match: FoundRoute, { headers }: IncomingRequest): PublicCall {
    return {
      hosted: options.hosted.get(match.value.name)!,
      params: match.params,
      headers: withoutInternal(headers),
      requestId: requestIdFrom(headerOf(headers, CALL_HEADERS.requestId)),
      identity: auth.identityFrom(headers),
      parent: parseTraceparent(headerOf(headers, "traceparent"), headerOf(headers, "tracestate")),
    };
  }

  const hasRaw = [...options.hosted.values()].some(({ endpoint }) => endpoint.kind === "raw");
  return listen({
    address: options.address,
    answer,
    answerUpgrade,
    headerLimitBytes: HEADER_LIMIT_BYTES,
    fastLane: () => options.graph.app.fastLane !== false,
    ...(hasRaw ? { laneOf } : {}),
  });

  /** Raw endpoints are promised the objects of node:http, whoever calls them. */
  function laneOf(request: IncomingRequest): "fast" | "compat" {
    if (request.header(CALL_HEADERS.rawEndpoint) !== undefined) return "compat";
    if (request.header(CALL_HEADERS.forwarded) !== "1") return "fast";
    const match = router.match(request.method, request.path);
    return match.kind === "found" && match.value.endpoint.kind === "raw" ? "compat" : "fast";
  }

  // hot: guarded by bench/call
  function answer(request: IncomingRequest): OutgoingResponse | Promise<OutgoingResponse> {
    const isOwn = isAdmitted(request.header(CALL_HEADERS.credential));
    if (!isOwn) return answerOther(request, isOwn);
    if (request.header(CALL_HEADERS.forwarded) === "1") {
      return isOwnPath(request.path) ? answerOther(request, isOwn) : serveForwarded(request);
    }
    const isCall = request.path.startsWith(CALL_PATH) && request.header(CALL_HEADERS.rawEndpoint) === undefined;
    return isCall ? serveCall(calls, auth, running, request) : answerOther(request, isOwn);
  }

  async function answerOther(request: IncomingRequest, isOwn: boolean): Promise<OutgoingResponse> {
    if (isHealthPath(request)) return respondHealthy();
    if (isReadyPath(request)) return respondReadiness({ runChecks: options.runChecks, detail: "named" });
    if (isMetricsPath(request)) return respondMetrics(options.readMetrics);
    if (!isOwn) {
      return respondError(new RequestError("credential_refused", {}), { [CALL_HEADERS.outcome]: REFUSED });
    }
    if (headerOf(request.headers, CALL_HEADERS.forwarded) === "1") return serveForwarded(request);
    if (request.headers[CALL_HEADERS.rawEndpoint] !== undefined) return serveRawCall(options.hosted, auth, request);
    if (request.path.startsWith(CRON_PATH)) return serveCron(options.cron?.(), request);
    if (request.path.startsWith(HOOK_PATH)) return serveHooks(options.gateways, request);
    if (request.path.startsWith(AUTH_PATH)) return serveAuth(auth, request);
    return respondError(new RequestError("route_not_found", { method: request.method, path: request.path }));
  }
}
