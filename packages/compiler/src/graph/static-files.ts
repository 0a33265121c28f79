// The folder behind an `api.static`, and what else it is told: checked, with defaults, and with paths that are relative to the app.
import { statSync } from "node:fs";
import { dirname, join, posix } from "node:path";
import type { Diagnostic, Path, StaticFiles } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Span } from "../discover/declarations.ts";
import type { FoundEndpoint } from "../discover/discover.ts";
import { evaluateOptions, type Known, leavesOf, type Located, type OptionValue } from "../schema/option-value.ts";

const defaultNotFoundStatus = 404;

/** `values`: what the checker said about the leaves of the options, in order. */
export function readStaticFiles(
  endpoint: FoundEndpoint,
  values: readonly Known[],
  path: Path,
  diagnostics: Diagnostic[],
): StaticFiles {
  return new StaticReader(endpoint, values, diagnostics).read(path);
}

class StaticReader {
  readonly #endpoint: FoundEndpoint;
  readonly #options: ReadonlyMap<string, Located>;
  readonly #diagnostics: Diagnostic[];

  constructor(endpoint: FoundEndpoint, values: readonly Known[], diagnostics: Diagnostic[]) {
    this.#endpoint = endpoint;
    this.#diagnostics = diagnostics;
    const { options } = endpoint.declaration;
    const leaves = leavesOf(options);
    const evaluated =
      options === null ? null : evaluateOptions(options, (leaf) => values[leaves.indexOf(leaf)] ?? null);
    this.#options = evaluated ?? new Map();
  }

  read(path: Path): StaticFiles {
    if (path.segments.some(({ kind }) => kind === "param")) {
      this.#report("TN1103", this.#spanOf("path"), { path: path.pattern });
    }
    const directory = this.#pathOf("dir", "a folder");
    if (directory !== null && !this.#exists(directory, "isDirectory")) {
      this.#report("TN1100", this.#spanOf("dir"), { folder: directory });
    }
    const notFound = this.#isGiven("notFound") ? this.#pathOf("notFound", "a file") : null;
    if (notFound !== null && !this.#exists(notFound, "isFile")) {
      this.#report("TN1102", this.#spanOf("notFound"), { file: notFound });
    }
    return {
      directory: directory ?? ".",
      ...(notFound === null ? {} : { notFound }),
      notFoundStatus: this.#value("notFoundStatus", defaultNotFoundStatus, "an HTTP status from 200 to 599", isStatus),
      headers: joined(this.#value("headers", {}, "an object of texts or lists of texts", isHeaders)),
    };
  }

  #isGiven(option: string): boolean {
    const located = this.#options.get(option);
    return located !== undefined && (located.known === null || located.known.value !== undefined);
  }

  /** Relative to the app; null: reported. */
  #pathOf(option: "dir" | "notFound", what: string): string | null {
    const { source } = this.#endpoint;
    const value = this.#options.get(option)?.known?.value;
    const path = typeof value === "string" ? posix.join(posix.dirname(source.relative), value) : "..";
    if (typeof value === "string" && !value.startsWith("/") && !/^\.\.(?:\/|$)/.test(path)) {
      return path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
    }
    this.#report("TN1101", this.#spanOf(option), { option: `"${option}"`, what });
    return null;
  }

  #exists(path: string, kind: "isDirectory" | "isFile"): boolean {
    const { file, relative } = this.#endpoint.source;
    const up = posix.relative(posix.dirname(relative), path);
    return statSync(join(dirname(file), up), { throwIfNoEntry: false })?.[kind]() === true;
  }

  #value<Value extends OptionValue>(
    option: string,
    byDefault: Value,
    expected: string,
    isRight: (value: OptionValue) => value is Value,
  ): Value {
    const located = this.#options.get(option);
    if (located === undefined) return byDefault;
    if (located.known === null) this.#report("TN1014", located, { option: `"${option}"` });
    const value = located.known?.value;
    if (value === undefined) return byDefault;
    if (isRight(value)) return value;
    this.#report("TN1015", located, { option: `"${option}"`, expected, actual: JSON.stringify(value) });
    return byDefault;
  }

  #spanOf(option: string): Span {
    return this.#options.get(option) ?? this.#endpoint.declaration.call;
  }

  #report(code: DiagnosticCode, span: Span, words: Record<string, string>): void {
    const { source } = this.#endpoint;
    this.#diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }
}

type Headers = { readonly [name: string]: string | readonly string[] };

function isStatus(value: OptionValue): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 200 && value <= 599;
}

function isHeaders(value: OptionValue): value is Headers {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(
    ([name, text]) =>
      /^[\w!#$%&'*+.^`|~-]+$/.test(name) &&
      (typeof text === "string" || (Array.isArray(text) && text.every((one) => typeof one === "string"))),
  );
}

function joined(headers: Headers): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers)
      .map(([name, value]) => [name.toLowerCase(), typeof value === "string" ? value : value.join(", ")] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  );
}
