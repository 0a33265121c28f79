// The compiler as the commands use it: keeps an app analysed, its clients written and its services bundled, and puts a build into
// the output folder only when all of it is right.
import { join } from "node:path";
import type { Diagnostic, Graph } from "@tenon/model";
import { type BuildState, changedServices } from "./app/changed-services.ts";
import { type CompiledApp, openProject, type Project } from "./app/project.ts";
import { writeBuild } from "./emit/files/write-build.ts";
import type { FileChanges } from "./source/type-source.ts";

export interface CompilerOptions {
  /** Absolute. */
  readonly appDir: string;
  /** Absolute, for example `<app>/.tenon/build/dev`. */
  readonly outDir: string;
  readonly mode: "development" | "production";
  /** Which TypeScript to analyse with; by default the native one, else the classic one. */
  readonly typescript?: "native" | "classic";
  /**
   * Where the entries of services are written, as `<service>.js`, besides the bundles made of them: modules that import the sources, for
   * test runners, which have a module graph of their own. Absolute.
   */
  readonly entriesDir?: string;
}

export interface BuildResult {
  /** No error stands, and the output folder holds this build. Otherwise it holds the last good one. */
  readonly ok: boolean;
  readonly diagnostics: Diagnostic[];
  /** null when the analysis failed. */
  readonly graph: Graph | null;
  /** Services whose bundle, codecs, contract or used codecs changed since the last good result; all of them in the first. */
  readonly changedServices: string[];
  readonly timingsMs: Record<string, number>;
}

export interface Compiler {
  build(): Promise<BuildResult>;
  /** Absolute paths of what changed on disk since the last build. */
  update(changes: FileChanges): Promise<BuildResult>;
  /** TypeScript's own errors in the app's code. */
  typeErrors(): Promise<Diagnostic[]>;
  /** Folders beside the app's with sources that it contains, as of the last build: an edit there is an edit of the app. */
  foldersOutside(): Promise<readonly string[]>;
  close(): Promise<void>;
}

export async function createCompiler(options: CompilerOptions): Promise<Compiler> {
  let project: Project | null = null;
  let lastGood: BuildState | null = null;
  let running: Promise<unknown> = Promise.resolve();

  /** One build at a time, in order. */
  function queued<T>(work: () => Promise<T>): Promise<T> {
    const result = running.then(work);
    running = result.catch(() => undefined);
    return result;
  }

  async function ready(): Promise<Project> {
    project ??= await openProject(options);
    return project;
  }

  async function finish(compiled: CompiledApp): Promise<BuildResult> {
    const { graph, graphText, outputs, diagnostics, timingsMs } = compiled;
    const failed = outputs === null || graph === null || diagnostics.some(({ severity }) => severity === "error");
    if (failed) return { ok: false, diagnostics, graph, changedServices: [], timingsMs };
    const startedAt = performance.now();
    const naming = options.mode === "production" ? "plain" : "hashed";
    const now = { graph, manifest: await writeBuild(options.outDir, graphText, outputs, naming) };
    const changed = changedServices(lastGood, now);
    lastGood = now;
    return {
      ok: true,
      diagnostics,
      graph,
      changedServices: changed,
      timingsMs: { ...timingsMs, write: performance.now() - startedAt },
    };
  }

  return {
    build: () => queued(async () => finish(await (await ready()).compile())),
    update: (changes) =>
      queued(async () => {
        if (project?.needsReopening(changes) === true) {
          await project.close();
          project = null;
        } else await project?.update(changes);
        return finish(await (await ready()).compile());
      }),
    typeErrors: () => queued(async () => (await ready()).typeErrors()),
    foldersOutside: () => queued(async () => (await ready()).foldersOutside()),
    close: () =>
      queued(async () => {
        await project?.close();
        project = null;
      }),
  };
}

/** The default output folder of `tenon dev`. */
export function developmentOutDir(appDir: string): string {
  return join(appDir, ".tenon", "build", "dev");
}
