// All files' declarations -> services with their endpoints, databases and secrets. Types are not needed for it.
import { basename, dirname } from "node:path";
import type { Diagnostic } from "@tenon/model";
import { appModuleName, markerFileNames } from "../aliases.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import { clientName } from "../emit/clients/client-service.ts";
import type { Binding, Declaration, Expression, ResourceType } from "./declarations.ts";
import { factoryEndpoints, type ResolveSource } from "./factory-endpoints.ts";
import type { SourceFile } from "./scan-files.ts";

type Of<Kind extends Declaration["kind"]> = Extract<Declaration, { kind: Kind }>;

export interface Found<Kind extends Declaration["kind"]> {
  readonly source: SourceFile;
  readonly declaration: Of<Kind>;
}

export interface FoundEndpoint extends Found<"api"> {
  readonly name: string;
  readonly exportName: string;
  /** The way from the export to the endpoint; empty when it is the export itself. */
  readonly members: readonly string[];
}

export interface FoundService {
  readonly name: string;
  /** Relative to the app's folder; "." is the app's folder. */
  readonly directory: string;
  readonly marker: SourceFile | null;
  /** Its settings, as the marker has them. */
  readonly config: Expression | null;
  readonly endpoints: readonly FoundEndpoint[];
  /** Those in its folder that run in its process, in order of file and place. */
  readonly resources: readonly Found<"resource">[];
}

/** What a service's process has to run, and not merely to know of. */
const runningTypes: readonly ResourceType[] = ["auth-handler", "subscription"];

function isRunning({ type, arguments: [config] }: Of<"resource">): boolean {
  if (type !== "gateway") return runningTypes.includes(type);
  return config?.kind === "object" && config.entries.some((one) => one.kind === "property" && one.key === "onRequest");
}

export interface Discovered {
  /** Sorted by name. */
  readonly services: readonly FoundService[];
  readonly databases: readonly Found<"database">[];
  readonly secrets: readonly Found<"secret">[];
  readonly resources: readonly Found<"resource">[];
  readonly clientUses: readonly Found<"client-use">[];
  /** The app's own module; null where there is none. `config`: what it says. */
  readonly app: { readonly source: SourceFile; readonly config: Expression | null } | null;
  readonly diagnostics: readonly Diagnostic[];
}

interface Draft {
  readonly name: string;
  readonly directory: string;
  readonly marker: SourceFile | null;
  readonly config: Expression | null;
  readonly endpoints: FoundEndpoint[];
  readonly resources: Found<"resource">[];
}

/** `resolve`: where an import leads, for functions of the user that declare endpoints. */
export function discover(
  sources: readonly SourceFile[],
  appId: string,
  resolve: ResolveSource = () => null,
): Discovered {
  return new Discoverer(appId).run(sources, resolve);
}

class Discoverer {
  readonly #appId: string;
  readonly #diagnostics: Diagnostic[] = [];
  /** By folder. */
  readonly #services = new Map<string, Draft>();

  constructor(appId: string) {
    this.#appId = appId;
  }

  run(sources: readonly SourceFile[], resolve: ResolveSource): Discovered {
    this.#findMarkers(sources);
    for (const source of sources) {
      const { syntaxErrors } = source.facts;
      if (syntaxErrors.length === 0 || (!mentionsUs(source) && this.#serviceOf(source) === null)) continue;
      for (const error of syntaxErrors) this.#report("TN1001", source, error, { reason: error.message });
    }
    for (const found of all(sources, "api")) this.#addEndpoint(found);
    const made = factoryEndpoints(sources, resolve);
    for (const found of made.endpoints) this.#addEndpoint(found);
    for (const { source, factory } of made.unused) this.#report("TN1011", source, factory.call);
    for (const found of all(sources, "resource")) {
      if (isRunning(found.declaration)) this.#runningServiceOf(found.source).resources.push(found);
    }
    for (const { source, declaration } of all(sources, "service")) {
      if (!isMarker(source)) this.#report("TN1005", source, declaration.call);
    }
    this.#checkServiceNames();
    const services = [...this.#services.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const { endpoints } of services) endpoints.sort((a, b) => (a.name < b.name ? -1 : 1));
    return {
      services,
      databases: all(sources, "database"),
      secrets: all(sources, "secret"),
      resources: all(sources, "resource"),
      clientUses: all(sources, "client-use"),
      app: this.#app(sources),
      diagnostics: this.#diagnostics,
    };
  }

  #findMarkers(sources: readonly SourceFile[]): void {
    const markers = sources.filter(isMarker);
    // Where a folder has both names, Tenon's own counts.
    markers.sort((a, b) => markerFileNames.indexOf(basename(a.file)) - markerFileNames.indexOf(basename(b.file)));
    for (const marker of markers) {
      const directory = dirname(marker.relative);
      if (this.#services.has(directory) || marker.facts.syntaxErrors.length > 0) continue;
      const declaration = marker.facts.declarations.find((one): one is Of<"service"> => one.kind === "service");
      if (declaration === undefined || !declaration.isDefaultExport || declaration.name === null) {
        this.#report("TN1002", marker, declaration?.call ?? { start: 0, end: 0 }, { file: marker.relative });
        continue;
      }
      const { name } = declaration;
      const text =
        name.kind === "value" ? name.value : name.kind === "template" && name.parts.length === 0 ? name.texts[0] : null;
      if (typeof text !== "string" || !isServiceName(text)) {
        const shown = typeof text === "string" ? JSON.stringify(text) : marker.text.slice(name.start, name.end);
        this.#report("TN1003", marker, name, { name: shown });
        continue;
      }
      const { config } = declaration;
      this.#services.set(directory, { name: text, directory, marker, config, endpoints: [], resources: [] });
    }
  }

  #addEndpoint({ source, declaration }: Found<"api">): void {
    const { binding } = declaration;
    if (binding === null) {
      this.#report("TN1011", source, declaration.call);
      return;
    }
    if (binding.exportName === null) {
      this.#report("TN1010", source, binding, { name: binding.name });
      return;
    }
    if (declaration.options === null || !declaration.hasHandler) this.#report("TN1022", source, declaration.call);
    const service = this.#serviceOf(source) ?? this.#impliedService(source, binding);
    if (service === null) return;
    const name = endpointName(binding, source);
    const other = service.endpoints.find((one) => one.name === name);
    if (other !== undefined) {
      const words = { service: service.name, name, other: other.source.relative };
      this.#report("TN1012", source, binding, words);
      return;
    }
    const { exportName, members = [] } = binding;
    service.endpoints.push({ source, declaration, name, exportName, members });
  }

  /** The nearest folder upwards with a marker. */
  #serviceOf(source: SourceFile): Draft | null {
    const service = nearest(source.relative, (folder) => {
      const draft = this.#services.get(folder);
      return draft?.marker == null ? undefined : draft;
    });
    return service ?? null;
  }

  /** Where there is no marker, the folder that endpoints have made a service; where there are none, one of its own. */
  #runningServiceOf(source: SourceFile): Draft {
    const service = this.#serviceOf(source) ?? nearest(source.relative, (folder) => this.#services.get(folder));
    return service ?? this.#serviceFor(source);
  }

