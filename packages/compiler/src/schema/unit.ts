// The units of type analysis: an endpoint with its options, or the arguments of a database or secret. Each depends on the import
// closure of its file and on nothing else, so each can be kept while that stays the same.
import type { Schema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import type { Place } from "../diagnose/place.ts";
import type { Expression } from "../discover/declarations.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import type { CrawlRequest, CrawlResult, DeclarationKey, SourceSpan, TypeSource } from "../source/type-source.ts";
import { memberStep } from "./context.ts";
import { Converter } from "./convert.ts";
import { childrenOf } from "./discriminant.ts";
import { type Known, valueOfType } from "./option-value.ts";
import type { Problem } from "./problem.ts";

export interface Unit {
  readonly source: SourceFile;
  /** Where the endpoint's name starts; null: only values are asked for. */
  readonly functionPosition: number | null;
  readonly leaves: readonly Expression[];
}

/** Plain JSON: it is kept on disk. */
export interface UnitResult {
  /** One for each leaf. */
  readonly values: readonly Known[];
  readonly signature: Signature | null;
}

export interface Signature {
  readonly isGeneric: boolean;
  readonly description?: string;
  /** null: nothing. Refs hold identities. */
  readonly request: Schema | null;
  readonly response: Schema | null;
  /** All that the two reach, by identity. */
  readonly definitions: Readonly<Record<string, { readonly name: string; readonly schema: Schema }>>;
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem {
  readonly code: DiagnosticCode;
  readonly path: string;
  readonly detail: string;
  /** null: outside of the app's own files; the endpoint is the place then. */
  readonly place: Place | null;
}

export interface AnalyseOptions {
  readonly source: TypeSource;
  /** Place of a span in one of the user's own files, else null. */
  readonly placeOf: (span: SourceSpan) => Place | null;
  /** Makes a declaration independent of where the app lies on disk. */
  readonly shorten: (declaration: DeclarationKey) => string;
}

export async function analyseUnits(units: readonly Unit[], options: AnalyseOptions): Promise<UnitResult[]> {
  const result = await options.source.crawl(units.flatMap(requestsOf));
  const converter = new Converter(result.types, options.shorten);
  let next = 0;
  const drafts = units.map((unit) => {
    const first = next;
    next += requestsOf(unit).length;
    const answers = result.answers.slice(first, next);
    return draftOf(unit, answers, result, converter);
  });
  converter.finish(
    drafts.flatMap(({ request, response }) => [request?.schema, response?.schema].filter((x) => x !== undefined)),
  );

  const places = await placesOf(drafts, converter, options);
  return drafts.map((draft) => resultOf(draft, converter, places));
}

type Root = ReturnType<Converter["convertRoot"]>;

interface Draft {
  readonly values: readonly Known[];
  readonly head: { readonly isGeneric: boolean; readonly description?: string } | null;
  readonly request: Root | null;
  readonly response: Root | null;
}

function requestsOf({ source: { file }, functionPosition, leaves }: Unit): CrawlRequest[] {
  const requests: CrawlRequest[] = leaves.map((leaf) =>
    leaf.kind === "name"
      ? { kind: "name", file, position: leaf.position }
      : { kind: "expression", file, start: leaf.start, end: leaf.end },
  );
  if (functionPosition !== null) requests.push({ kind: "function", file, position: functionPosition });
  return requests;
}

function draftOf(unit: Unit, answers: CrawlResult["answers"], { types }: CrawlResult, converter: Converter): Draft {
  const values = unit.leaves.map((_, i) => {
    const answer = answers[i];
    return answer?.kind === "expression" ? valueOfType(types, answer.type) : null;
  });
  const answer = unit.functionPosition === null ? undefined : answers.at(-1);
  if (answer?.kind !== "function") return { values, head: null, request: null, response: null };
  const { isGeneric, description, parameter, returns } = answer;
  const head = { isGeneric, ...(description === undefined ? {} : { description }) };
  if (isGeneric) return { values, head, request: null, response: null };
  const request = parameter === null ? null : converter.convertRoot(parameter, "request");
  return { values, head, request, response: converter.convertRoot(returns, "response") };
}

async function placesOf(
  drafts: readonly Draft[],
  converter: Converter,
  { source, placeOf }: AnalyseOptions,
): Promise<ReadonlyMap<DeclarationKey, Place>> {
  const problems: Problem[] = [
    ...drafts.flatMap(({ request, response }) => [...(request?.problems ?? []), ...(response?.problems ?? [])]),
    ...[...converter.definitions.values()].flatMap((definition) => definition.problems),
  ];
  const wanted = new Set(problems.map(({ declaration }) => declaration).filter((key) => key !== null));
  const places = new Map<DeclarationKey, Place>();
  if (wanted.size === 0) return places;
  for (const [declaration, span] of await source.locate([...wanted])) {
    const place = placeOf(span);
    if (place !== null) places.set(declaration, place);
  }
  return places;
}

function resultOf(draft: Draft, converter: Converter, places: ReadonlyMap<DeclarationKey, Place>): UnitResult {
  const { values, head } = draft;
  if (head === null) return { values, signature: null };
  const [request, response] = [bodyOf(draft.request), bodyOf(draft.response)];
  const roots = [
    { name: "request", schema: request },
    { name: "response", schema: response },
  ];
  const ways = waysFrom(roots, converter);
  const problems = [
    ...(draft.request?.problems ?? []),
    ...(draft.response?.problems ?? []),
    ...[...ways].flatMap(([identity, way]) => {
      const { name, problems } = converter.definitions.get(identity)!;
      return problems.map((problem) => ({ ...problem, path: way + problem.path.slice(name.length) }));
    }),
  ].map(({ code, path, detail, declaration }) => {
    return { code, path, detail, place: declaration === null ? null : (places.get(declaration) ?? null) };
  });
  const definitions = Object.fromEntries(
    [...ways.keys()].sort().map((identity) => {
      const { name, schema } = converter.definitions.get(identity)!;
      return [identity, { name, schema }];
    }),
  );
  return { values, signature: { ...head, request, response, definitions, problems } };
}

/** `void`, `undefined` and `never` are no body at all. */
function bodyOf(root: Root | null): Schema | null {
  if (root === null || root.schema.kind === "undefined" || root.schema.kind === "never") return null;
  return root.schema;
}

/** All definitions below the roots, with the way to each: "User.settings[]". */
function waysFrom(roots: readonly { readonly name: string; readonly schema: Schema | null }[], converter: Converter) {
  const ways = new Map<string, string>();
  const visit = (schema: Schema, way: string, isNamed: boolean): void => {
    if (schema.kind === "ref") {
      const definition = converter.definitions.get(schema.name);
      if (definition === undefined || ways.has(schema.name)) return;
      // The first type with a name says more than "response".
      const at = isNamed ? way : definition.name;
      ways.set(schema.name, at);
      visit(definition.schema, at, true);
    }
    for (const { child, step } of stepsOf(schema)) visit(child, way + step, isNamed);
  };
  for (const { name, schema } of roots) if (schema !== null) visit(schema, name, false);
  return ways;
}

function stepsOf(schema: Schema): { child: Schema; step: string }[] {
  if (schema.kind === "object") {
    return [
      ...schema.properties.map((property) => ({ child: property.schema, step: memberStep(property.name) })),
      ...(schema.index ?? []).map(({ value }) => ({ child: value, step: "[key]" })),
    ];
  }
  const step = schema.kind === "union" ? "" : "[]";
  return childrenOf(schema).map((child) => ({ child, step }));
}
