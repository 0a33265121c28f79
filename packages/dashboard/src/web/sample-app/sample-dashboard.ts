// A dashboard server with canned data, in the shapes of docs/reference/dashboard-api.md: what the browser test looks at.
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join } from "node:path";
import type { Diagnostic, Graph, Trace, TraceSummary } from "@tenon/model";
import { SampleTopics } from "./sample-topics.ts";

export interface SampleDashboard {
  readonly url: string;
  /** What waits in the topics; tests may change it. */
  readonly topics: SampleTopics;
  /** Adds a trace and tells the pages. */
  addTrace(trace: Trace): void;
  /** Bodies of the calls that pages have asked for. */
  readonly calls: readonly SampleCall[];
  setDiagnostics(diagnostics: readonly Diagnostic[]): void;
  /** Ends what is connected and listens no more. */
  close(): Promise<void>;
}

export interface SampleCall {
  readonly service: string;
  readonly endpoint: string;
  readonly [part: string]: unknown;
}

interface SampleOptions {
  readonly graph: Graph;
  readonly traces: readonly Trace[];
  /** Folder of the built pages. */
  readonly webDir: string;
  readonly port?: number;
}

const contentTypes: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

export async function startSampleDashboard({
  graph,
  traces,
  webDir,
  port = 0,
}: SampleOptions): Promise<SampleDashboard> {
  const byId = new Map(traces.map((trace) => [trace.traceId, trace]));
  let status = { state: "running", diagnostics: [] as readonly Diagnostic[] };
  const listeners = new Set<ServerResponse>();
  const calls: SampleCall[] = [];
  const topics = new SampleTopics(graph.topics ?? []);
  const tell = (event: string, data: unknown) => {
    for (const response of listeners) response.write(`event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  };

  const server = createServer((request, response) => {
    const url = new URL(request.url ?? "/", "http://sample");
    const traceId = /^\/api\/traces\/(.+)$/.exec(url.pathname)?.[1];
    if (url.pathname === "/api/events") {
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(": hello\n\n");
      listeners.add(response);
      response.on("close", () => listeners.delete(response));
    } else if (url.pathname === "/api/graph") sendJson(response, 200, graph);
    else if (url.pathname === "/api/status") sendJson(response, 200, status);
    else if (url.pathname.startsWith("/api/topics"))
      void topics.answer(request, url).then(({ status: code, body }) => sendJson(response, code, body));
    else if (url.pathname === "/api/call") void answerCall(request, response, calls, traces[0]?.traceId ?? null);
    else if (url.pathname === "/api/traces")
      sendJson(response, 200, { traces: listed([...byId.values()], url.searchParams) });
    else if (traceId !== undefined) sendTrace(response, byId.get(traceId), traceId);
    else void sendPage(response, webDir, url.pathname);
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    topics,
    addTrace(trace) {
      byId.set(trace.traceId, trace);
      tell("trace", summarize(trace));
    },
    setDiagnostics(diagnostics) {
      status = { state: diagnostics.length === 0 ? "running" : "broken", diagnostics };
      tell("diagnostics", { diagnostics });
    },
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Every call is answered alike. */
async function answerCall(
  request: IncomingMessage,
  response: ServerResponse,
  calls: SampleCall[],
  traceId: string | null,
) {
  let body = "";
  for await (const piece of request.setEncoding("utf8")) body += piece;
  calls.push(JSON.parse(body) as SampleCall);
  const headers = [
    ["content-type", "application/json"],
    ["x-request-id", "r-1"],
  ];
  const answer = { status: 404, headers, body: '{"code":"not_found"}', encoding: "text", truncated: false };
  const sent = { method: "GET", url: "http://127.0.0.1:4000/", headers: {} };
  sendJson(response, 200, { request: sent, response: answer, headMs: 2, durationMs: 2.5, traceId });
}

function sendTrace(response: ServerResponse, trace: Trace | undefined, traceId: string): void {
  if (trace !== undefined) sendJson(response, 200, trace);
  else sendJson(response, 404, { code: "not_found", message: `there is no trace ${traceId}`, details: null });
}

async function sendPage(response: ServerResponse, webDir: string, path: string): Promise<void> {
  const file = extname(path) === "" ? "/index.html" : path;
  try {
    const content = await readFile(join(webDir, file));
    response.writeHead(200, { "content-type": contentTypes[extname(file)] ?? "application/octet-stream" }).end(content);
  } catch {
    response.writeHead(404).end();
  }
}

function listed(traces: readonly Trace[], query: URLSearchParams): TraceSummary[] {
  const endpoint = (query.get("endpoint") ?? "").toLowerCase();
  const service = query.get("service");
  const status = query.get("status");
  return traces
    .map(summarize)
    .filter(
      (summary) =>
        (service === null || summary.services.includes(service)) &&
        (status === null || summary.status === status) &&
        summary.durationMs >= Number(query.get("minDurationMs") ?? 0) &&
        summary.startedAt >= Number(query.get("since") ?? 0) &&
        `${summary.root.service}.${summary.root.endpoint} ${summary.root.path}`.toLowerCase().includes(endpoint),
    )
    .sort((a, b) => b.startedAt - a.startedAt)
    .slice(0, Number(query.get("limit") ?? 100));
}

function summarize({ traceId, spans }: Trace): TraceSummary {
  const top = spans.find((span) => span.parentSpanId === null);
  const served = spans.filter((span) => span.kind === "server").sort((a, b) => a.startedAt - b.startedAt);
  const entry = served.find((span) => span.service !== "gateway") ?? spans[0];
  const startedAt = Math.min(...spans.map((span) => span.startedAt));
  const endedAt = Math.max(...spans.map((span) => span.startedAt + span.durationMs));
  const failed = spans.some((span) => span.status === "error");
  return {
    traceId,
    root: {
      service: entry?.service ?? "",
      endpoint: String(entry?.attributes["rpc.method"] ?? entry?.name ?? ""),
      method: String(top?.attributes["http.request.method"] ?? ""),
      path: String(top?.attributes["url.path"] ?? ""),
    },
    startedAt,
    durationMs: endedAt - startedAt,
    status: failed ? "error" : top === undefined ? "unset" : "ok",
    spans: spans.length,
    services: [...new Set(spans.map((span) => span.service))].sort(),
  };
}
