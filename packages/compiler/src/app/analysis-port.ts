// What the compiler needs of the analysis; `analyze.ts` provides it.
import type { Diagnostic, Graph } from "@tenon/model";

export interface SourceEndpoint {
  readonly name: string;
  readonly file: string;
  readonly exportName: string;
}

export interface SourceService {
  readonly name: string;
  readonly directory: string;
  readonly marker: string | null;
  readonly endpoints: readonly SourceEndpoint[];
  readonly files: readonly string[];
}

export interface FileChanges {
  changed: string[];
  created: string[];
  deleted: string[];
}

export interface Discovery {
  readonly diagnostics: readonly Diagnostic[];
  readonly services: readonly SourceService[];
}

export interface Analyzer {
  discover(): Promise<Discovery>;
  analyze(): Promise<{ graph: Graph | null; diagnostics: Diagnostic[]; sources: { services: SourceService[] } }>;
  update(changes: FileChanges): Promise<void>;
  typeErrors(files?: string[]): Promise<Diagnostic[]>;
  close(): Promise<void>;
}

export interface AnalyzeOptions {
  appDir: string;
  configFile: string;
  typescript?: "native" | "classic";
}
