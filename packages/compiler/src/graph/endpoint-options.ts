// The options of an endpoint, checked and with their defaults filled in.
import type { Diagnostic, Endpoint, EndpointKind, HttpMethod } from "@tenon/model";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { FoundEndpoint } from "../discover/discover.ts";
import { evaluateOptions, type Known, leavesOf, type Located, type OptionValue } from "../schema/option-value.ts";
import { parsePath } from "./path.ts";

export type EndpointOptions = Pick<
  Endpoint,
  "methods" | "path" | "expose" | "auth" | "sensitive" | "tags" | "bodyLimitBytes" | "strict" | "heartbeatMs"
>;

const allMethods: readonly HttpMethod[] = [
  "GET",
  "POST",
  "PUT",
  "PATCH",
  "DELETE",
  "HEAD",
  "OPTIONS",
  "TRACE",
  "CONNECT",
];
const defaultBodyLimitBytes = 2 * 1024 * 1024;
const defaultHeartbeatMs = 30_000;
/** Under which a `setInterval` still means what is written. */
const maxHeartbeatMs = 2_147_483_647;

const commonOptions = ["path", "expose", "auth", "tags", "sensitive", "strict", "errors"];
const streamOptions = [...commonOptions, "messageLimit", "heartbeatMs"];
const optionsOf: Partial<Record<EndpointKind, readonly string[]>> = {
  "stream-in": streamOptions,
  "stream-out": streamOptions,
  "stream-in-out": streamOptions,
  static: ["path", "expose", "auth", "tags", "dir", "notFound", "notFoundStatus", "headers"],
  sse: ["method", ...commonOptions, "bodyLimit", "heartbeatMs"],
};
const typedOptions = ["method", ...commonOptions, "bodyLimit", "request", "response"];

/** `values`: what the checker said about the leaves of the options, in order. */
export function readEndpointOptions(
  endpoint: FoundEndpoint,
  service: string,
  values: readonly Known[],
  diagnostics: Diagnostic[],
): EndpointOptions {
  return new OptionReader(endpoint, values, diagnostics).read(service);
}

class OptionReader {
  readonly #endpoint: FoundEndpoint;
  readonly #options: ReadonlyMap<string, Located>;
  readonly #diagnostics: Diagnostic[];

  constructor(endpoint: FoundEndpoint, values: readonly Known[], diagnostics: Diagnostic[]) {
    this.#endpoint = endpoint;
    this.#diagnostics = diagnostics;
    const { options } = endpoint.declaration;
    const leaves = leavesOf(options);
    const evaluated =
      options === null ? new Map() : evaluateOptions(options, (leaf) => values[leaves.indexOf(leaf)] ?? null);
    if (evaluated === null) this.#report("TN1014", options!, { option: "the options" });
    this.#options = evaluated ?? new Map();
    const knownOptions = optionsOf[endpoint.declaration.endpointKind] ?? typedOptions;
    for (const [key, located] of this.#options) {
      if (!knownOptions.includes(key)) this.#report("TN1013", located, { option: key, known: knownOptions.join(", ") });
    }
  }

  read(service: string): EndpointOptions {
    return {
      methods: this.#methods(),
      path: this.#path(`/${service}.${this.#endpoint.name}`),
      expose: this.#flag("expose"),
      auth: this.#flag("auth"),
      sensitive: this.#flag("sensitive"),
      ...(this.#flag("strict") ? { strict: true } : {}),
      tags: this.#value("tags", [] as readonly string[], "a list of strings", isStrings),
      bodyLimitBytes: this.#value(
        this.#hasMessages ? "messageLimit" : "bodyLimit",
        defaultBodyLimitBytes,
        "a number of bytes, or null for no limit",
        isLimit,
      ),
      ...this.#heartbeat(),
    };
  }

  /** A stream over a WebSocket. */
  get #hasMessages(): boolean {
    return this.#endpoint.declaration.endpointKind.startsWith("stream-");
  }

  #heartbeat(): Pick<Endpoint, "heartbeatMs"> {
    if (!this.#hasMessages && this.#endpoint.declaration.endpointKind !== "sse") return {};
    const expected = "a number of milliseconds from 1, or null for none";
    const value = this.#value<number | null>("heartbeatMs", defaultHeartbeatMs, expected, isHeartbeat);
    return value === null ? {} : { heartbeatMs: value };
  }

  #flag(name: string): boolean {
    return this.#value(name, false, "true or false", (value): value is boolean => typeof value === "boolean");
  }

  #methods(): readonly HttpMethod[] {
    if (this.#endpoint.declaration.endpointKind === "static") return ["GET", "HEAD"];
    const expected = `"*", or one or several of ${allMethods.join(", ")}`;
    // A stream begins as a GET request whatever else it does.
    if (this.#hasMessages) return ["GET"];
    const byDefault = this.#endpoint.declaration.endpointKind === "sse" ? "GET" : "POST";
    const value = this.#value<OptionValue>("method", byDefault, expected, (one): one is OptionValue => isMethods(one));
    // CONNECT asks for a tunnel and has no meaning for an endpoint that answers all of them.
    if (value === "*") return allMethods.filter((method) => method !== "CONNECT");
    return [...new Set(Array.isArray(value) ? value : [value])] as HttpMethod[];
  }

  #path(byDefault: string): Endpoint["path"] {
    const pattern = this.#value("path", byDefault, "a string", (value): value is string => typeof value === "string");
    const parsed = parsePath(pattern);
    if ("path" in parsed) return parsed.path;
    this.#report("TN1016", this.#options.get("path") ?? this.#endpoint.declaration.call, {
      path: pattern,
      reason: parsed.reason,
    });
    return { pattern: byDefault, segments: [{ kind: "literal", value: byDefault.slice(1) }] };
  }

  #value<Value extends OptionValue>(
    name: string,
    byDefault: Value,
    expected: string,
    isRight: (value: OptionValue) => value is Value,
  ): Value {
    const located = this.#options.get(name);
    if (located === undefined) return byDefault;
    if (located.known === null) {
      this.#report("TN1014", located, { option: `"${name}"` });
      return byDefault;
    }
    const { value } = located.known;
    if (value === undefined) return byDefault;
    if (isRight(value)) return value;
    this.#report("TN1015", located, { option: `"${name}"`, expected, actual: JSON.stringify(value) });
    return byDefault;
  }

  #report(
    code: "TN1013" | "TN1014" | "TN1015" | "TN1016",
    span: { start: number; end: number },
    words: Record<string, string>,
  ) {
    const { source } = this.#endpoint;
    this.#diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }
}

function isMethods(value: OptionValue): boolean {
  const isMethod = (one: OptionValue) => (allMethods as readonly OptionValue[]).includes(one);
  return value === "*" || isMethod(value) || (Array.isArray(value) && value.length > 0 && value.every(isMethod));
}

function isStrings(value: OptionValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string");
}

function isHeartbeat(value: OptionValue): value is number | null {
  return value === null || (typeof value === "number" && value >= 1 && value <= maxHeartbeatMs);
}

function isLimit(value: OptionValue): value is number | null {
  return value === null || (typeof value === "number" && Number.isInteger(value) && value >= 0);
}
