// The public doors of an app and who stands at each of them.
import type { AuthHandler, Diagnostic, Gateway, Service } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import { createDiagnostic } from "../diagnose/diagnostic.ts";
import type { Expression, Span } from "../discover/declarations.ts";
import type { Discovered, Found, FoundService } from "../discover/discover.ts";
import { type AuthHandlersInput, type CollectedHandler, collectAuthHandlers } from "./auth-handlers.ts";
import type { OptionValue } from "../schema/option-value.ts";
import { ResourceOptions } from "./resource-options.ts";

/** As Encore calls the one that an app has there. */
const defaultName = "api-gateway";
const knownOptions = ["name", "authHandler", "authHandlers", "hosts", "tags", "onRequest"];

export interface Doors {
  readonly gateways: readonly Gateway[];
  readonly authHandlers: readonly AuthHandler[];
}

export function collectGateways(input: AuthHandlersInput): Doors {
  const { discovered, diagnostics } = input;
  const handlers = collectAuthHandlers(input);
  const gateways: Gateway[] = [];
  for (const found of discovered.resources) {
    if (found.declaration.type !== "gateway") continue;
    const reader = new GatewayReader(found, new ResourceOptions(found, input.resultOf(found)), handlers, diagnostics);
    const gateway = reader.read(discovered.services);
    const other = gateways.find(({ name }) => name === gateway.name);
    if (other !== undefined) {
      reader.report("TN1141", found.declaration.call, { name: gateway.name, other: other.location.file });
      continue;
    }
    const rival = gateway.hosts === undefined ? gateways.find(({ hosts }) => hosts === undefined) : undefined;
    if (rival !== undefined) reader.report("TN1155", found.declaration.call, { name: gateway.name, other: rival.name });
    gateways.push(gateway);
  }
  reportUnused(handlers, gateways, diagnostics);
  gateways.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { gateways, authHandlers: handlers.map(({ handler }) => handler) };
}

/** Says once that endpoints wait for callers whom no door can know. */
export function reportUnreachable(
  discovered: Discovered,
  services: readonly Service[],
  gateways: readonly Gateway[],
  diagnostics: Diagnostic[],
): void {
  if (gateways.some(({ authHandlers }) => authHandlers.length > 0)) return;
  for (const [i, service] of services.entries()) {
    const index = service.endpoints.findIndex(({ expose, auth }) => expose && auth);
    const found = discovered.services[i]!.endpoints[index];
    if (found === undefined) continue;
    const { source, declaration, name } = found;
    const place = source.lines.place(source.relative, declaration.binding ?? declaration.call);
    diagnostics.push(createDiagnostic("TN1149", place, { endpoint: `${service.name}.${name}` }));
    return;
  }
}

function reportUnused(
  handlers: readonly CollectedHandler[],
  gateways: readonly Gateway[],
  diagnostics: Diagnostic[],
): void {
  for (const { found, handler } of handlers) {
    if (gateways.some(({ authHandlers }) => authHandlers.includes(handler.name))) continue;
    const { source, declaration } = found;
    const place = source.lines.place(source.relative, declaration.binding ?? declaration.call);
    diagnostics.push(createDiagnostic("TN1147", place, { name: handler.name }));
  }
}

class GatewayReader {
  readonly #found: Found<"resource">;
  readonly #options: ResourceOptions;
  readonly #handlers: readonly CollectedHandler[];
  readonly #diagnostics: Diagnostic[];

  constructor(
    found: Found<"resource">,
    options: ResourceOptions,
    handlers: readonly CollectedHandler[],
    diagnostics: Diagnostic[],
  ) {
    this.#found = found;
    this.#options = options;
    this.#handlers = handlers;
    this.#diagnostics = diagnostics;
  }

