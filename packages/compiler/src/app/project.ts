// One app being compiled with one set of settings: discovery, clients, analysis and bundles, in the order and the parallelism that
// keeps an edit short. When tsconfig.json or the app file change, a new project takes its place.
import { join } from "node:path";
import type { Diagnostic, Graph, Service } from "@tenon/model";
import { type Analyzer, createAnalyzer, type Discovery } from "../analyze.ts";
import { createBundleCache } from "../bundle/bundle-cache.ts";
import { type BundledServices, bundleServices } from "../bundle/bundle-services.ts";
import type { BundleSettings } from "../bundle/bundle-settings.ts";
import { codecsSpecifier } from "../bundle/framework-modules.ts";
import { emitCodecs } from "../emit/codecs/emit-codecs.ts";
import { createClientsWriter, type KnownGraph } from "../emit/clients/write-clients.ts";
import { writeEntries } from "../emit/entries/write-entries.ts";
import { createFileHashes } from "../emit/files/file-hashes.ts";
import { graphText } from "../emit/files/graph-text.ts";
import type { MadeText } from "../emit/files/text-cache.ts";
import type { ServiceOutput } from "../emit/files/write-build.ts";
import { readIfExists, writeIfChanged } from "../emit/files/write-if-changed.ts";
import type { FileChanges } from "../source/type-source.ts";
import { placeEncoreShim } from "../shim/encore-shim.ts";
import { appDiagnostic } from "./app-diagnostics.ts";
import { wholeApp } from "../diagnose/place.ts";
import { missingMigrations } from "./missing-migrations.ts";
import { contractKeys } from "./contract-keys.ts";
import { createCodecsCache } from "./codecs-cache.ts";
import { type Preparation, type PreparedApp, prepareApp } from "./prepare-app.ts";
import { createStopwatch, type Stopwatch } from "./stopwatch.ts";

interface RememberedGraph extends KnownGraph {
  /** The graph as JSON; "" for none. */
  readonly text: string;
}

export interface ProjectOptions {
  readonly appDir: string;
  readonly outDir: string;
  readonly mode: "development" | "production";
  readonly typescript?: "native" | "classic";
  /** Where the entries of services are written as files of their own, for who loads services from their sources. Absolute. */
  readonly entriesDir?: string;
}

export interface CompiledApp {
  readonly graph: Graph | null;
  /** The same as JSON; "" where there is none to write. */
  readonly graphText: string;
  /** Service -> what goes into the build; null when anything stands in the way. */
  readonly outputs: ReadonlyMap<string, ServiceOutput> | null;
  readonly diagnostics: Diagnostic[];
  readonly timingsMs: Record<string, number>;
}

export interface Project {
  compile(): Promise<CompiledApp>;
  update(changes: FileChanges): Promise<void>;
  /** The settings changed, so that this project no longer stands for the app. */
  needsReopening(changes: FileChanges): boolean;
  typeErrors(): Promise<Diagnostic[]>;
  foldersOutside(): readonly string[];
  close(): Promise<void>;
}

export async function openProject(options: ProjectOptions): Promise<Project> {
  const { appDir, typescript } = options;
  const preparation = await prepareApp(appDir);
  const { prepared } = preparation;
  if (prepared === null) return brokenProject(preparation);
  const analyzer = await createAnalyzer({
    appDir,
    configFile: prepared.configFile,
    ...(typescript === undefined ? {} : { typescript }),
  });
  const pipeline = await createPipeline(options, prepared, analyzer);
  const settings = new Set([...prepared.settingsFiles, join(appDir, prepared.app.appFile ?? "tenon.json")]);
  return {
    compile: async () => {
      const compiled = await pipeline();
      return { ...compiled, diagnostics: [...preparation.diagnostics, ...compiled.diagnostics] };
    },
    update: (changes) => analyzer.update(changes),
    needsReopening: ({ changed, created, deleted }) =>
      [...changed, ...created, ...deleted].some((file) => settings.has(file) || file === join(appDir, "tsconfig.json")),
    typeErrors: () => analyzer.typeErrors(),
    foldersOutside: () => analyzer.foldersOutside(),
    close: () => analyzer.close(),
  };
}

/** Stands for an app whose settings cannot be read: it says so until they change. */
function brokenProject({ diagnostics }: Preparation): Project {
  return {
    compile: async () => ({ graph: null, graphText: "", outputs: null, diagnostics: [...diagnostics], timingsMs: {} }),
    update: async () => undefined,
    needsReopening: () => true,
    typeErrors: async () => [],
    foldersOutside: () => [],
    close: async () => undefined,
  };
}

