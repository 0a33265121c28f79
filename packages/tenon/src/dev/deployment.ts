// Brings a built version of the app into service: databases, secrets, processes, gateway, in the order they need each other. Remembers
// what an attempt that failed has left undone.
import { join } from "node:path";
import { type Graph, usesTopic } from "@tenon/model";
import {
  type CacheConfig,
  type ConfigFile,
  hideSecrets,
  type ObjectsConfig,
  type PlaceMeta,
  type TelemetryConfig,
} from "@tenon/runtime";
import type { Caches } from "./caches.ts";
import type { Databases, PreparedDatabases } from "./databases.ts";
import { readConfigFiles } from "../config-files.ts";
import { readLocalSecrets } from "../secrets/local-secrets.ts";
import { missingSecrets } from "../secrets/missing-secrets.ts";
import { readEnvironment } from "./environment.ts";
import type { Fleet, GroupConfig } from "./fleet.ts";
import { copyBuild } from "./good-build.ts";
import { placeServices, type Topology } from "./placement.ts";
import type { Problem } from "./problem.ts";

export interface DeploymentOptions {
  readonly appDir: string;
  readonly buildDir: string;
  readonly topology: Topology;
  readonly credential: string;
  readonly telemetry: TelemetryConfig;
  readonly meta: Promise<PlaceMeta>;
  readonly objects: ObjectsConfig;
  readonly databases: Databases;
  readonly caches: Caches;
  readonly fleet: Fleet;
  /** The app is served all the same. */
  onWarning(problem: Problem): void;
  /** From now on this version is the one that serves; its processes are up. */
  onSwitch(graph: Graph): void;
}

export interface Deployed {
  readonly services: readonly string[];
  readonly migrations: readonly string[];
}

interface Needs {
  readonly prepared: PreparedDatabases;
  readonly caches: CacheConfig["clusters"];
  readonly secrets: Readonly<Record<string, string>>;
  readonly meta: PlaceMeta;
  readonly configFiles: readonly ConfigFile[];
}

export class Deployment {
  readonly #options: DeploymentOptions;
  /** Services built anew but not yet serving, because an earlier attempt to bring them in failed. */
  readonly #stale = new Set<string>();
  /** Of the processes that serve. */
  #environment: string | undefined;
  /** What was told of secrets without a value. */
  #missing: string | undefined;
  #copies = 0;

  constructor(options: DeploymentOptions) {
    this.#options = options;
  }

  /** These services have to be loaded again. */
  outdate(services: readonly string[]): void {
    for (const service of services) this.#stale.add(service);
  }

  /** Resolves with what it took. Throws, with the version before untouched, when this one does not come up. */
  async serve(graph: Graph): Promise<Deployed> {
    const { appDir, databases, caches: servers, fleet, topology } = this.#options;
    const environment = await readEnvironment(appDir);
    const [prepared, caches] = await Promise.all([
      databases.prepare(graph, environment),
      servers.prepare(graph, environment),
    ]);
    const secrets = await this.#secrets(graph);
    const meta = await this.#options.meta;
    const configFiles = await readConfigFiles(appDir, graph, meta.environment.name);
    const environmentText = JSON.stringify(environment);
    const restartAll = this.#environment !== environmentText;
    if (restartAll) fleet.useEnvironment(environment);

    const names = graph.services.map((service) => service.name);
    const groups = new Map<string, GroupConfig>();
    const restart = new Set<string>();
    for (const [name, services] of placeServices(names, topology)) {
      if (restartAll || services.some((service) => this.#stale.has(service))) restart.add(name);
      groups.set(name, this.#configOf(services, graph, { prepared, caches, secrets, meta, configFiles }));
    }
    const started = await fleet.apply({ groups, restart, onSwitch: () => this.#options.onSwitch(graph) });
    this.#stale.clear();
    this.#environment = environmentText;
    if (started.length > 0) await this.#keep();
    return { services: started.flatMap((name) => groups.get(name)?.services ?? []), migrations: prepared.migrated };
  }

  /** Those that are set; the others are told once, and again when they are not the same ones. */
  async #secrets(graph: Graph): Promise<Record<string, string>> {
    const found = await readLocalSecrets(
      this.#options.appDir,
      graph.secrets.map(({ name }) => name),
    );
    const missing = missingSecrets(graph, (name) => found.has(name));
    if (missing !== undefined && missing.message !== this.#missing) this.#options.onWarning(missing);
    this.#missing = missing?.message;
    const secrets = Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
    hideSecrets(secrets);
    return secrets;
  }

  /** Two folders by turns: a process may be loading from the one before. */
  async #keep(): Promise<void> {
    const { buildDir, fleet } = this.#options;
    const copy = join(buildDir, "..", `good-${++this.#copies % 2}`);
    await copyBuild(buildDir, copy);
    fleet.restartFrom(copy);
  }

  #configOf(services: readonly string[], graph: Graph, needs: Needs): GroupConfig {
    const { prepared, caches, secrets, meta, configFiles } = needs;
    const { appDir, buildDir, credential, telemetry } = this.#options;
    const hosted = graph.services.filter((service) => services.includes(service.name));
    const own = new Set(hosted.flatMap((service) => service.databases));
    return {
      buildDir,
      filesDir: appDir,
      services,
      credential,
      databases: Object.fromEntries([...prepared.configs].filter(([name]) => own.has(name))),
      secrets: pick(secrets, new Set(hosted.flatMap((service) => service.secrets))),
      meta,
      configFiles: configFiles.filter(({ service }) => services.includes(service)),
      ...(prepared.messaging !== undefined &&
      hosted.some((service) => graph.topics?.some((topic) => usesTopic(service, topic)))
        ? { messaging: prepared.messaging }
        : {}),
      ...(graph.buckets === undefined ? {} : { objects: this.#options.objects }),
      ...cachesOf(graph, services, caches),
      telemetry,
      // The supervisor makes lines for people of them.
      logFormat: "json",
      development: true,
    };
  }
}

/** Of the services whose code uses them. */
function cachesOf(
  graph: Graph,
  services: readonly string[],
  caches: CacheConfig["clusters"],
): { readonly caches?: CacheConfig } {
  const used = (graph.caches ?? []).filter((cache) => cache.services.some((service) => services.includes(service)));
  const clusters = used.map(({ name }) => [name, caches[name]!] as const);
  return clusters.length === 0 ? {} : { caches: { clusters: Object.fromEntries(clusters) } };
}

function pick(values: Readonly<Record<string, string>>, names: ReadonlySet<string>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.has(name)));
}
