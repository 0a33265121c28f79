// Makes this process host services: configures secrets, telemetry and databases, loads the services' code, opens the doors; and takes
// all of it down again in the opposite order.
import { type EndpointCodec, type Graph, needsOutbox } from "@tenon/model";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { Listener } from "../call/listen.ts";
import { installTopology, removeTopology, Topology } from "../call/topology.ts";
import { configureAppMeta } from "../config/app-meta.ts";
import { configureSecrets } from "../config/secret.ts";
import type { Scheduler } from "../cron/scheduler.ts";
import { startCron } from "../cron/start-cron.ts";
import { createGateway, type OpenGateway } from "../gateway/create-gateway.ts";
import type { FunctionParts } from "../functions/function-parts.ts";
import { PushBook } from "../functions/push-book.ts";
import { createInternalDoor } from "../gateway/create-internal-door.ts";
import { configureLog } from "../log/output.ts";
import type { RunningOutboxes } from "../messaging/outbox/start-outboxes.ts";
import type { RunningMessaging } from "../messaging/start-messaging.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { metricReadings } from "../metrics/metric-reading.ts";
import { readMetrics } from "../metrics/metric-registry.ts";
import { allowStreams, stopStreams } from "../stream/live-streams.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import { hideFields } from "../telemetry/redaction.ts";
import { sensitiveFields } from "../telemetry/sensitive-fields.ts";
import { type RunningMetrics, startMetrics } from "../telemetry/start-metrics.ts";
import { AwaitedServices } from "./awaited-services.ts";
import { describeApp } from "./describe-app.ts";
import type { HostConfig, TlsConfig } from "./host-config.ts";
import { HostError } from "./host-error.ts";
import type { HostSiblings } from "./host-siblings.ts";
import { HostedSettings } from "./hosted-settings.ts";
import { HostedServices } from "./hosted-services.ts";
import { loadAhead } from "./load-ahead.ts";
import { type Build, importCodecs, importService, readBuild, serviceIn } from "./load-build.ts";
import { type OpenResources, openResources } from "./open-resources.ts";

export interface Host {
  /** "http://host:port"; null when this process has no public door. */
  readonly gatewayAddress: string | null;
  /** "http://host:port" or "unix:/path.sock"; null when no other process reaches it. */
  readonly internalAddress: string | null;
  readonly graph: Graph;
  /** What the platform is given that runs this process as a function; undefined where none does. */
  readonly asFunction: FunctionParts | undefined;
  /** Services elsewhere have moved: takes effect for the next call. */
  update(next: { readonly remotes: Readonly<Record<string, string>> }): void;
  /** The public door's certificate for connections from now on. Throws what node:tls says of unusable texts, and then changes nothing. */
  renewTls(tls: TlsConfig): void;
  /** Lets requests under way finish and services shut down, for `timeoutMs` at most; then closes databases and sends the last spans. */
  close(options: CloseOptions): Promise<void>;
}

export interface CloseOptions {
  readonly timeoutMs: number;
  /** How long before that is over requests are cut off. Default: where services have a `shutdown`, a third of it, 2 s at most. */
  readonly handlersReserveMs?: number;
  /** How long before it is over the services' `shutdown` is given up. Default: 0. */
  readonly hooksReserveMs?: number;
}

/** Requests that do not end must not take all the time there is from the services' own `shutdown`. */
const MAX_SHUTDOWN_RESERVE_MS = 2_000;

/** `siblings`: other processes that run the same services. Throws HostError; nothing is left running then. One host per process. */
export async function startHost(config: HostConfig, siblings?: HostSiblings): Promise<Host> {
  // Stacks then show the user's own files and lines.
  process.setSourceMapsEnabled(true);
  configureLog({
    pretty: (config.logFormat ?? (config.development ? "pretty" : "json")) === "pretty",
    defaultLevel: config.logLevel ?? (config.development ? "debug" : "info"),
    ...(siblings === undefined ? {} : { worker: siblings.worker }),
  });
  const build = await readBuild(config.buildDir, config.filesDir);
  if (!config.development) requireSecrets(build, config);
  configureSecrets(config.secrets, { missingIsEmpty: config.development });
  hideFields(sensitiveFields(build.graph));
  configureAppMeta(describeApp(build, config));
  configureTelemetry(config.telemetry);
  const resources = await openResources(build, config);
  allowStreams();
  const running = new Running(resources, siblings);
  try {
    await running.observe(build.graph.app.id, config);
    const topology = await running.load(build, config);
    await running.services.init();
    running.consume(config);
    await loadAhead(build.graph, config);
    await running.open(topology, config);
    await running.schedule(topology, config);
    return running.asHost(topology);
  } catch (error) {
    await running.close({ timeoutMs: 0 });
    throw error;
  }
}

