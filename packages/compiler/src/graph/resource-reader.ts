// Reads one declared resource: the values of its arguments as far as they are known at compile time, and the declarations that names
// among them stand for. Reports what cannot be read where it stands.
import { type Diagnostic, type DurationString, type Location, parseDurationMs } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Expression, Span } from "../discover/declarations.ts";
import type { Found } from "../discover/discover.ts";
import {
  evaluate,
  evaluateOptions,
  type Known,
  leavesOf,
  type Located,
  type OptionValue,
} from "../schema/option-value.ts";
import type { Reference, UnitResult } from "../schema/unit.ts";
import { locationOf } from "./found-resource.ts";

export type Options = ReadonlyMap<string, Located>;

/** What every broker, scheduler and store takes as a name. */
const namePattern = /^[A-Za-z][A-Za-z0-9_.-]{0,62}$/;

export class ResourceReader {
  readonly found: Found<"resource">;
  readonly #result: UnitResult;
  readonly #diagnostics: Diagnostic[];
  readonly #leaves: readonly Expression[];

  constructor(found: Found<"resource">, result: UnitResult, diagnostics: Diagnostic[]) {
    this.found = found;
    this.#result = result;
    this.#diagnostics = diagnostics;
    this.#leaves = found.declaration.arguments.flatMap(leavesOf);
  }

  get call(): Span {
    return this.found.declaration.call;
  }

  get location(): Location {
    return locationOf(this.found.source, this.call);
  }

  /** The argument as written; null where there is none. */
  argument(index: number): Expression | null {
    return this.found.declaration.arguments[index] ?? null;
  }

  /** A name at that place; null, and `code` reported with `what`, when it is none. */
  name(index: number, code: DiagnosticCode, what: string): string | null {
    const argument = this.argument(index);
    const value = argument === null ? undefined : evaluate(argument, this.#leaf)?.value;
    if (typeof value === "string" && namePattern.test(value)) return value;
    this.report(code, argument ?? this.call, { what });
    return null;
  }

  /** The options given at that place; those with other names are reported. */
  options(index: number, known: readonly string[]): Options {
    const argument = this.argument(index);
    if (argument === null) return new Map();
    const options = evaluateOptions(argument, this.#leaf);
    if (options === null) this.report("TN1014", argument, { option: "the options" });
    for (const [option, located] of options ?? []) {
      if (!known.includes(option)) this.report("TN1013", located, { option, known: known.join(", ") });
    }
    return options ?? new Map();
  }

  /** The value of an option; undefined when it is not there, or reported because nobody knows it. */
  value(options: Options, option: string): OptionValue {
    const located = options.get(option);
    if (located === undefined) return undefined;
    if (located.known === null) this.report("TN1014", located, { option: `"${option}"` });
    return located.known?.value;
  }

  /** Reports `code` with what was expected when the option is there and no text. */
  text(options: Options, option: string, code: DiagnosticCode): string | undefined {
    const value = this.value(options, option);
    if (value === undefined || typeof value === "string") return value;
    this.report(code, options.get(option)!, { option, expected: "a text" });
    return undefined;
  }

  /** Milliseconds. Reports `code` when it is no duration or shorter than `minMs`. */
  duration(options: Options, option: string, code: DiagnosticCode, minMs: number, example: DurationString) {
    const value = this.value(options, option);
    if (value === undefined) return undefined;
    const durationMs = typeof value === "string" ? parseDurationMs(value) : null;
    if (durationMs !== null && durationMs >= minMs) return Math.round(durationMs);
    this.report(code, options.get(option)!, { option, expected: `a duration such as "${example}"` });
    return undefined;
  }

  /** Where the name is declared that is given at that place. */
  reference(index: number): Reference | null {
    return this.#referenceOf(this.argument(index));
  }

  /** Where the name is declared that an option has as its value. */
  optionReference(index: number, option: string): Reference | null {
    const argument = this.argument(index);
    if (argument?.kind !== "object") return null;
    const entry = argument.entries.find((one) => one.kind === "property" && one.key === option);
    return entry === undefined ? null : this.#referenceOf(entry.node);
  }

  report(code: DiagnosticCode, span: Span, words: Record<string, string> = {}): void {
    const { source } = this.found;
    this.#diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }

  #referenceOf(expression: Expression | null): Reference | null {
    if (expression?.kind !== "name") return null;
    return this.#result.references[this.#leaves.indexOf(expression)] ?? null;
  }

  readonly #leaf = (leaf: Expression): Known => this.#result.values[this.#leaves.indexOf(leaf)] ?? null;
}

/** Whether a reference leads to what is bound to this name in this file. */
export function isReferenceTo(
  reference: Reference | null,
  { source, declaration }: Found<"resource"> | Found<"api"> | Found<"database">,
): boolean {
  return reference !== null && source.relative === reference.file && declaration.binding?.start === reference.start;
}
