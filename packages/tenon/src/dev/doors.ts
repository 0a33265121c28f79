// Where a running app is reached: the dashboard with its traces, and the gateway. Both listen before anything slow begins, so that a taken
// port is known at once.
import { join } from "node:path";
import { emitOpenApi } from "@tenon/compiler";
import {
  type AppStatus,
  type CronControl,
  createTraceStore,
  type Dashboard,
  type LogSource,
  startDashboard,
  type TopicDesk,
  type TraceStore,
} from "@tenon/dashboard";
import type { Graph } from "@tenon/model";
import {
  callAsApp,
  type CheckResult,
  configureTelemetry,
  createGateway,
  flushTelemetry,
  type OpenGateway,
} from "@tenon/runtime";

export interface DoorsOptions {
  readonly appDir: string;
  readonly namespace: string;
  readonly port: number;
  readonly dashboardPort: number;
  readonly credential: string;
  /** Folder of the objects in buckets. */
  readonly objectsDir: string;
  getGraph(): Graph | null;
  /** What every process of the app says of itself. */
  runChecks(): Promise<readonly CheckResult[]>;
  readonly logs: LogSource;
  /** `gateway`: its address, once it listens. */
  getStatus(gateway: string | undefined): AppStatus;
  /** Address of the process that hosts a service; throws when nobody does. */
  locate(service: string): Promise<string>;
  report(error: unknown): void;
  readonly cron: CronControl;
  readonly topics: TopicDesk;
}

export interface Doors {
  readonly dashboard: Dashboard;
  readonly gateway: OpenGateway;
  /** After the gateway, when nothing sends spans any more. */
  closeDashboard(): Promise<void>;
}

/** How long finished spans may wait, here and in the services. */
export const flushIntervalMs = 50;
/** How often services send their metrics. */
export const metricsIntervalMs = 2_000;

/** Throws, with nothing left open, when a port is taken. */
export async function openDoors(options: DoorsOptions): Promise<Doors> {
  const { appDir, namespace, port, dashboardPort, credential } = options;
  const store = await createTraceStore({ folder: join(appDir, ".tenon", "data", namespace, "traces") });
  let dashboard: Dashboard | undefined;
  let gateway: OpenGateway | undefined;
  try {
    dashboard = await startDashboard({
      host: "127.0.0.1",
      port: dashboardPort,
      store,
      getGraph: () => options.getGraph(),
      getStatus: () => options.getStatus(gateway?.address),
      describeApi: (graph, serverUrl) => emitOpenApi(graph, { serverUrl }),
      callPrivate: async (target) =>
        callAsApp({ ...target, credential, address: await options.locate(target.service) }),
      logs: options.logs,
      report: (error) => options.report(error),
      cron: options.cron,
      topics: options.topics,
    });
    configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs, sink: (spans) => store.add(spans) });
    gateway = await createGateway({
      address: { host: "127.0.0.1", port },
      graph: null,
      remotes: {},
      credential,
      development: true,
      objects: { kind: "files", directory: options.objectsDir, baseUrl: "", signingKey: credential },
      // Nobody but the developer reaches this door.
      readiness: { runChecks: () => options.runChecks(), detail: "named" },
    });
  } catch (error) {
    await closeDashboard(dashboard, store);
    throw error;
  }
  const opened = dashboard;
  return { dashboard, gateway, closeDashboard: () => closeDashboard(opened, store) };
}

async function closeDashboard(dashboard: Dashboard | undefined, store: TraceStore): Promise<void> {
  await flushTelemetry();
  await dashboard?.close();
  store.close();
}
