// Brings factories and their uses together, across files: each use of a function that declares an endpoint is an endpoint of its own.
import type { EndpointFactory, FactoryUse } from "./declarations.ts";
import type { Found } from "./discover.ts";
import { optionsFor } from "./factories.ts";
import type { SourceFile } from "./scan-files.ts";

/** The source file that a specifier names, null when it is none that is known. */
export type ResolveSource = (specifier: string, from: SourceFile) => SourceFile | null;

interface FoundFactory {
  readonly source: SourceFile;
  readonly factory: EndpointFactory;
}

export interface FactoryEndpoints {
  readonly endpoints: readonly Found<"api">[];
  /** Declared in functions that nobody calls for an export. */
  readonly unused: readonly FoundFactory[];
}

/** Barrels lead to barrels; more than a few is somebody going in circles. */
const maxHops = 8;

export function factoryEndpoints(sources: readonly SourceFile[], resolve: ResolveSource): FactoryEndpoints {
  const used = new Set<EndpointFactory>();
  const endpoints = sources.flatMap((source) =>
    source.facts.factoryUses.flatMap((use): Found<"api">[] => {
      const found = factoryOf(use, source, resolve);
      if (found === null) return [];
      used.add(found.factory);
      return [endpointOf(use, source, found)];
    }),
  );
  const unused = sources.flatMap((source) =>
    source.facts.factories.filter((factory) => !used.has(factory)).map((factory) => ({ source, factory })),
  );
  return { endpoints, unused };
}

function endpointOf(use: FactoryUse, source: SourceFile, { source: home, factory }: FoundFactory): Found<"api"> {
  const { endpointKind, hasHandler, hasResponseType } = factory;
  const options = optionsFor(factory, use, home === source ? null : home.file);
  const { call, binding } = use;
  return { source, declaration: { kind: "api", endpointKind, call, binding, options, hasHandler, hasResponseType } };
}

function factoryOf({ callee }: FactoryUse, source: SourceFile, resolve: ResolveSource): FoundFactory | null {
  if (callee.specifier !== null) {
    const target = resolve(callee.specifier, source);
    return target === null ? null : exportedFactory(callee.name, target, resolve, maxHops);
  }
  const factory = source.facts.factories.find(({ name }) => name === callee.name);
  return factory === undefined ? null : { source, factory };
}

function exportedFactory(name: string, source: SourceFile, resolve: ResolveSource, hops: number): FoundFactory | null {
  const factory = source.facts.factories.find(({ exportName }) => exportName === name);
  if (factory !== undefined) return { source, factory };
  if (hops === 0) return null;
  for (const { specifier, isValue, names } of source.facts.imports) {
    if (!isValue || (names !== null && !names.includes(name))) continue;
    const target = resolve(specifier, source);
    const found = target === null ? null : exportedFactory(name, target, resolve, hops - 1);
    if (found !== null) return found;
  }
  return null;
}