/** All that are missing at once: nobody wants to learn of them one restart at a time. */
function requireSecrets(build: Build, config: HostConfig): void {
  const missing = new Map<string, string[]>();
  for (const name of config.services) {
    for (const secret of serviceIn(build, name).secrets) {
      if (!Object.hasOwn(config.secrets, secret)) missing.set(secret, [...(missing.get(secret) ?? []), name]);
    }
  }
  if (missing.size === 0) return;
  const secrets = [...missing].map(([secret, services]) => `${secret} (used by ${services.join(", ")})`).join("; ");
  throw new HostError("secrets_missing", { secrets });
}

class Running {
  private topology: Topology | undefined;
  private gateway: OpenGateway | undefined;
  private internal: Listener | undefined;
  private metrics: RunningMetrics | undefined;
  private messaging: RunningMessaging | undefined;
  private outboxes: RunningOutboxes | undefined;
  private cron: Scheduler | undefined;
  /** Of a function. */
  private readonly pushes = new PushBook();
  private readonly subscriptionMiddlewares = new Map<string, readonly Middleware[]>();
  private readonly resources: OpenResources;
  private readonly siblings: HostSiblings | undefined;
  readonly services: HostedServices;

  constructor(resources: OpenResources, siblings: HostSiblings | undefined) {
    this.resources = resources;
    this.siblings = siblings;
    this.services = new HostedServices(resources.checkDatabases);
  }

  async observe(app: string, { telemetry, isFunction = false }: HostConfig): Promise<void> {
    this.metrics = await startMetrics(app, telemetry, isFunction);
  }

  /** The topology is installed before any service's code runs, because that code may make calls at its top level. */
  async load(build: Build, config: HostConfig): Promise<Topology> {
    const services = config.services.map((name) => serviceIn(build, name));
    const codecs = new Map<string, EndpointCodec>();
    const hosted = new Map<string, HostedEndpoint>();
    const { graph } = build;
    const { credential, remotes } = config;
    const awaited = new AwaitedServices(config.services);
    const topology = new Topology({ graph, hosted, codecs, credential, remotes, loadFirst: awaited.loadFirst });
    installTopology(topology);
    this.topology = topology;
    const called = services.flatMap((service) => service.calls.map((call) => call.service));
    const needed = [...new Set([...config.services, ...called, ...topology.auth.homes])];
    const modules = new Map(
      await Promise.all(needed.map(async (name) => [name, await importCodecs(build, name)] as const)),
    );
    for (const [service, module] of modules) {
      if (module.authHandlers !== undefined) topology.auth.addCodecs(module.authHandlers);
      for (const [endpoint, codec] of Object.entries(module.codecs)) codecs.set(`${service}.${endpoint}`, codec);
    }
    if (config.messaging !== undefined) {
      const { startMessaging } = await import("../messaging/start-messaging.ts");
      this.messaging = await startMessaging(config.messaging, graph, config.services, modules, config.buildDir);
      this.outboxes = await startOutboxesOf(graph, config, this.messaging);
      if (this.outboxes !== undefined) this.services.addFacts(this.outboxes.facts);
    }
    const settings = new HostedSettings(graph, config.services, modules, config.configFiles ?? []);
    try {
      for (const service of services) {
        const loaded = await importService(build, service, modules.get(service.name)!, settings.of(service.name));
        for (const endpoint of loaded.endpoints) hosted.set(endpoint.name, endpoint);
        for (const handler of loaded.authHandlers) topology.auth.addHosted(handler);
        for (const gateway of loaded.gateways) topology.gateways.set(gateway.name, gateway);
        this.subscriptionMiddlewares.set(service.name, loaded.subscriptionMiddlewares);
        this.services.add(service.name, loaded.marker);
        awaited.loaded(service.name);
      }
      topology.loadFirst = undefined;
    } finally {
      settings.refuseProblems();
    }
    return topology;
  }

  /** Messages are for services that are ready. */
  consume({ isFunction }: HostConfig): void {
    this.messaging?.consume(this.subscriptionMiddlewares, isFunction === true ? this.pushes.hold : undefined);
  }

