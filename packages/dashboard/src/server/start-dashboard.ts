// The server behind the dashboard: pages, trace API, OTLP receiver, live events. Listens on this machine only: it shows what the app
// did, request for request, and asks nobody who they are.
import http from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Graph } from "@tenon/model";
import type { PrivateCall } from "../call/call-endpoint.ts";
import type { LogSource } from "../logs/log-source.ts";
import { MetricStore } from "../metrics/metric-store.ts";
import { MessageRates } from "../topics/message-rates.ts";
import type { TopicDesk } from "../topics/topic-desk.ts";
import type { TraceStore } from "../traces/trace-store.ts";
import type { CronControl } from "./answer-cron.ts";
import type { AppStatus } from "./app-status.ts";
import { isLoopbackName } from "./check-host.ts";
import { DashboardStartError } from "./errors.ts";
import { EventStream } from "./event-stream.ts";
import { handleRequest, type RequestScope } from "./handle-request.ts";

export interface DashboardOptions {
  /** A loopback name or address. */
  readonly host: string;
  /** 0 picks a free one. */
  readonly port: number;
  readonly store: TraceStore;
  /** Absent: there are no log lines. */
  readonly logs?: LogSource;
  /** null until the app was analysed without errors. */
  readonly getGraph: () => Graph | null;
  readonly getStatus: () => AppStatus;
  /** The app's OpenAPI document; absent: there is none to be had. */
  readonly describeApi?: (graph: Graph, serverUrl: string) => object;
  /** Calls private endpoints for the API explorer; absent: it can call public ones only. */
  readonly callPrivate?: PrivateCall;
  /** The built pages. Default: those of this package. */
  readonly webDir?: string;
  /** Told of failures that are the dashboard's own fault. */
  readonly report: (error: unknown) => void;
  /** Absent: the app's cron jobs are shown but cannot be run. */
  readonly cron?: CronControl;
  /** Absent: the app's topics are shown without what waits in them. */
  readonly topics?: TopicDesk;
}

export interface Dashboard {
  /** "http://127.0.0.1:9400" */
  readonly url: string;
  /** Tells the open pages that the app was reloaded or that its diagnostics changed; sends the status along. */
  announce(event: "reload" | "diagnostics"): void;
  close(): Promise<void>;
}

export async function startDashboard(options: DashboardOptions): Promise<Dashboard> {
  if (!isLoopbackName(options.host)) {
    throw new DashboardStartError(
      "not_loopback",
      `the dashboard listens on this machine only, not on "${options.host}"; use 127.0.0.1 and forward the port (ssh -L) to reach it from elsewhere`,
    );
  }
  const events = new EventStream();
  const rates = new MessageRates();
  const scope: RequestScope = {
    ...options,
    events,
    metrics: new MetricStore(),
    rates,
    webDir: options.webDir ?? fileURLToPath(new URL("../web", import.meta.url)),
  };
  const server = http.createServer((request, response) => void handleRequest(request, response, scope));
  await listen(server, options.host, options.port);
  const unsubscribe = options.store.subscribe((summary) => events.sendTrace(summary));
  const endRates = options.store.observe((spans) => rates.add(spans));
  const endLogs = options.logs?.subscribe((record) => events.sendLog(record));

  return {
    url: urlOf(server.address() as AddressInfo),
    announce: (event) => events.send(event, options.getStatus()),
    async close() {
      unsubscribe();
      endRates();
      endLogs?.();
      events.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function listen(server: http.Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const isTaken = error.code === "EADDRINUSE";
      const reason = isTaken
        ? `port ${port} on ${host} is taken, perhaps by another "tenon dev"; choose one with --dashboard-port, 0 picks a free one`
        : `the dashboard cannot listen on ${host}:${port}: ${error.message}`;
      reject(new DashboardStartError(isTaken ? "port_in_use" : "cannot_listen", reason, error));
    });
    server.listen(port, host, resolve);
  });
}

function urlOf(address: AddressInfo): string {
  const host = address.family === "IPv6" ? `[${address.address}]` : address.address;
  return `http://${host}:${address.port}`;
}
