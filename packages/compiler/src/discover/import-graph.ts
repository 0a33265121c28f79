// Who imports whom, from the parser's module records: what an endpoint's types can depend on, and what a service's bundle contains.
import { readdirSync, readFileSync } from "node:fs";
import { join, sep } from "node:path";
import { canonicalSpecifier } from "../aliases.ts";
import { clientsModule } from "./client-use.ts";
import type { ImportRecord } from "./declarations.ts";
import { generatedCode } from "./generated-code.ts";
import type { ImportResolver } from "./resolve-import.ts";
import { packageStamp } from "./resolve-import.ts";
import { hashText, type SourceFile, type SourceFiles } from "./scan-files.ts";

interface Edge {
  /** A file, or the folder of a package. */
  readonly to: string;
  readonly isPackage: boolean;
  readonly isValue: boolean;
  readonly isType: boolean;
}

export class ImportGraph {
  readonly #sources: SourceFiles;
  readonly #resolver: ImportResolver;
  readonly #edges = new Map<string, readonly Edge[]>();
  readonly #packageHashes = new Map<string, string>();
  readonly #closures = new Map<string, readonly string[]>();
  /** Folders of workspace packages, whose files count as one node. */
  readonly #workspaces = new Set<string>();

  constructor(sources: SourceFiles, resolver: ImportResolver) {
    this.#sources = sources;
    this.#resolver = resolver;
  }

  /** The source file that a specifier leads to; null when it is none. */
  sourceOf(specifier: string, fromFile: string): SourceFile | null {
    const resolved = this.#resolver.resolve(specifier, fromFile);
    return resolved?.kind === "file" ? this.#sources.read(resolved.file) : null;
  }

  /** The file and all files and packages that its types can come from; sorted. */
  closure(file: string): readonly string[] {
    const known = this.#closures.get(file);
    if (known !== undefined) return known;
    const closure = this.#reach([file], ({ isType }) => isType);
    this.#closures.set(file, closure);
    return closure;
  }

