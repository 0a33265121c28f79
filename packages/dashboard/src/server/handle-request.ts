// Which answer a request to the dashboard gets: the API, the OTLP receiver, or a page.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Graph } from "@tenon/model";
import { callEndpoint, type PrivateCall } from "../call/call-endpoint.ts";
import { readCall } from "../call/read-call.ts";
import type { LogSource } from "../logs/log-source.ts";
import { readLogFilter } from "../logs/read-log-filter.ts";
import type { MetricStore } from "../metrics/metric-store.ts";
import type { MessageRates } from "../topics/message-rates.ts";
import type { TopicDesk } from "../topics/topic-desk.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import type { AppStatus } from "./app-status.ts";
import { answerCronJobs, type CronControl, runCronJob } from "./answer-cron.ts";
import { answerSubscription, answerTopics, readTopicPath } from "./answer-topics.ts";
import { checkHost } from "./check-host.ts";
import { RequestError } from "./errors.ts";
import type { EventStream } from "./event-stream.ts";
import { readJsonBody } from "./read-json-body.ts";
import { readTraceFilter } from "./read-trace-filter.ts";
import { receiveMetrics } from "./receive-metrics.ts";
import { answerPreflight, crossOriginHeaders, receiveTraces } from "./receive-traces.ts";
import { respondError, respondJson } from "./respond.ts";
import { servePage } from "./serve-page.ts";

export interface RequestScope {
  readonly store: TraceStore;
  readonly metrics: MetricStore;
  readonly logs?: LogSource;
  readonly events: EventStream;
  readonly getGraph: () => Graph | null;
  readonly getStatus: () => AppStatus;
  readonly webDir: string;
  readonly describeApi?: (graph: Graph, serverUrl: string) => object;
  readonly callPrivate?: PrivateCall;
  readonly report: (error: unknown) => void;
  readonly cron?: CronControl;
  readonly topics?: TopicDesk;
  readonly rates: MessageRates;
}

const TRACE_ID = /^[0-9a-f]{32}$/;

export async function handleRequest(
  request: IncomingMessage,
  response: ServerResponse,
  scope: RequestScope,
): Promise<void> {
  try {
    checkHost(request);
    const url = parseUrl(request.url ?? "/");
    if (url.pathname.startsWith("/v1/")) await handleOtlp(request, response, url, scope);
    else if (url.pathname.startsWith("/api/")) await handleApi(request, response, url, scope);
    else {
      allowOnly(request, "GET", "HEAD");
      await servePage(response, scope.webDir, url.pathname);
    }
  } catch (error) {
    respondError(response, error, scope.report);
  }
}

async function handleOtlp(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  scope: RequestScope,
): Promise<void> {
  if (url.pathname === "/v1/logs") {
    throw new RequestError(
      "unimplemented",
      "the dashboard keeps the log lines of the app's own services only; set OTEL_LOGS_EXPORTER=none in the sender",
      { headers: crossOriginHeaders },
    );
  }
  if (url.pathname !== "/v1/traces" && url.pathname !== "/v1/metrics") {
    throw new RequestError("not_found", `there is no ${url.pathname}`);
  }
  if (request.method === "OPTIONS") return answerPreflight(response);
  allowOnly(request, "POST");
  if (url.pathname === "/v1/metrics") await receiveMetrics(request, response, scope.metrics);
  else await receiveTraces(request, response, scope.store);
}

