// What is known to be wrong with the newest version of the app, as the terminal, the dashboard and `/api/status` tell it.
import type { AppStatus } from "@tenon/dashboard";
import type { Diagnostic } from "@tenon/model";
import { renderFrame } from "../commands/diagnostics-text.ts";

export interface FindingsOptions {
  readonly appDir: string;
  isServing(): boolean;
  onChange(): void;
}

/** Of types that cannot be data; often the cause is a type error. */
const schemaCodes = "TN12";

export class Findings {
  readonly #options: FindingsOptions;
  /** Tenon's own: of the newest build. */
  #own: readonly Diagnostic[] = [];
  /** TypeScript's: of the last time types were checked. */
  #types: readonly Diagnostic[] = [];
  /** The newest version was built but did not come up. */
  #failed = false;

  constructor(options: FindingsOptions) {
    this.#options = options;
  }

  get hasOwnErrors(): boolean {
    return this.#own.some(isError);
  }

  /** TypeScript's own errors would say nothing more, or say it of code that could not be read. */
  get hideTypeErrors(): boolean {
    return this.#own.some((diagnostic) => isError(diagnostic) && !diagnostic.code.startsWith(schemaCodes));
  }

  /** What is served is not the newest version. */
  get isBroken(): boolean {
    return this.#failed || this.hasOwnErrors;
  }

  built(diagnostics: readonly Diagnostic[]): void {
    this.#own = diagnostics;
    this.#options.onChange();
  }

  deployed(): void {
    if (!this.#failed) return;
    this.#failed = false;
    this.#options.onChange();
  }

  failed(): void {
    this.#failed = true;
    this.#options.onChange();
  }

  /** Returns whether there were type errors before. */
  typesChecked(diagnostics: readonly Diagnostic[]): boolean {
    const had = this.#types.length > 0;
    this.#types = diagnostics;
    if (had || diagnostics.length > 0) this.#options.onChange();
    return had;
  }

  status(gateway: string | undefined): AppStatus {
    const diagnostics = [...this.#own, ...this.#types].map((diagnostic) => ({
      ...diagnostic,
      frame: renderFrame(diagnostic, this.#options.appDir),
    }));
    return { state: this.#state(), diagnostics, ...(gateway === undefined ? {} : { gateway }) };
  }

  #state(): AppStatus["state"] {
    const broken = this.isBroken || this.#types.some(isError);
    if (!this.#options.isServing()) return broken ? "failed" : "starting";
    return broken ? "broken" : "running";
  }
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}
