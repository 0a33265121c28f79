// `tenon dev`: one supervisor that analyses the app, starts what it needs, serves it, and on every change brings the new version in
// without dropping a request. What does not build or start is reported, and the last good version keeps serving.
import { randomBytes } from "node:crypto";
import { join, relative, sep } from "node:path";
import { type BuildResult, type Compiler, createCompiler, ensureTsconfig } from "@tenon/compiler";
import { type AppStatus, createTraceStore, type Dashboard, startDashboard, type TraceStore } from "@tenon/dashboard";
import type { Diagnostic, Graph } from "@tenon/model";
import { configureTelemetry, createGateway, flushTelemetry, type Gateway } from "@tenon/runtime";
import { renderFrame } from "../commands/diagnostics-text.ts";
import { devBuildDir } from "../commands/build-folders.ts";
import { CommandError } from "../commands/definition.ts";
import { Databases } from "./databases.ts";
import { environmentFiles, pickSecrets, readEnvironment } from "./environment.ts";
import { Fleet, type GroupConfig } from "./fleet.ts";
import { claimInstance, type Instance } from "./instance.ts";
import { placeServices, type Topology } from "./placement.ts";
import type { Problem, Reporter } from "./reporter.ts";
import { type FileChanges, type FileWatcher, watchFiles } from "./watch-files.ts";

export interface SupervisorOptions {
  readonly appDir: string;
  readonly port: number;
  readonly dashboardPort: number;
  readonly topology: Topology;
  readonly watch: boolean;
  readonly namespace: string;
  readonly reporter: Reporter;
  /** `performance.now()` when the command began, for the time to ready. */
  readonly startedAt: number;
}