  read(services: readonly FoundService[]): Gateway {
    const { source, declaration } = this.#found;
    const options = this.#options.object(0);
    for (const [key, located] of options ?? []) {
      if (!knownOptions.includes(key)) this.report("TN1013", located, { option: key, known: knownOptions.join(", ") });
    }
    const { line, column } = source.lines.at((declaration.binding ?? declaration.call).start);
    const home = services.find(({ resources }) => resources.some((one) => one.declaration === declaration));
    const hooks = this.#options.written(0, "onRequest");
    const wanted = { hosts: this.#words("hosts"), tags: this.#words("tags") };
    return {
      name: this.#name(),
      authHandlers: this.#authHandlers(),
      ...(wanted.hosts === undefined ? {} : { hosts: wanted.hosts }),
      ...(wanted.tags === undefined ? {} : { tags: wanted.tags }),
      ...(hooks === null || home === undefined ? {} : { service: home.name }),
      location: { file: source.relative, line, column },
    };
  }

  #name(): string {
    const located = this.#options.object(0)?.get("name");
    if (located === undefined || located.known?.value === undefined) {
      if (located !== undefined && located.known === null) this.report("TN1014", located, { option: '"name"' });
      return defaultName;
    }
    const { value } = located.known;
    if (typeof value === "string" && /^[a-z][a-z0-9-]*$/.test(value)) return value;
    const words = {
      option: '"name"',
      expected: "lower-case letters, digits and dashes",
      actual: JSON.stringify(value),
    };
    this.report("TN1015", located, words);
    return defaultName;
  }

  #words(option: "hosts" | "tags"): readonly string[] | undefined {
    const located = this.#options.object(0)?.get(option);
    if (located === undefined) return undefined;
    if (located.known === null) {
      this.report("TN1014", located, { option: `"${option}"` });
      return undefined;
    }
    const { value } = located.known;
    if (value === undefined || isWords(value)) return value;
    const words = { option: `"${option}"`, expected: "a list of words", actual: JSON.stringify(value) };
    this.report("TN1015", located, words);
    return undefined;
  }

  #authHandlers(): string[] {
    const [config] = this.#found.declaration.arguments;
    if (config === undefined) return [];
    if (config?.kind !== "object") {
      this.report("TN1145", config ?? this.#found.declaration.call);
      return [];
    }
    const names = ["authHandler", "authHandlers"].flatMap((key) => {
      const written = this.#options.written(0, key);
      if (written === null) return [];
      if (written.kind !== "array") return [this.#handlerOf(written)];
      return written.items.map(({ node, isSpread }) => (isSpread ? this.#notAHandler(node) : this.#handlerOf(node)));
    });
    return [...new Set(names.filter((name) => name !== null))];
  }

  /** Its name; null: none is meant, or what stands there is none. */
  #handlerOf(written: Expression): string | null {
    if (written.kind === "value" && written.value == null) return null;
    const handler = written.kind === "name" ? this.#referred(written) : this.#within(written);
    return handler?.handler.name ?? this.#notAHandler(written);
  }

  #referred(written: Expression): CollectedHandler | undefined {
    const reference = this.#options.reference(written);
    if (reference === null) return undefined;
    const inFile = this.#handlers.filter(({ found }) => found.source.relative === reference.file);
    const exact = inFile.find(({ found }) => found.declaration.binding?.start === reference.start);
    // A default export, or one that is wrapped, has no name to point at.
    return exact ?? (inFile.length === 1 ? inFile[0] : undefined);
  }

  /** `new Gateway({ authHandler: authHandler(...) })`. */
  #within({ start, end }: Span): CollectedHandler | undefined {
    return this.#handlers.find(
      ({ found: { source, declaration } }) =>
        source === this.#found.source && start <= declaration.call.start && declaration.call.end <= end,
    );
  }

  #notAHandler(span: Span): null {
    this.report("TN1140", span);
    return null;
  }

  report(code: DiagnosticCode, span: Span, words: Record<string, string> = {}): void {
    const { source } = this.#found;
    this.#diagnostics.push(createDiagnostic(code, source.lines.place(source.relative, span), words));
  }
}

function isWords(value: OptionValue): value is readonly string[] {
  return Array.isArray(value) && value.every((item) => typeof item === "string" && item !== "");
}
