// The app as one test file sees it: all services in this process, each loaded from its source when it is first called, through the
// test runner's own module graph. Calls take the way they take in a running app; nothing listens, nothing runs by itself.
import type { CodecsModule, EndpointCodec, Service, ServiceModule } from "@tenon/model";
import type { CacheConfig } from "../cache/cache-config.ts";
import { closeCaches, configureCaches } from "../cache/clusters.ts";
import { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { installTopology, removeTopology, Topology } from "../call/topology.ts";
import { configureAppMeta } from "../config/app-meta.ts";
import { configureSecrets } from "../config/secret.ts";
import { checkDatabases, closeDatabases, configureDatabases } from "../data/configure-databases.ts";
import { traceDrivers } from "../data/drivers/trace-drivers.ts";
import { describeApp } from "../lifecycle/describe-app.ts";
import type { ConfigFile, DatabaseConfig, PlaceMeta } from "../lifecycle/host-config.ts";
import { HostedServices } from "../lifecycle/hosted-services.ts";
import { HostedSettings } from "../lifecycle/hosted-settings.ts";
import { type Build, hostedEndpoints, importCodecs, readBuild } from "../lifecycle/load-build.ts";
import { findLoadingService } from "../lifecycle/loading-service.ts";
import { configureLog } from "../log/output.ts";
import { installMessaging, type KnownTopic } from "../messaging/messaging.ts";
import { installOutbox, removeOutbox } from "../messaging/outbox/outboxes.ts";
import type { Relay } from "../messaging/outbox/relay.ts";
import { relaysOf } from "../messaging/outbox/start-outboxes.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { middlewaresOf } from "../middleware/middlewares-of.ts";
import { middlewareForSubscriptions } from "../middleware/select-middleware.ts";
import type { ObjectsConfig } from "../objects/objects-config.ts";
import { configureObjects } from "../objects/stores.ts";
import { allowStreams, stopStreams } from "../stream/live-streams.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { hideFields } from "../telemetry/redaction.ts";
import { sensitiveFields } from "../telemetry/sensitive-fields.ts";
import { callingFile } from "./calling-file.ts";
import { TestingError } from "./errors.ts";
import { RecordingBroker } from "./recording-broker.ts";

export interface TestHostConfig {
  /** Absolute. */
  readonly appDir: string;
  /** Of a build of the app as it is now: its graph and codecs are used, not its bundles. Absolute. */
  readonly buildDir: string;
  readonly databases: Readonly<Record<string, DatabaseConfig>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly configFiles: readonly ConfigFile[];
  readonly meta: PlaceMeta;
  readonly resetDatabases: () => Promise<void>;
  readonly caches: CacheConfig;
  readonly objects: ObjectsConfig;
  /** By name of the service: imports its source. */
  readonly services: Readonly<Record<string, () => Promise<ServiceModule>>>;
}

const SHUTDOWN_MS = 2_000;

let current: TestHost | undefined;

/** Throws TestingError `no_app_under_test`. */
export function currentTestHost(): TestHost {
  if (current === undefined) throw new TestingError("no_app_under_test");
  return current;
}

export class TestHost {
  readonly topology: Topology;
  readonly broker = new RecordingBroker();
  readonly topics: ReadonlyMap<string, KnownTopic>;
  /** What a test put in place and is taken away after it, the last first. */
  readonly restores: (() => void | Promise<void>)[] = [];
  readonly #config: TestHostConfig;
  readonly #build: Build;
  readonly #codecs: ReadonlyMap<string, CodecsModule>;
  readonly #settings: HostedSettings;
  /** What answers calls: fakes, and the endpoints of loaded services. */
  readonly #hosted = new Map<string, HostedEndpoint>();
  readonly #real = new Map<string, HostedEndpoint>();
  readonly #fakes = new Map<string, HostedEndpoint>();
  readonly #loaded = new Map<string, Promise<void>>();
  readonly #running: HostedServices[] = [];
  readonly #subscriptionMiddlewares = new Map<string, readonly Middleware[]>();
  /** By database. */
  readonly #relays: ReadonlyMap<string, Relay>;

  constructor(config: TestHostConfig, build: Build, codecs: ReadonlyMap<string, CodecsModule>) {
    this.#config = config;
    this.#build = build;
    this.#codecs = codecs;
    const { graph } = build;
    const endpoints = new Map<string, EndpointCodec>();
    for (const [service, module] of codecs) {
      for (const [endpoint, codec] of Object.entries(module.codecs)) endpoints.set(`${service}.${endpoint}`, codec);
    }
    this.topology = new Topology({
      graph,
      hosted: this.#hosted,
      codecs: endpoints,
      credential: "",
      remotes: {},
      loadFirst: (service, endpoint) =>
        this.#hosted.has(`${service}.${endpoint}`) ? undefined : this.loadService(service),
    });
    for (const { authHandlers } of codecs.values()) {
      if (authHandlers !== undefined) this.topology.auth.addCodecs(authHandlers);
    }
    const names = graph.services.map(({ name }) => name);
    this.#settings = new HostedSettings(graph, names, codecs, config.configFiles);
    this.topics = knownTopics(build, codecs);
    this.#relays = relaysOf(graph, config.databases, this.broker);
  }

  get hosted(): ReadonlyMap<string, HostedEndpoint> {
    return this.#hosted;
  }

  get resetDatabases(): () => Promise<void> {
    return this.#config.resetDatabases;
  }

  /** Runs a service's top-level code and its `init`, once. */
  loadService(name: string): Promise<void> {
    const known = this.#loaded.get(name);
    if (known !== undefined) return known;
    const loading = this.#load(name);
    this.#loaded.set(name, loading);
    return loading;
  }

  async #load(name: string): Promise<void> {
    const service = this.#build.graph.services.find((candidate) => candidate.name === name)!;
    const module = await this.#config.services[name]!();
    this.#settings.refuseProblems();
    for (const endpoint of hostedEndpoints(service, module, this.#codecs.get(name)!, this.#config.appDir)) {
      this.#real.set(endpoint.name, endpoint);
      this.#hosted.set(endpoint.name, this.#fakes.get(endpoint.name) ?? endpoint);
    }
    this.#subscriptionMiddlewares.set(name, middlewareForSubscriptions(middlewaresOf(module)));
    const running = new HostedServices(checkDatabases);
    running.add(name, module.service);
    await running.init();
    this.#running.push(running);
  }

  /** Of a service that is loaded: what runs around its messages. */
  subscriptionMiddlewares(service: string): readonly Middleware[] {
    return this.#subscriptionMiddlewares.get(service) ?? [];
  }

  /** Puts a function in the place of an endpoint's handler; returns what takes it away again. */
  replace(service: string, endpoint: string, handler: (request?: unknown) => unknown): () => void {
    const name = `${service}.${endpoint}`;
    const declared = this.#build.graph.services
      .find((candidate) => candidate.name === service)
      ?.endpoints.find((candidate) => candidate.name === endpoint);
    const codec = this.topology.codecs.get(name);
    if (declared === undefined || codec === undefined) throw new TestingError("not_a_client", { name: endpoint });
    if (declared.kind !== "typed") throw new TestingError("stream_not_mockable", { endpoint: name });
    // It answers whoever calls: what the test is about is the caller.
    const fake = new HostedEndpoint(service, { ...declared, auth: false }, codec, handler);
    const before = this.#fakes.get(name);
    this.#fakes.set(name, fake);
    this.#hosted.set(name, fake);
    return () => {
      if (before === undefined) this.#fakes.delete(name);
      else this.#fakes.set(name, before);
      const next = before ?? this.#real.get(name);
      if (next === undefined) this.#hosted.delete(name);
      else this.#hosted.set(name, next);
    };
  }

  install(): void {
    installTopology(this.topology);
    installMessaging({ broker: this.broker, topics: this.topics });
    // Whoever commits waits until its messages are with the broker, so that a test sees them right behind it.
    for (const [database, relay] of this.#relays) installOutbox(database, { committed: () => relay.empty() });
    findLoadingService(() => this.#serviceOfCaller());
    current = this;
  }

  /** Modules are shared by whoever imports them, so settings are those of the service in whose folder the asking file lies. */
  #serviceOfCaller() {
    const service = serviceAt(this.#build.graph.services, this.#config.appDir, callingFile());
    return service === undefined ? undefined : { name: service.name, settings: this.#settings.of(service.name) };
  }

  async close(): Promise<void> {
    for (const restore of this.restores.splice(0).reverse()) await restore();
    stopStreams();
    await Promise.all(this.#running.map((services) => services.shutdown(SHUTDOWN_MS)));
    findLoadingService(undefined);
    for (const database of this.#relays.keys()) removeOutbox(database);
    await Promise.all([...this.#relays.values()].map((relay) => relay.stop(SHUTDOWN_MS)));
    installMessaging(undefined);
    await this.broker.close();
    closeCaches();
    await closeDatabases(SHUTDOWN_MS);
    removeTopology(this.topology);
    current = undefined;
  }
}

/** One at a time in a process. Throws HostError for a build that cannot be read. */
export async function startTestHost(config: TestHostConfig): Promise<TestHost> {
  const build = await readBuild(config.buildDir);
  configureLog({ pretty: true, defaultLevel: "warn" });
  configureSecrets(config.secrets, { missingIsEmpty: true });
  hideFields(sensitiveFields(build.graph));
  const services = build.graph.services.map(({ name }) => name);
  configureAppMeta(describeApp(build, { ...noHost, ...config, services }));
  configureTelemetry(noHost.telemetry);
  configureDatabases(config.databases);
  configureCaches(config.caches);
  configureObjects(build.graph.buckets ?? [], config.objects);
  traceDrivers(config.appDir);
  allowStreams();
  const codecs = await Promise.all(services.map(async (name) => [name, await importCodecs(build, name)] as const));
  const host = new TestHost(config, build, new Map(codecs));
  host.install();
  return host;
}

/** Of a process that has no doors and exports nothing. */
const noHost = {
  internal: null,
  gateway: null,
  remotes: {},
  credential: "",
  development: true,
  telemetry: { otlpEndpoint: null, sample: 1, flushIntervalMs: 1_000 },
} as const;

function knownTopics({ graph }: Build, codecs: ReadonlyMap<string, CodecsModule>): Map<string, KnownTopic> {
  const modules = [...codecs.values()];
  const known = (graph.topics ?? []).map((topic): [string, KnownTopic] => {
    const module = modules.find(({ topics }) => topics?.[topic.name] !== undefined);
    return [topic.name, { topic, codec: module?.topics?.[topic.name] }];
  });
  return new Map(known);
}

/** The innermost one whose folder has the file. */
function serviceAt(services: readonly Service[], appDir: string, file: string | undefined): Service | undefined {
  if (file === undefined) return undefined;
  return services
    .filter(({ directory }) => file.startsWith(directory === "." ? `${appDir}/` : `${appDir}/${directory}/`))
    .sort((a, b) => b.directory.length - a.directory.length)[0];
}