/** Throws CommandError `already_running` when the app is being served already. */
export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  return new Supervisor(options, await claimInstance(options.appDir));
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #instance: Instance;
  readonly #buildDir: string;
  readonly #credential = randomBytes(32).toString("base64url");
  readonly #databases: Databases;
  #fleet!: Fleet;
  #compiler!: Compiler;
  #store!: TraceStore;
  #dashboard!: Dashboard;
  #gateway!: Gateway;
  #watcher: FileWatcher | undefined;
  /** The version that serves. */
  #graph: Graph | undefined;
  /** Services built anew but not yet serving, because an earlier attempt to bring them in failed. */
  readonly #stale = new Set<string>();
  #diagnostics: readonly Diagnostic[] = [];
  /** The newest version was built but did not come up. */
  #broken = false;
  #work: Promise<void> = Promise.resolve();
  #ready = false;
  #closing: Promise<void> | undefined;

  constructor(options: SupervisorOptions, instance: Instance) {
    this.#options = options;
    this.#instance = instance;
    this.#buildDir = devBuildDir(options.appDir);
    this.#databases = new Databases({
      appDir: options.appDir,
      dataDir: join(options.appDir, ".tenon", "data", options.namespace, "postgres"),
      onLog: () => {},
      onRecovered: () => options.reporter.note("the database server ended unexpectedly and was started again"),
      onLost: (error) => this.#report(problemOf(error)),
    });
  }

  /** Resolves with whether the first version serves; if not, why was reported. Throws what no change of the app can mend. */
  async start(): Promise<boolean> {
    const { appDir, reporter } = this.#options;
    const compiling = createCompiler({ appDir, outDir: this.#buildDir, mode: "development" }).then(async (compiler) => {
      this.#compiler = compiler;
      return compiler.build();
    });
    // Its failure is handled where it is awaited; meanwhile a failure of the doors below must not leave it unobserved.
    compiling.catch(() => {});
    await this.#openDoors();
    const environment = await readEnvironment(appDir);
    this.#fleet = new Fleet({
      appDir,
      environment,
      output: (line, stream) => reporter.log(line, stream),
      onCrash: (services, reason) =>
        this.#report({
          code: "service_crashed",
          message: `${services.join(", ")} ended unexpectedly (${reason}); starting it again`,
        }),
      onRestartFailed: (_services, error) => this.#report(problemOf(error)),
      onMoved: () => this.#moveGateway(),
    });
    this.#fleet.warm(1);
    await this.#bringIn(await compiling);
    // Without one, editors do not find the generated clients.
    if (this.#ready && (await ensureTsconfig(appDir))) reporter.note("wrote tsconfig.json, for the editor");
    if (this.#options.watch) {
      this.#watcher = await watchFiles(
        appDir,
        (changes) => this.#enqueue(() => this.#reload(changes)),
        (error) => this.#report({ code: "watch_failed", message: `watching the app's files failed: ${error.message}` }),
      );
    }
    this.#enqueue(() => this.#checkTypes());
    return this.#ready;
  }

  /** Dashboard and gateway listen first: a taken port is known before anything slow begins. */
  async #openDoors(): Promise<void> {
    const { appDir, namespace, port, dashboardPort } = this.#options;
    this.#store = await createTraceStore({ folder: join(appDir, ".tenon", "data", namespace, "traces") });
    this.#dashboard = await startDashboard({
      host: "127.0.0.1",
      port: dashboardPort,
      store: this.#store,
      getGraph: () => this.#graph ?? null,
      getStatus: () => this.#status(),
      report: (error) => this.#report(problemOf(error)),
    });
    configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 50, sink: (spans) => this.#store.add(spans) });
    this.#gateway = await createGateway({
      address: { host: "127.0.0.1", port },
      graph: null,
      remotes: {},
      credential: this.#credential,
    });
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#closing === undefined ? task() : undefined))
      .catch((error: Error) => this.#report(problemOf(error)));
  }

  async #reload(changes: FileChanges): Promise<void> {
    const startedAt = performance.now();
    const result = await this.#compiler.update(changes);
    const restartAll = this.#touches(changes, (file) => environmentFiles.includes(file));
    await this.#bringIn(result, { startedAt, restartAll });
    await this.#checkTypes();
  }

  #touches(changes: FileChanges, matches: (relativeFile: string) => boolean): boolean {
    return Object.values(changes).some((files: string[]) =>
      files.some((file) => matches(relative(this.#options.appDir, file).replaceAll(sep, "/"))),
    );
  }

  /** Serves what was built, or says why not. */
  async #bringIn(result: BuildResult, reload?: { startedAt: number; restartAll: boolean }): Promise<void> {
    for (const service of result.changedServices) this.#stale.add(service);
    this.#setDiagnostics(result.diagnostics);
    const graph = result.graph;
    if (!result.ok || graph === null) {
      this.#report({
        code: "build_failed",
        message: this.#keepsServing("the app does not build"),
        diagnostics: result.diagnostics,
      });
      return;
    }
    try {
      const restarted = await this.#serve(graph, reload?.restartAll ?? false);
      this.#broken = false;
      if (!this.#ready) this.#announceReady(graph);
      else if (reload !== undefined && restarted.length > 0) {
        const durationMs = Math.round(performance.now() - reload.startedAt);
        this.#options.reporter.reload({ services: restarted, durationMs });
        this.#dashboard.announce("reload");
      }
    } catch (error) {
      const problem = problemOf(error);
      this.#broken = true;
      this.#report({ ...problem, message: this.#keepsServing(problem.message) });
    }
  }

  /** Databases, secrets, processes, gateway, in the order they need each other; resolves with the services that were restarted. */
  async #serve(graph: Graph, restartAll: boolean): Promise<string[]> {
    const environment = await readEnvironment(this.#options.appDir);
    const databases = await this.#databases.prepare(graph, environment);
    const groups = new Map<string, GroupConfig>();
    const restart = new Set<string>();
    for (const [name, services] of placeServices(
      graph.services.map((service) => service.name),
      this.#options.topology,
    )) {
      if (restartAll || services.some((service) => this.#stale.has(service))) restart.add(name);
      groups.set(name, this.#configOf(services, graph, databases, environment));
    }
    await this.#fleet.apply(groups, restart);
    this.#stale.clear();
    this.#graph = graph;
    this.#moveGateway();
    return [...restart].flatMap((name) => [...(groups.get(name)?.services ?? [])]);
  }

  #configOf(
    services: readonly string[],
    graph: Graph,
    databases: Awaited<ReturnType<Databases["prepare"]>>,
    environment: Readonly<Record<string, string>>,
  ): GroupConfig {
    const hosted = graph.services.filter((service) => services.includes(service.name));
    const names = new Set(hosted.flatMap((service) => service.databases));
    return {
      buildDir: this.#buildDir,
      services,
      credential: this.#credential,
      databases: Object.fromEntries([...databases].filter(([name]) => names.has(name))),
      secrets: pickSecrets([...new Set(hosted.flatMap((service) => service.secrets))], environment),
      telemetry: { otlpEndpoint: this.#dashboard.url, sample: 1, flushIntervalMs: 50 },
      development: true,
    };
  }

  /** Types are checked after the new version serves: they are reported, but a wrong type does not stop the program from running. */
  async #checkTypes(): Promise<void> {
    if (this.#diagnostics.some((diagnostic) => isError(diagnostic) && !diagnostic.code.startsWith("TS"))) return;
    const typeErrors = await this.#compiler.typeErrors();
    const own = this.#diagnostics.filter((diagnostic) => !diagnostic.code.startsWith("TS"));
    const had = this.#diagnostics.length > own.length;
    this.#setDiagnostics([...own, ...typeErrors]);
    if (typeErrors.length > 0) {
      const count = typeErrors.length === 1 ? "1 type error" : `${typeErrors.length} type errors`;
      this.#report({
        code: "type_errors",
        message: `${count} (the app is served all the same)`,
        diagnostics: typeErrors,
      });
    } else if (had) this.#options.reporter.note("no type errors any more");
  }

  #setDiagnostics(diagnostics: readonly Diagnostic[]): void {
    this.#diagnostics = diagnostics;
    this.#dashboard.announce("diagnostics");
  }

  #status(): AppStatus {
    const gateway = this.#gateway === undefined ? {} : { gateway: this.#gateway.address };
    const diagnostics = this.#diagnostics.map((diagnostic) => ({
      ...diagnostic,
      frame: renderFrame(diagnostic, this.#options.appDir),
    }));
    return { state: this.#state(), diagnostics, ...gateway };
  }

  #state(): AppStatus["state"] {
    const broken = this.#broken || this.#diagnostics.some(isError);
    if (this.#graph === undefined) return broken ? "failed" : "starting";
    return broken ? "broken" : "running";
  }

  #moveGateway(): void {
    if (this.#graph !== undefined)
      this.#gateway.update({ graph: this.#graph, remotes: (service) => this.#fleet.locate(service) });
  }

  #announceReady(graph: Graph): void {
    this.#ready = true;
    const startupMs = Math.round(performance.now() - this.#options.startedAt);
    void this.#instance.announce({ gateway: this.#gateway.address, dashboard: this.#dashboard.url });
    this.#options.reporter.ready({ gateway: this.#gateway.address, dashboard: this.#dashboard.url, graph, startupMs });
  }

  #keepsServing(message: string): string {
    if (!this.#options.watch) return message;
    return this.#ready ? `${message}; the last good version keeps serving` : `${message}; waiting for a change`;
  }

  #report(problem: Problem): void {
    if (this.#closing === undefined) this.#options.reporter.error(problem);
  }

  /** Stops everything it started, within 5 s. */
  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#watcher?.close();
    await this.#gateway?.close({ timeoutMs: 1500 });
    await this.#fleet?.close(1500);
    await Promise.all([flushTelemetry(), this.#databases.close(), this.#compiler?.close()]);
    await this.#dashboard?.close();
    this.#store?.close();
    await this.#instance.release();
  }
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

function problemOf(error: unknown): Problem {
  if (!(error instanceof Error)) return { code: "unknown", message: String(error) };
  const code = "code" in error && typeof error.code === "string" ? error.code : "internal";
  const hint = error instanceof CommandError || "hint" in error ? (error as CommandError).hint : undefined;
  return { code, message: error.message, hint };
}
