// `tenon dev`: one supervisor that analyses the app, starts what it needs, serves it, and on every change brings the new version in
// without dropping a request. What does not build or start is reported, and the last good version keeps serving.
import { randomBytes } from "node:crypto";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { type BuildResult, ensureTsconfig } from "@tenon/compiler";
import type { Graph } from "@tenon/model";
import { devBuildDir } from "../commands/build-folders.ts";
import { readGitRevision } from "../git-revision.ts";
import { AppCompiler } from "./app-compiler.ts";
import { AppWatch } from "./app-watch.ts";
import { createTopicDesk } from "./topic-desk.ts";
import { createTopicLedger } from "./topic-ledger.ts";
import { Caches } from "./caches.ts";
import { CronJobs } from "./cron-jobs.ts";
import { CutShort } from "./cut-short.ts";
import { Databases } from "./databases.ts";
import { Deployment } from "./deployment.ts";
import { type Doors, flushIntervalMs, metricsIntervalMs, openDoors } from "./doors.ts";
import { readEnvironment } from "./environment.ts";
import { type FileChanges, PendingChanges } from "./file-changes.ts";
import { Findings } from "./findings.ts";
import { Fleet } from "./fleet.ts";
import { claimInstance, type Instance } from "./instance.ts";
import type { LogBook } from "./log-book.ts";
import { ObjectsEndpoint } from "./objects-endpoint.ts";
import { openLogBook } from "./open-log-book.ts";
import { localPlaceMeta } from "./place-meta.ts";
import { type Problem, problemOf } from "./problem.ts";
import type { SupervisorOptions } from "./supervisor-options.ts";

/** A start that takes longer than this is given up when a newer version waits. */
const patientStartMs = 1_000;
const drainMs = 1_500;
/** What requests under way get before the services begin to close as well. */
const headStartMs = 200;

