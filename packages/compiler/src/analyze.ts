// The front of the build journey as one object: a folder of TypeScript -> graph and diagnostics, and again after each edit. It keeps
// what has not changed and starts TypeScript only when something has to be asked.
import { dirname, join, sep } from "node:path";
import type { Diagnostic, Graph } from "@tenon/model";
import { createDiagnostic, sortDiagnostics } from "./diagnose/diagnostic.ts";
import { type Place, wholeApp } from "./diagnose/place.ts";
import { type AuthSource, authSources } from "./emit/auth/auth-source.ts";
import type { ClientEndpoint } from "./emit/clients/client-service.ts";
import { readAppId } from "./discover/app-id.ts";
import { readFastLane } from "./app/fast-lane.ts";
import { belongsTo } from "./app/nested-projects.ts";
import { readResponses } from "./app/responses.ts";
import { readWorkers } from "./app/workers.ts";
import { authHandlerNames } from "./discover/auth-handler-names.ts";
import { type CorsSettings, readCorsSettings } from "./discover/cors-settings.ts";
import { type Discovered, discover, type Found, type FoundEndpoint } from "./discover/discover.ts";
import type { ResourceType } from "./discover/declarations.ts";
import { ImportGraph } from "./discover/import-graph.ts";
import { readPathMapping } from "./discover/path-mapping.ts";
import { ImportResolver } from "./discover/resolve-import.ts";
import { hashText, type SourceFile, SourceFiles } from "./discover/scan-files.ts";
import { assembleGraph } from "./graph/assemble.ts";
import { errorItems } from "./graph/declared-errors.ts";
import { leavesOf } from "./schema/option-value.ts";
import { analyseUnits, type Unit, type UnitResult } from "./schema/unit.ts";
import { UnitCache } from "./schema/unit-cache.ts";
import { chosenTypeScript, openTypeSource } from "./source/open-source.ts";
import type { FileChanges, SourceSpan, TypeSource } from "./source/type-source.ts";

export interface AnalyzeOptions {
  readonly appDir: string;
  /** The tsconfig to analyse with; absolute. */
  readonly configFile: string;
  readonly typescript?: "native" | "classic";
  /** How long TypeScript may take for one answer before it is restarted. */
  readonly deadlineMs?: number;
}

export interface DiscoveredSource {
  readonly name: string;
  /** Relative to the app's folder, "." for itself. */
  readonly directory: string;
  /** Relative; null: implied by endpoints in a folder without one. */
  readonly marker: string | null;
  /** The app's own module, which every service runs; relative, null where there is none. */
  readonly app: string | null;
  readonly endpoints: readonly ClientEndpoint[];
  /** Declared in its folder for it to run: auth handlers, subscriptions. */
  readonly resources: readonly {
    readonly type: ResourceType;
    readonly name: string;
    readonly file: string;
    readonly exportName: string | null;
  }[];
}

export interface Discovery {
  readonly appId: string;
  readonly services: readonly DiscoveredSource[];
  /** Where the types of auth data come from; null: the app has no auth handler. */
  readonly auth: readonly AuthSource[] | null;
  readonly diagnostics: readonly Diagnostic[];
}

export interface Analysis {
  /** null when an error diagnostic stands. */
  readonly graph: Graph | null;
  /** Ours (TN....), not TypeScript's. */
  readonly diagnostics: Diagnostic[];
  readonly sources: {
    /** `files`: all that the service's bundle contains of the user's sources; relative. */
    readonly services: readonly (DiscoveredSource & { readonly files: readonly string[] })[];
  };
  /** "service.endpoint" of those whose types were read anew. */
  readonly changedEndpoints: readonly string[];
}

export interface Analyzer {
  /** Quick, types not needed. */
  discover(): Promise<Discovery>;
  analyze(): Promise<Analysis>;
  /** Absolute paths. */
  update(changes: FileChanges): Promise<void>;
  /** Content hash of a source file as it was read for the analysis; null when it was not. */
  hashOf(file: string): string | null;
  /** Folders beside the app's with sources that it imports; absolute. */
  foldersOutside(): readonly string[];
  /** TypeScript's own diagnostics, code "TS....". */
  typeErrors(files?: readonly string[]): Promise<Diagnostic[]>;
  close(): Promise<void>;
}

export async function createAnalyzer(options: AnalyzeOptions): Promise<Analyzer> {
  return new AppAnalyzer(options);
}