  /** Source files outside of the app's folder that these import for their values, directly or not; sorted. */
  filesOutside(appDir: string, files: readonly string[]): string[] {
    const found = new Set<string>();
    for (const file of files) for (const outside of this.#importedOutside(file, appDir)) found.add(outside);
    // A set may grow while it is walked.
    for (const file of found) for (const outside of this.#importedOutside(file, appDir)) found.add(outside);
    return [...found].sort();
  }

  #importedOutside(file: string, appDir: string): string[] {
    return this.#edgesOf(file).flatMap(({ to, isPackage, isValue }) => {
      if (!isValue || to.startsWith(appDir + sep) || to === appDir) return [];
      if (!isPackage) return /\.[cm]?tsx?$/.test(to) && !to.includes(`${sep}node_modules${sep}`) ? [to] : [];
      return this.#workspaces.has(to) ? workspaceFiles(to).filter(isPlainSource) : [];
    });
  }

  /** The files and all that they bring into a bundle, those of workspace packages included; sorted. */
  valueClosure(files: readonly string[]): string[] {
    const reached = this.#reach(files, (edge) => edge.isValue && (!edge.isPackage || this.#workspaces.has(edge.to)));
    return reached.flatMap((node) => (this.#workspaces.has(node) ? workspaceFiles(node) : [node])).sort();
  }

  /** Changes when anything that the file's types can depend on changes. */
  closureHash(file: string): string {
    return hashText(
      this.closure(file)
        .map((reached) => `${this.#sources.relative(reached)} ${this.#hashOf(reached)}`)
        .join("\n"),
    );
  }

  /** Of all declarations that hold for every file: ambient files beside the sources, and `declare global` in them. */
  ambientHash(files: readonly string[]): string {
    const ambient = files.map((file) => this.#sources.read(file)).filter((source) => source?.facts.isAmbient);
    return hashText(ambient.map((source) => `${source!.relative} ${source!.hash}`).join("\n"));
  }

  /** After these changed, came or went. */
  forget(files: readonly string[], haveComeOrGone: boolean): void {
    this.#closures.clear();
    for (const file of files) {
      this.#edges.delete(file);
      const workspace = this.workspaceOf(file);
      if (workspace !== undefined) this.#packageHashes.delete(workspace);
    }
    if (haveComeOrGone) {
      this.#edges.clear();
      this.#resolver.forget();
    }
  }

  #reach(files: readonly string[], follow: (edge: Edge) => boolean): string[] {
    const reached = new Set(files);
    // A set may grow while it is walked.
    for (const current of reached) for (const edge of this.#edgesOf(current)) if (follow(edge)) reached.add(edge.to);
    return [...reached].sort();
  }

  #edgesOf(file: string): readonly Edge[] {
    const known = this.#edges.get(file);
    if (known !== undefined) return known;
    const isSource = /\.[cm]?tsx?$/.test(file);
    const imports = (isSource ? this.#sources.read(file)?.facts.imports : undefined) ?? [];
    const edges = imports.flatMap((record) => this.#edgesFor(record, file));
    this.#edges.set(file, edges);
    return edges;
  }

  #edgesFor(record: ImportRecord, file: string): Edge[] {
    const meant = canonicalSpecifier(record.specifier) ?? "";
    // The framework's own types: the version in the cache key stands for them.
    if (/^tenon(?:\/|$)/.test(meant)) return [];
    const resolved = this.#resolver.resolve(record.specifier, file);
    if (resolved === null) return [];
    if (resolved.kind === "package") {
      if (resolved.isWorkspace) this.#workspaces.add(resolved.directory);
      // A package can declare something for all files.
      return [{ to: resolved.directory, isPackage: true, isValue: record.isValue, isType: true }];
    }
    // Declarations never come into a bundle.
    const isValue = record.isValue && !/\.d\.[cm]?ts$/.test(resolved.file);
    const isType = record.isType || this.#sources.relative(resolved.file).startsWith("../");
    if (!isValue && !isType) return [];
    const targets = meant === clientsModule ? this.#clientFiles(resolved.file, record.names) : [resolved.file];
    return targets.map((to) => ({ to, isPackage: false, isValue, isType }));
  }

  /** The files of the services whose clients are imported, where the index says which they are; else the index. */
  #clientFiles(index: string, names: readonly string[] | null): string[] {
    const exported = this.#sources.read(index)?.facts.imports ?? [];
    const files = names?.map((name) => {
      const source = exported.find((record) => record.names?.includes(name));
      const resolved = source === undefined ? null : this.#resolver.resolve(source.specifier, index);
      return resolved?.kind === "file" ? resolved.file : null;
    });
    return files === undefined ? [index] : files.map((file) => file ?? index);
  }

  #hashOf(node: string): string {
    if (/\.[cm]?tsx?$/.test(node) && !this.#workspaces.has(node)) {
      const source = this.#sources.read(node);
      if (source === null) return "";
      // Generated clients are written once before types are known and again with comments that describe them.
      return isGenerated(source.relative) ? hashText(generatedCode(source.text)) : source.hash;
    }
    const known = this.#packageHashes.get(node);
    if (known !== undefined) return known;
    const hash = this.#workspaces.has(node) ? hashText(workspaceText(node)) : hashText(packageStamp(node));
    this.#packageHashes.set(node, hash);
    return hash;
  }

  /** The folder of the workspace package that a file belongs to. */
  workspaceOf(file: string): string | undefined {
    for (const folder of this.#workspaces) if (file.startsWith(folder + sep)) return folder;
    return undefined;
  }
}

function isGenerated(relativeFile: string): boolean {
  return /^(?:\.tenon|encore\.gen)\//.test(relativeFile);
}

/** Everything in a workspace package that types can come from. */
function workspaceText(folder: string): string {
  return workspaceFiles(folder)
    .map((file) => `${file.slice(folder.length)}\0${readFileSync(file, "utf8")}`)
    .join("\0");
}

function isPlainSource(file: string): boolean {
  return /(?<!\.d|\.test|\.spec)\.[cm]?tsx?$/.test(file);
}

function workspaceFiles(folder: string): string[] {
  const files: string[] = [];
  const visit = (at: string): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (entry.name === "node_modules" || entry.name.startsWith(".")) continue;
      const path = join(at, entry.name);
      if (entry.isDirectory()) visit(path);
      else if (/\.[cm]?[jt]sx?$|^package\.json$/.test(entry.name)) files.push(path);
    }
  };
  visit(folder);
  return files.sort();
}
