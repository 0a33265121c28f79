// The compiler of the app that runs: opened once, opened anew when what it made was taken away, closed without waiting for long.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BuildResult, type Compiler, createCompiler } from "@tenon/compiler";
import type { Diagnostic } from "@tenon/model";
import type { FileChanges } from "./file-changes.ts";

/** TypeScript may be in the middle of a long answer; its process ends with ours. */
const closeMs = 1_000;

export class AppCompiler {
  readonly #appDir: string;
  readonly #buildDir: string;
  #compiler: Promise<Compiler> | undefined;

  constructor(appDir: string, buildDir: string) {
    this.#appDir = appDir;
    this.#buildDir = buildDir;
  }

  /** Whether the last good build is where it was put. */
  get isBuildThere(): boolean {
    return existsSync(join(this.#buildDir, "build.json"));
  }

  /** Builds from scratch. */
  async build(): Promise<BuildResult> {
    const before = this.#compiler;
    this.#compiler = createCompiler({ appDir: this.#appDir, outDir: this.#buildDir, mode: "development" });
    await (await before)?.close();
    return (await this.#compiler).build();
  }

  async update(changes: FileChanges): Promise<BuildResult> {
    return this.#compiler === undefined ? this.build() : (await this.#compiler).update(changes);
  }

  async typeErrors(): Promise<Diagnostic[]> {
    return this.#compiler === undefined ? [] : (await this.#compiler).typeErrors();
  }

  /** Folders of packages beside the app that it contains, as of the last build. */
  async foldersOutside(): Promise<readonly string[]> {
    return this.#compiler === undefined ? [] : (await this.#compiler).foldersOutside();
  }

  async close(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, closeMs);
    });
    // One that could not be made has nothing to close, and its failure was reported.
    const closed = this.#compiler?.then((compiler) => compiler.close()).catch(() => {});
    await Promise.race([closed, late]).finally(() => clearTimeout(timer));
  }
}