/** Throws CommandError `already_running` when the app is being served already. */
export async function createSupervisor(options: SupervisorOptions): Promise<Supervisor> {
  return new Supervisor(options, await claimInstance(options.appDir));
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #instance: Instance;
  readonly #buildDir: string;
  readonly #credential = randomBytes(32).toString("base64url");
  readonly #compiler: AppCompiler;
  readonly #logs: LogBook;
  readonly #databases: Databases;
  readonly #caches = new Caches();
  readonly #objects: ObjectsEndpoint;
  readonly #fleet: Fleet;
  readonly #findings: Findings;
  readonly #pending = new PendingChanges();
  #doors: Doors | undefined;
  #deployment!: Deployment;
  readonly #watch: AppWatch;
  readonly #cutShort: CutShort;
  /** The version that serves. */
  #graph: Graph | undefined;
  #work: Promise<void> = Promise.resolve();
  #ready = false;
  #closing: Promise<void> | undefined;

  constructor(options: SupervisorOptions, instance: Instance) {
    const { appDir, namespace, reporter } = options;
    this.#options = options;
    this.#instance = instance;
    this.#buildDir = devBuildDir(appDir);
    this.#compiler = new AppCompiler(appDir, this.#buildDir);
    this.#logs = openLogBook(reporter, options.logFormat);
    this.#findings = new Findings({
      appDir,
      isServing: () => this.#graph !== undefined,
      onChange: () => this.#doors?.dashboard.announce("diagnostics"),
    });
    this.#databases = new Databases({
      appDir,
      dataDir: join(appDir, ".tenon", "data", namespace, "postgres"),
      onRecovered: () => {
        reporter.note("the database server ended unexpectedly and was started again");
        this.#enqueue(() => this.#redeploy());
      },
      onLost: (error) => this.#report(problemOf(error)),
    });
    this.#objects = new ObjectsEndpoint({
      dataDir: join(appDir, ".tenon", "data", namespace),
      objectsDir: this.#objectsDir,
      getGraph: () => this.#graph,
      report: (error) => this.#report(problemOf(error)),
    });
    this.#watch = new AppWatch(
      (changes) => this.#changed(changes),
      (error) => this.#report({ code: "watch_failed", message: `watching the app's files failed: ${error.message}` }),
    );
    this.#cutShort = new CutShort(this.#pending, this.#watch);
    this.#fleet = new Fleet({
      appDir,
      output: (line, stream, services) => this.#logs.take(line, stream, services),
      onCrash: (services, reason) =>
        this.#report({
          code: "service_crashed",
          message: `${services.join(", ")} ended unexpectedly (${reason}); starting it again`,
        }),
      onRestartFailed: (_services, error) => this.#report(problemOf(error)),
      onMoved: () => this.#moveGateway(),
    });
  }

  /** Resolves with whether the first version serves; if not, why was reported. Throws what no change of the app can mend. */
  async start(): Promise<boolean> {
    const { appDir, reporter } = this.#options;
    const compiling = this.#compiler.build();
    // Its failure is handled where it is awaited; meanwhile a failure of the doors must not leave it unobserved.
    compiling.catch(() => {});
    const prepared = this.#prepare();
    const first = prepared.then(async () => {
      const result = await compiling;
      if (this.#closing === undefined) await this.#bringIn(result);
    });
    // Edits that are seen from here on wait behind the first version.
    this.#work = first.catch(() => {});
    await prepared;
    await this.#watchFolders([appDir]);
    await first;
    // Without one, editors do not find the generated clients.
    if (this.#ready && (await ensureTsconfig(appDir))) reporter.note("wrote tsconfig.json, for the editor");
    this.#enqueue(() => this.#checkTypes());
    return this.#ready;
  }

  async #watchFolders(folders: readonly string[]): Promise<void> {
    if (this.#options.watch) await this.#watch.watch(folders);
  }

  /** Opens the way in, and makes ready what the first version will need. */
  async #prepare(): Promise<void> {
    const { appDir, namespace, port, dashboardPort, topology, reporter } = this.#options;
    const revision = readGitRevision(appDir);
    const doors = await openDoors({
      appDir,
      namespace,
      port,
      dashboardPort,
      credential: this.#credential,
      objectsDir: this.#objectsDir,
      getGraph: () => this.#graph ?? null,
      getStatus: (gateway) => this.#findings.status(gateway),
      locate: (service) => this.#fleet.locate(service),
      runChecks: () => this.#fleet.check(),
      logs: this.#logs,
      report: (error) => this.#report(problemOf(error)),
      cron: new CronJobs({
        credential: this.#credential,
        getGraph: () => this.#graph ?? null,
        locate: (service) => this.#fleet.locate(service),
      }),
      topics: createTopicDesk(createTopicLedger(() => this.#databases.messaging)),
    });
    this.#doors = doors;
    this.#deployment = new Deployment({
      appDir,
      buildDir: this.#buildDir,
      topology,
      credential: this.#credential,
      telemetry: { otlpEndpoint: doors.dashboard.url, sample: 1, flushIntervalMs, metricsIntervalMs, payloads: true },
      meta: revision.then((build) => localPlaceMeta(doors.gateway.address, build)),
      objects: {
        kind: "files",
        directory: this.#objectsDir,
        baseUrl: doors.gateway.address,
        signingKey: this.#credential,
      },
      databases: this.#databases,
      caches: this.#caches,
      fleet: this.#fleet,
      onWarning: (problem) => reporter.warning(problem),
      onSwitch: (graph) => {
        this.#graph = graph;
      },
    });
    this.#fleet.useEnvironment(await readEnvironment(appDir));
    this.#fleet.warm(1);
  }

  get #objectsDir(): string {
    const { appDir, namespace } = this.#options;
    return join(appDir, ".tenon", "data", namespace, "objects");
  }

  #enqueue(task: () => Promise<void>): void {
    this.#work = this.#work
      .then(() => (this.#closing === undefined ? task() : undefined))
      .catch((error: unknown) => this.#report(problemOf(error)));
  }

  /** Edits that come while one is being brought in are brought in together after it. */
  #changed(changes: FileChanges): void {
    this.#pending.add(changes);
    this.#fleet.abandonStarts(patientStartMs);
    this.#enqueue(() => this.#reload());
  }

  async #reload(): Promise<void> {
    if (this.#pending.isEmpty) return;
    const startedAt = performance.now();
    await this.#bringIn(await this.#build(), startedAt);
    if (this.#pending.isEmpty) await this.#checkTypes();
  }

  /** Somebody may have deleted what Tenon makes; then nothing that was known of it holds. */
  async #build(): Promise<BuildResult> {
    const changes = this.#pending.take();
    if (this.#graph === undefined || this.#compiler.isBuildThere) return this.#compiler.update(changes);
    this.#report({
      code: "generated_files_deleted",
      message: "the folder .tenon was deleted while the app ran; making it anew",
      hint: "The local databases and traces were in it: they begin empty.",
    });
    await this.#databases.reset();
    await this.#announceInstance();
    return this.#compiler.build();
  }

  /** Serves what was built, or says why not. */
  async #bringIn(result: BuildResult, startedAt?: number): Promise<void> {
    this.#deployment.outdate(result.changedServices);
    const { ok, graph } = result;
    if (ok && graph !== null && this.#graph !== undefined && (await this.#cutShort.check(this.#graph, graph))) return;
    if (this.#closing !== undefined) return;
    const wasBroken = this.#findings.isBroken;
    this.#findings.built(result.diagnostics);
    await this.#watchFolders(await this.#compiler.foldersOutside());
    if (!ok || graph === null) {
      const { diagnostics } = result;
      this.#report({ code: "build_failed", message: this.#keepsServing("the app does not build"), diagnostics });
      return;
    }
    await this.#deploy(graph, { startedAt, wasBroken });
  }

  /** The server of the databases is another one: what serves may have to connect elsewhere. */
  async #redeploy(): Promise<void> {
    if (this.#graph !== undefined)
      await this.#deploy(this.#graph, { startedAt: performance.now(), wasBroken: this.#findings.isBroken });
  }

  async #deploy(graph: Graph, reload: { startedAt: number | undefined; wasBroken: boolean }): Promise<void> {
    try {
      const { services, migrations } = await this.#deployment.serve(graph);
      await this.#objects.prepare(graph);
      this.#findings.deployed();
      this.#moveGateway();
      if (!this.#ready) return await this.#announceReady(graph);
      if (services.length + migrations.length === 0 && !reload.wasBroken) return;
      const durationMs = Math.round(performance.now() - (reload.startedAt ?? this.#options.startedAt));
      this.#options.reporter.reload({ services, migrations, durationMs });
      this.#doors?.dashboard.announce("reload");
    } catch (error) {
      const problem = problemOf(error);
      // Not a failure of this version: a newer one is waiting.
      if (problem.code === "superseded" && !this.#pending.isEmpty) return;
      this.#findings.failed();
      this.#report({ ...problem, message: this.#keepsServing(problem.message) });
    }
  }

  /** Types are checked after the new version serves: they are reported, but a wrong type does not stop the program from running. */
  async #checkTypes(): Promise<void> {
    if (this.#findings.hideTypeErrors) return;
    const typeErrors = await this.#compiler.typeErrors();
    const hadTypeErrors = this.#findings.typesChecked(typeErrors);
    if (typeErrors.length > 0) {
      const count = typeErrors.length === 1 ? "1 type error" : `${typeErrors.length} type errors`;
      this.#report({
        code: "type_errors",
        message: this.#findings.isBroken ? count : `${count} (the app is served all the same)`,
        diagnostics: typeErrors,
      });
    } else if (hadTypeErrors) this.#options.reporter.typesMended();
  }

  #moveGateway(): void {
    if (this.#graph !== undefined)
      this.#doors?.gateway.update({ graph: this.#graph, remotes: (service) => this.#fleet.locate(service) });
  }

  async #announceReady(graph: Graph): Promise<void> {
    this.#ready = true;
    await this.#announceInstance();
    const startupMs = Math.round(performance.now() - this.#options.startedAt);
    this.#options.reporter.ready({ ...this.#addresses(), objects: this.#objects.info, graph, startupMs });
  }

  /** The other commands find the app by it; the app is served without it, too. */
  async #announceInstance(): Promise<void> {
    const { namespace } = this.#options;
    await this.#instance
      .announce({ ...this.#addresses(), namespace })
      .catch((error: unknown) => this.#report(problemOf(error)));
  }

  #addresses(): { gateway: string; dashboard: string } {
    const { gateway, dashboard } = this.#doors!;
    return { gateway: gateway.address, dashboard: dashboard.url };
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
    this.#watch.close();
    const drained = this.#doors?.gateway.drain({ timeoutMs: drainMs });
    // Streams and server-sent events go through the gateway and are ended by the services, so it cannot be waited for to the end.
    await Promise.race([drained, delay(headStartMs, undefined, { ref: false })]);
    await Promise.all([this.#doors?.gateway.close({ timeoutMs: drainMs }), this.#fleet.close(drainMs)]);
    await Promise.all([this.#databases.close(), this.#caches.close(), this.#objects.close(), this.#compiler.close()]);
    await this.#doors?.closeDashboard();
    await this.#instance.release();
  }
}