async function createPipeline(
  options: ProjectOptions,
  prepared: PreparedApp,
  analyzer: Analyzer,
): Promise<() => Promise<CompiledApp>> {
  const { appDir } = options;
  const { folders, tenon } = prepared;
  const settings: BundleSettings = {
    ...options,
    tsconfigFile: prepared.tsconfigFile,
    keepsJsx: prepared.keepsJsx,
    tenon,
    folders,
  };
  const cacheDir = (kind: string) => join(appDir, ".tenon", "cache", kind, options.mode);
  const cacheKey = `${options.outDir}\0${prepared.settingsKey}`;
  const bundleCache = createBundleCache(appDir, cacheDir("bundles"), cacheKey);
  const codecsCache = createCodecsCache(cacheDir("codecs"), cacheKey);
  const clients = createClientsWriter(appDir, folders);
  const graphFile = join(appDir, ".tenon", "app.json");
  let known = await readGraph(graphFile);

  /** Returns whether anything came out differently. */
  async function rewriteClients({ services, auth }: Discovery): Promise<boolean> {
    const changes = await clients.write(services, known, auth);
    const isChanged = Object.values(changes).some((files) => files.length > 0);
    if (isChanged) await analyzer.update(changes);
    return isChanged;
  }

  /** Returns whether it differs from the graph before. */
  function remember(graph: Graph): boolean {
    const text = graphText(graph);
    const isNew = text !== known.text;
    if (isNew) known = { graph, text, contracts: contractKeys(graph) };
    return isNew;
  }

  return async () => {
    const stopwatch = createStopwatch();
    const discovery = await stopwatch.time("discover", () => analyzer.discover());
    if (discovery.services.length === 0 && !discovery.diagnostics.some(isError)) {
      const none = appDiagnostic("TN1803", wholeApp, { directory: appDir });
      return failed(null, [...discovery.diagnostics, none], stopwatch);
    }
    const bundle = () =>
      stopwatch.time("bundle", () => {
        const hashes = createFileHashes((file) => analyzer.hashOf(file));
        return bundleServices(discovery.services, settings, bundleCache, hashes);
      });
    await stopwatch.time("clients", () => rewriteClients(discovery));
    const analyze = () => stopwatch.time("analyze", () => analyzer.analyze());
    const [early, first] = await Promise.all([bundle(), analyze()]);
    const problems = joined(first.diagnostics, early.diagnostics);
    if (first.graph === null || problems.some(isError)) return failed(first.graph, problems, stopwatch);
    // Now that it is known which endpoints take nothing, the clients may come out differently, and what is inferred from them too.
    const isRewritten = remember(first.graph) && (await stopwatch.time("clients", () => rewriteClients(discovery)));
    const [bundled, analysis] = isRewritten ? await Promise.all([bundle(), analyze()]) : [early, first];
    const { graph } = analysis;
    const diagnostics = joined(analysis.diagnostics, bundled.diagnostics);
    if (graph !== null) diagnostics.push(...missingMigrations(appDir, graph));
    const shimProblem = usesEncore(bundled) ? await placeEncoreShim(appDir, tenon) : null;
    if (shimProblem !== null) diagnostics.push(shimProblem);
    if (graph === null || diagnostics.some(isError)) return failed(graph, diagnostics, stopwatch);
    remember(graph);
    await writeIfChanged(graphFile, known.text);

    const emit = (service: Service) => emitCodecs(service, graph, codecsSpecifier(settings));
    if (options.entriesDir !== undefined) await writeEntries(discovery.services, appDir, options.entriesDir);
    const codecs = await stopwatch.time("codecs", () => codecsCache.textsOf(graph, known.contracts, emit));
    const outputs = serviceOutputs(graph, bundled, codecs);
    return { graph, graphText: known.text, outputs, diagnostics, timingsMs: stopwatch.timingsMs };
  };
}

function serviceOutputs(
  graph: Graph,
  { bundles }: BundledServices,
  codecs: ReadonlyMap<string, MadeText>,
): Map<string, ServiceOutput> {
  const outputs = new Map<string, ServiceOutput>();
  for (const { name } of graph.services) {
    const bundle = bundles.get(name);
    if (bundle === undefined) throw new Error(`service "${name}" was analysed but not discovered`);
    outputs.set(name, { bundle: bundle.text, codecs: codecs.get(name)! });
  }
  return outputs;
}

function failed(graph: Graph | null, diagnostics: Diagnostic[], stopwatch: Stopwatch): CompiledApp {
  return { graph, graphText: "", outputs: null, diagnostics, timingsMs: stopwatch.timingsMs };
}

/** Syntax error, and the two that say that a client or an endpoint is unknown: it may be declared in the file that does not parse. */
const syntaxError = "TN1001";
const unknownCallees: readonly string[] = ["TN1051", "TN1052"];

/** A file that the analysis already complains about needs no second complaint from the bundler, nor one per service. */
function joined(analysis: readonly Diagnostic[], bundling: readonly Diagnostic[]): Diagnostic[] {
  const isReadable = analysis.every(({ code }) => code !== syntaxError);
  const causes = analysis.filter(({ code }) => isReadable || !unknownCallees.includes(code));
  const seen = new Set<string>();
  const brokenFiles = new Set(analysis.filter(isError).map(({ file }) => file));
  const fresh = bundling.filter((diagnostic) => {
    const key = JSON.stringify(diagnostic);
    if (seen.has(key)) return false;
    seen.add(key);
    return diagnostic.file === "" || !brokenFiles.has(diagnostic.file);
  });
  return [...causes, ...fresh];
}

function isError({ severity }: Diagnostic): boolean {
  return severity === "error";
}

function usesEncore({ bundles }: BundledServices): boolean {
  return [...bundles.values()].some(({ specifiers }) => specifiers.some((name) => name.startsWith("encore.dev")));
}

/** What the last build knew, so that the clients' comments survive a restart; an unreadable file is as good as none. */
async function readGraph(file: string): Promise<RememberedGraph> {
  const text = (await readIfExists(file)) ?? "";
  try {
    const graph = JSON.parse(text) as Graph;
    if (graph.version === 1) return { graph, text, contracts: contractKeys(graph) };
  } catch {
    // As good as none.
  }
  return { graph: null, text: "", contracts: new Map() };
}