  async schedule({ graph, hosted }: Topology, config: HostConfig): Promise<void> {
    this.cron = await startCron(graph, hosted, config.cron, {
      shared: this.siblings?.cronStore,
      isTold: config.isFunction === true,
    });
  }

  async open(topology: Topology, config: HostConfig): Promise<void> {
    const { graph, hosted } = topology;
    const { credential } = config;
    const { siblings } = this;
    const ownChecks = () => this.services.check();
    const runChecks = siblings === undefined ? ownChecks : () => siblings.runChecks();
    siblings?.join({ readMetrics: () => metricReadings(readMetrics()), runChecks: ownChecks });
    if (config.internal !== null) {
      this.internal = await createInternalDoor({
        address: config.internal,
        graph,
        hosted,
        credential,
        ...(config.otherCredentials === undefined ? {} : { otherCredentials: config.otherCredentials }),
        auth: topology.auth,
        gateways: topology.gateways,
        runChecks,
        cron: () => this.cron,
        ...(siblings === undefined ? {} : { readMetrics: () => siblings.readMetrics() }),
      });
    }
    if (config.gateway !== null) {
      const remotes = (service: string) => topology.remoteAddress(service);
      this.gateway = await createGateway({
        address: config.gateway,
        graph: config.cors === undefined ? graph : { ...graph, app: { ...graph.app, cors: config.cors } },
        hosted,
        remotes,
        credential,
        auth: topology.auth,
        hostedGateways: topology.gateways,
        development: config.development,
        ...(config.objects === undefined ? {} : { objects: config.objects }),
        ...(config.internal === null ? { readiness: { runChecks, detail: "silent" } } : {}),
      });
    }
  }

  asHost(topology: Topology): Host {
    return {
      gatewayAddress: this.gateway?.address ?? null,
      internalAddress: this.internal?.address ?? null,
      graph: topology.graph,
      asFunction: this.functionParts(),
      update: ({ remotes }) => {
        topology.remotes = remotes;
      },
      renewTls: (tls) => this.gateway?.renewTls?.(tls),
      close: (options) => this.close(options),
    };
  }

  private functionParts(): FunctionParts | undefined {
    const { gateway, internal } = this;
    const serveInternal = internal?.serve?.bind(internal);
    if (serveInternal === undefined) return undefined;
    return {
      servePublic: gateway?.serve ?? null,
      serveInternal,
      subscriptions: this.pushes,
      hasJob: (job) => this.cron?.has(job) === true,
      runTick: (job, atMs) => this.cron!.runTick(job, atMs),
      handOver: async () => this.outboxes?.handOver(),
      pushMetrics: async () => this.metrics?.settle(),
    };
  }

  /** The public door first: what it still has under way may need everything behind it. */
  async close({ timeoutMs, handlersReserveMs, hooksReserveMs = 0 }: CloseOptions): Promise<void> {
    const endsAt = Date.now() + timeoutMs;
    const usualReserveMs = this.services.hasShutdown ? Math.min(MAX_SHUTDOWN_RESERVE_MS, timeoutMs / 3) : 0;
    const reservedMs = handlersReserveMs ?? usualReserveMs;
    const remaining = () => ({ timeoutMs: Math.max(0, endsAt - reservedMs - Date.now()) });
    const drained = Promise.all([
      this.gateway?.drain(remaining()),
      this.messaging?.stopConsuming(remaining().timeoutMs),
      this.cron?.stop(remaining().timeoutMs),
    ]);
    // Streams would go on for ever; told to end, their clients come back to whoever serves next.
    stopStreams();
    await drained;
    await this.internal?.drain(remaining());
    await this.gateway?.close(remaining());
    await this.internal?.close(remaining());
    await this.services.shutdown(Math.max(0, endsAt - hooksReserveMs - Date.now()));
    await this.outboxes?.stop(Math.max(0, endsAt - Date.now()));
    await this.messaging?.close();
    this.topology?.remoteBook.close();
    await this.resources.close();
    await Promise.all([this.metrics?.end(), flushTelemetry()]);
    if (this.topology !== undefined) removeTopology(this.topology);
  }
}

/** undefined: this process has no database that needs one. */
async function startOutboxesOf(
  graph: Graph,
  { databases }: HostConfig,
  { broker }: RunningMessaging,
): Promise<RunningOutboxes | undefined> {
  if (!Object.keys(databases).some((name) => needsOutbox(graph, name))) return undefined;
  const { startOutboxes } = await import("../messaging/outbox/start-outboxes.ts");
  return startOutboxes(graph, databases, broker);
}