async function handleApi(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  scope: RequestScope,
): Promise<void> {
  const path = url.pathname;
  if (path.startsWith("/api/traces/")) {
    allowOnly(request, "GET", "HEAD");
    return answerTrace(response, path.slice("/api/traces/".length), scope.store);
  }
  const cronRun = /^\/api\/cron\/([^/]+)\/run$/.exec(path);
  if (cronRun !== null) {
    allowOnly(request, "POST");
    return runCronJob(response, decodeURIComponent(cronRun[1]!), scope.cron);
  }
  const subscription = readTopicPath(path);
  if (subscription !== undefined) {
    allowOnly(request, ...(subscription.action === "dead-letters" ? ["GET", "HEAD"] : ["POST"]));
    return answerSubscription(request, response, subscription, url.searchParams, scope);
  }
  switch (path) {
    case "/api/topics":
      allowOnly(request, "GET", "HEAD");
      return answerTopics(response, scope);
    case "/api/cron":
      allowOnly(request, "GET", "HEAD");
      return answerCronJobs(response, scope.getGraph(), scope.cron);
    case "/api/graph":
      allowOnly(request, "GET", "HEAD");
      return answerGraph(response, scope.getGraph());
    case "/api/openapi.json":
      allowOnly(request, "GET", "HEAD");
      return answerOpenApi(response, scope);
    case "/api/call":
      allowOnly(request, "POST");
      return answerCall(request, response, scope);
    case "/api/status":
      allowOnly(request, "GET", "HEAD");
      return respondJson(response, 200, scope.getStatus());
    case "/api/traces":
      allowOnly(request, "GET", "HEAD");
      return respondJson(response, 200, { traces: scope.store.list(readTraceFilter(url.searchParams)) });
    case "/api/logs":
      allowOnly(request, "GET", "HEAD");
      return respondJson(response, 200, { logs: scope.logs?.list(readLogFilter(url.searchParams)) ?? [] });
    case "/api/metrics":
      allowOnly(request, "GET", "HEAD");
      return respondJson(response, 200, { services: scope.metrics.list() });
    case "/api/events":
      allowOnly(request, "GET");
      return scope.events.connect(response);
    default:
      throw new RequestError("not_found", `there is no ${path}; docs/reference/dashboard-api.md lists what there is`);
  }
}

const CALL_LIMIT_BYTES = 32 * 1024 * 1024;

function answerGraph(response: ServerResponse, graph: Graph | null): void {
  respondJson(response, 200, knownGraph(graph));
}

function knownGraph(graph: Graph | null): Graph {
  if (graph !== null) return graph;
  throw new RequestError(
    "unavailable",
    "there is no graph yet: the app has not been analysed without errors; see /api/status",
  );
}

function answerOpenApi(response: ServerResponse, { describeApi, getGraph, getStatus }: RequestScope): void {
  if (describeApi === undefined) throw new RequestError("not_found", "this dashboard has no OpenAPI document");
  const serverUrl = getStatus().gateway ?? "http://localhost:4000";
  respondJson(response, 200, describeApi(knownGraph(getGraph()), serverUrl));
}

async function answerCall(request: IncomingMessage, response: ServerResponse, scope: RequestScope): Promise<void> {
  const graph = knownGraph(scope.getGraph());
  const wanted = readCall(await readJsonBody(request, CALL_LIMIT_BYTES), graph);
  const { callPrivate } = scope;
  const doors = { gateway: scope.getStatus().gateway, ...(callPrivate !== undefined && { callPrivate }) };
  respondJson(response, 200, await callEndpoint(wanted, graph, doors));
}

async function answerTrace(response: ServerResponse, traceId: string, store: TraceStore): Promise<void> {
  if (!TRACE_ID.test(traceId)) {
    throw new RequestError("invalid_argument", "a trace id is 32 lower-case hex digits");
  }
  const trace = await store.get(traceId);
  if (trace === undefined)
    throw new RequestError("not_found", `there is no trace ${traceId}; the oldest are forgotten`);
  respondJson(response, 200, trace);
}

function allowOnly(request: IncomingMessage, ...methods: string[]): void {
  if (methods.includes(request.method ?? "")) return;
  throw new RequestError("unimplemented", `${request.method} is not possible here; use ${methods.join(" or ")}`, {
    status: 405,
    headers: { allow: methods.join(", ") },
  });
}

/** The target is a path: the host was checked, and an absolute form would name another one. */
function parseUrl(target: string): URL {
  const text = `http://localhost${target}`;
  if (!target.startsWith("/") || !URL.canParse(text)) {
    throw new RequestError("invalid_argument", "the request target must be a path");
  }
  return new URL(text);
}