type Asked = FoundEndpoint | Found<"database"> | Found<"secret"> | Found<"resource">;

const nothing: UnitResult = { values: [], references: [], signature: null };

class AppAnalyzer implements Analyzer {
  readonly #options: AnalyzeOptions;
  readonly #files: SourceFiles;
  readonly #cache: UnitCache;
  readonly #typescript: "native" | "classic";
  #graph: ImportGraph;
  #configHash: string;
  #opening: Promise<TypeSource> | null = null;
  #fallback: Diagnostic | null = null;
  #discovered: Discovered | null = null;
  /** Read anew since the last analysis. */
  readonly #recent = new Set<string>();
  #appId = "";
  #cors: CorsSettings = { cors: null, diagnostics: [] };

  constructor(options: AnalyzeOptions) {
    this.#options = options;
    this.#typescript = chosenTypeScript(options.typescript);
    this.#files = new SourceFiles(options.appDir);
    this.#cache = new UnitCache(join(options.appDir, ".tenon", "cache", "types.json"));
    const mapping = readPathMapping(options.configFile);
    this.#graph = new ImportGraph(this.#files, new ImportResolver(mapping));
    this.#configHash = hashText(mapping.configText);
  }

  async discover(): Promise<Discovery> {
    const discovered = this.#discover();
    const { diagnostics } = discovered;
    return { appId: this.#appId, services: this.#plainServices(), auth: authSources(discovered), diagnostics };
  }

  async analyze(): Promise<Analysis> {
    const discovered = this.#discover();
    const { results, read } = await this.#results(discovered);
    const files = new Map(
      discovered.services.map((service) => [
        service.name,
        this.#graph.valueClosure(entryFiles(service, discovered.app)).map((file) => this.#files.relative(file)),
      ]),
    );
    this.#files.save();
    const users = new Map<string, string[]>();
    for (const [service, list] of files)
      for (const file of list) users.set(file, [...(users.get(file) ?? []), service]);
    const assembled = assembleGraph({
      app: {
        id: this.#appId,
        ...(this.#cors.cors === null ? {} : { cors: this.#cors.cors }),
        ...readResponses(this.#options.appDir, this.#appSources()),
        ...readWorkers(this.#options.appDir),
        ...readFastLane(this.#options.appDir),
      },
      discovered,
      resultOf: (found) => results.get(found.declaration) ?? nothing,
      usersOf: (file) => users.get(file) ?? [],
    });
    const fallback = this.#fallback === null ? [] : [this.#fallback];
    const diagnostics = sortDiagnostics([
      ...discovered.diagnostics,
      ...this.#cors.diagnostics,
      ...assembled.diagnostics,
      ...fallback,
    ]);
    return {
      graph: diagnostics.some(({ severity }) => severity === "error") ? null : assembled.graph,
      diagnostics,
      sources: {
        services: this.#plainServices().map((service) => ({ ...service, files: files.get(service.name) ?? [] })),
      },
      changedEndpoints: discovered.services.flatMap(({ name, endpoints }) =>
        endpoints.filter(({ declaration }) => read.has(declaration)).map((endpoint) => `${name}.${endpoint.name}`),
      ),
    };
  }

  async update(changes: FileChanges): Promise<void> {
    const all = [...changes.changed, ...changes.created, ...changes.deleted];
    this.#files.forget(all);
    this.#graph.forget(all, changes.created.length + changes.deleted.length > 0);
    this.#discovered = null;
    for (const file of [...changes.changed, ...changes.created]) {
      if (/\.[cm]?tsx?$/.test(file) && this.#files.read(file) !== null) this.#recent.add(file);
    }
    if (all.some((file) => file.endsWith(".json"))) {
      const mapping = readPathMapping(this.#options.configFile);
      this.#graph = new ImportGraph(this.#files, new ImportResolver(mapping));
      this.#configHash = hashText(mapping.configText);
    }
    if (this.#opening !== null) await (await this.#opening).update(changes);
  }

  foldersOutside(): readonly string[] {
    const files = this.#graph.filesOutside(this.#options.appDir, this.#files.listAppFiles());
    return outermost(files.map((file) => this.#graph.workspaceOf(file) ?? dirname(file)));
  }

  hashOf(file: string): string | null {
    return this.#files.hashOf(file);
  }

  async typeErrors(files?: readonly string[]): Promise<Diagnostic[]> {
    const source = await this.#source();
    const served = this.#servedFiles();
    const isOfApp = belongsTo(this.#options.appDir, served);
    const diagnostics = await source.diagnostics(files ?? this.#files.listTypedFiles().filter(isOfApp));
    return sortDiagnostics(
      diagnostics.map(({ code, severity, message, span }) => {
        const place = span === null ? wholeApp : (this.#placeOf(span) ?? wholeApp);
        const isServed = span === null || served.has(span.file);
        return { code: `TS${code}`, severity: isServed ? severity : "warning", ...place, message };
      }),
    );
  }

  /** What the services are made of; other files of the folder are tests, tools and front ends. */
  #servedFiles(): ReadonlySet<string> {
    const { services, app, resources } = this.#discover();
    const gateways = resources.filter(({ declaration }) => declaration.type === "gateway");
    const entries = [
      ...services.flatMap((service) => entryFiles(service, app)),
      ...gateways.map(({ source }) => source.file),
    ];
    return new Set(this.#graph.valueClosure([...new Set(entries)]));
  }

  async close(): Promise<void> {
    const opening = this.#opening;
    this.#opening = null;
    if (opening !== null) await (await opening).close();
  }

  #plainServices(): DiscoveredSource[] {
    const { services, app } = this.#discover();
    const names = authHandlerNames(services);
    return services.map((service) => plainService(service, app?.source.relative ?? null, names));
  }

  #discover(): Discovered {
    this.#appId = readAppId(this.#options.appDir);
    this.#cors = readCorsSettings(this.#options.appDir);
    this.#discovered ??= discover(this.#appSources(), this.#appId, (specifier, from) =>
      this.#graph.sourceOf(specifier, from.file),
    );
    return this.#discovered;
  }

  /** The app's own files, and those of packages beside it that they import. */
  #appSources(): SourceFile[] {
    const own = this.#files.listAppFiles();
    return [...own, ...this.#graph.filesOutside(this.#options.appDir, own)]
      .map((file) => this.#files.read(file))
      .filter((source) => source !== null);
  }

  /** What is known about each declaration, by cache or by asking; `read` are those that were asked about. */
  async #results(discovered: Discovered): Promise<{ results: Map<object, UnitResult>; read: Set<object> }> {
    const asked: Asked[] = [
      ...discovered.services.flatMap(({ endpoints }) => endpoints),
      ...discovered.databases,
      ...discovered.secrets,
      ...discovered.resources,
    ];
    const common = this.#commonKey();
    const closureHashes = new Map<string, string>();
    const results = new Map<object, UnitResult>();
    const missing: { found: Asked; key: string; unit: Unit }[] = [];
    for (const found of asked) {
      const unit = unitOf(found);
      if (unit === null) continue;
      const { file, relative } = found.source;
      const closure = closureHashes.get(file) ?? this.#graph.closureHash(file);
      closureHashes.set(file, closure);
      const key = hashText(`${common} ${closure} ${relative}#${found.declaration.call.start}`);
      const known = this.#cache.get(key);
      if (known === undefined) missing.push({ found, key, unit });
      else results.set(found.declaration, known);
    }
    if (missing.length > 0) {
      const units = missing.map(({ unit }) => unit);
      const prefix = `${this.#options.appDir}/`;
      const analysed = await analyseUnits(units, {
        source: await this.#source(),
        placeOf: (span) => this.#placeOf(span),
        shorten: (declaration) => declaration.replaceAll(prefix, ""),
      });
      const isSettled = this.#isSettled();
      for (const [i, result] of analysed.entries()) {
        const { found, key, unit } = missing[i]!;
        if (isSettled && isCertain(unit, result)) this.#cache.set(key, result);
        results.set(found.declaration, result);
      }
    }
    this.#recent.clear();
    this.#cache.save();
    return { results, read: new Set(missing.map(({ found }) => found.declaration)) };
  }

  /**
   * Whether the files of the last edits are still what was read before TypeScript read them. If not, its answers may be about other
   * contents than those their key stands for: good for now, since the next edit is on its way, but not to be kept.
   */
  #isSettled(): boolean {
    return [...this.#recent].every((file) => this.#files.isCurrent(file));
  }

  /** What every type can depend on besides the imports of its file. */
  #commonKey(): string {
    const ambient = this.#graph.ambientHash(this.#files.listTypedFiles());
    return [cacheVersion, this.#typescript, this.#configHash, ambient].join(" ");
  }

  #source(): Promise<TypeSource> {
    this.#opening ??= this.#open();
    return this.#opening;
  }

  async #open(): Promise<TypeSource> {
    const { configFile, deadlineMs } = this.#options;
    const { source, fallbackReason } = await openTypeSource(configFile, {
      typescript: this.#typescript,
      ...(deadlineMs === undefined ? {} : { deadlineMs }),
    });
    if (fallbackReason !== null) this.#fallback = createDiagnostic("TN1901", wholeApp, { reason: fallbackReason });
    return source;
  }

  /** null: not in the user's own files. */
  #placeOf(span: SourceSpan): Place | null {
    if (!span.file.startsWith(`${this.#options.appDir}/`) || span.file.includes("/node_modules/")) return null;
    const source = this.#files.read(span.file);
    return source === null ? null : source.lines.place(source.relative, span);
  }
}

/** Raise when records, schemas or TypeScript's exact version change in a way that old results do not show. */
const cacheVersion = "137 typescript@7.1.0-beta,6.0.3";

/**
 * Whether a result may be kept. One with a problem may come from a file that TypeScript saw half-written; it is asked for again until
 * the problem is gone.
 */
function isCertain(unit: Unit, { signature }: UnitResult): boolean {
  if (unit.typed === null) return true;
  return signature !== null && signature.problems.length === 0;
}

function unitOf({ source, declaration }: Asked): Unit | null {
  if (declaration.kind === "api") {
    const { options } = declaration;
    const contracts = errorItems(options).map(({ node }) => node);
    return {
      source,
      typed: typesOfEndpoint(declaration),
      leaves: leavesOf(options),
      ...(contracts.length === 0 ? {} : { contracts }),
      hasReferences: false,
    };
  }
  if (declaration.kind === "resource") {
    const { call, binding, hasContract } = declaration;
    const leaves = declaration.arguments.flatMap(leavesOf);
    if (leaves.length === 0 && !hasContract) return null;
    const typed = hasContract ? ({ kind: "contract", call, position: binding?.start ?? null } as const) : null;
    return { source, typed, leaves, hasReferences: true };
  }
  const leaves = [
    ...leavesOf(declaration.name),
    ...(declaration.kind === "database" ? leavesOf(declaration.config) : []),
  ];
  return leaves.length === 0 ? null : { source, typed: null, leaves, hasReferences: false };
}

/** A typed endpoint is a function; what streams tells its types by a contract; the others have none. */
function typesOfEndpoint({ endpointKind, binding, call }: FoundEndpoint["declaration"]): Unit["typed"] {
  if (binding === null || endpointKind === "raw" || endpointKind === "static") return null;
  if (endpointKind === "typed")
    return { kind: "function", position: binding.start, ...(binding.isExpression ? { end: binding.end } : {}) };
  return { kind: "contract", call, position: binding.isExpression ? null : binding.start };
}

/** Without those that lie in another of them. */
function outermost(folders: readonly string[]): string[] {
  const unique = [...new Set(folders)].sort();
  return unique.filter((folder) => !unique.some((other) => folder.startsWith(other + sep)));
}

function entryFiles(
  { marker, endpoints, resources }: Discovered["services"][number],
  app: Discovered["app"],
): string[] {
  const sources = [...endpoints, ...resources].map(({ source }) => source.file);
  const own = [marker, app?.source].flatMap((source) => (source == null ? [] : [source.file]));
  return [...new Set([...own, ...sources])];
}

function plainService(
  service: Discovered["services"][number],
  app: string | null,
  authHandlers: ReturnType<typeof authHandlerNames>,
): DiscoveredSource {
  const { name, directory, marker, endpoints, resources } = service;
  return {
    name,
    directory,
    marker: marker?.relative ?? null,
    app,
    endpoints: endpoints.map(({ name, source, declaration, exportName, members }) => ({
      name,
      kind: declaration.endpointKind,
      file: source.relative,
      exportName,
      ...(members.length === 0 ? {} : { members }),
    })),
    resources: resources.map(({ source, declaration }) => ({
      type: declaration.type,
      name: authHandlers.get(declaration) ?? declaration.binding?.name ?? "",
      file: source.relative,
      exportName: declaration.binding?.exportName ?? (declaration.isDefaultExport ? "default" : null),
    })),
  };
}