  /** Named after the folder, with a number where another service has that name. */
  #serviceFor(source: SourceFile): Draft {
    const directory = dirname(source.relative);
    const folder = directory === "." ? this.#appId : basename(directory);
    const wanted = isServiceName(folder) ? folder : "background";
    const taken = new Set([...this.#services.values()].map(({ name }) => clientName(name)));
    let name = wanted;
    for (let count = 2; taken.has(clientName(name)); count++) name = `${wanted}_${count}`;
    const service: Draft = { name, directory, marker: null, config: null, endpoints: [], resources: [] };
    this.#services.set(directory, service);
    return service;
  }

  #app(sources: readonly SourceFile[]): Discovered["app"] {
    const source = sources.find(({ relative }) => relative === appModuleName);
    if (source === undefined) return null;
    const declaration = source.facts.declarations.find(
      (one): one is Of<"resource"> => one.kind === "resource" && one.type === "app" && one.isDefaultExport,
    );
    if (declaration === undefined) this.#report("TN1148", source, { start: 0, end: 0 });
    return { source, config: declaration?.arguments[0] ?? null };
  }

  /** What runs in no marked folder makes its own folder a service. */
  #impliedService(source: SourceFile, binding: { start: number; end: number }): Draft | null {
    const directory = dirname(source.relative);
    const known = this.#services.get(directory);
    if (known !== undefined) return known;
    const name = directory === "." ? this.#appId : basename(directory);
    if (!isServiceName(name)) {
      this.#report("TN1003", source, binding, { name: JSON.stringify(name) });
      return null;
    }
    const service: Draft = { name, directory, marker: null, config: null, endpoints: [], resources: [] };
    this.#services.set(directory, service);
    return service;
  }

  #checkServiceNames(): void {
    const byClient = new Map<string, Draft>();
    for (const service of this.#services.values()) {
      const client = clientName(service.name);
      const first = byClient.get(client);
      if (first === undefined) {
        byClient.set(client, service);
        continue;
      }
      const [endpoint] = service.endpoints;
      const source = service.marker ?? endpoint?.source ?? service.resources[0]!.source;
      const span = (service.marker === null ? endpoint?.declaration.binding : null) ?? { start: 0, end: 0 };
      if (first.name === service.name) {
        const words = { name: service.name, first: first.directory, second: service.directory };
        this.#report("TN1004", source, span, words);
      } else {
        this.#report("TN1006", source, span, { first: first.name, second: service.name, client });
      }
    }
  }

  #report(
    code: Parameters<typeof createDiagnostic>[0],
    source: SourceFile,
    span: { readonly start: number; readonly end: number },
    words: Record<string, string> = {},
  ): void {
    this.#diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }
}

/** The nearest folder of a file, upwards, for which `find` gives something. */
export function nearest<Result>(
  relativeFile: string,
  find: (folder: string) => Result | undefined,
): Result | undefined {
  for (let folder = dirname(relativeFile); ; folder = dirname(folder)) {
    const found = find(folder);
    if (found !== undefined || folder === "." || folder === "/") return found;
  }
}

function all<Kind extends Declaration["kind"]>(sources: readonly SourceFile[], kind: Kind): Found<Kind>[] {
  return sources.flatMap((source) =>
    source.facts.declarations
      .filter((declaration): declaration is Of<Kind> => declaration.kind === kind)
      .map((declaration) => ({ source, declaration })),
  );
}

/** A file that does not parse, is in no service and says nothing of us is the bundler's business, if anybody imports it. */
function mentionsUs({ text }: SourceFile): boolean {
  return /["'](?:~?tenon|~encore|encore\.dev)(?:\/[\w/-]*)?["']/.test(text);
}

/** As others import it; a default export is called like its variable, or else like its file. */
function endpointName({ name, exportName, members }: Binding, source: SourceFile): string {
  if (members === undefined && exportName !== null && exportName !== "default") return exportName;
  if (name !== "") return name;
  const parts = source.relative.split("/");
  const file = parts.at(-1)!.replace(/\.[cm]?tsx?$/, "");
  return clientName(file === "index" ? (parts.at(-2) ?? file) : file);
}

function isMarker(source: SourceFile): boolean {
  return markerFileNames.includes(basename(source.file));
}

function isServiceName(name: string): boolean {
  return /^[A-Za-z][\w-]*$/.test(name);
}
