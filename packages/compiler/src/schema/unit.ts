// The units of type analysis: an endpoint with its options, or the arguments of a database, a secret or another resource. Each depends on the import
// closure of its file and on nothing else, so each can be kept while that stays the same.
import type { Schema } from "@tenon/model";
import type { DiagnosticCode } from "../diagnose/catalogue.ts";
import type { Place } from "../diagnose/place.ts";
import type { Expression, Span } from "../discover/declarations.ts";
import type { SourceFile } from "../discover/scan-files.ts";
import type {
  CrawlRequest,
  CrawlResult,
  DeclarationKey,
  SourceSpan,
  TypeId,
  TypeSource,
} from "../source/type-source.ts";
import { memberStep } from "./context.ts";
import { Converter } from "./convert.ts";
import { childrenOf } from "./discriminant.ts";
import { type Known, valueOfType } from "./option-value.ts";
import type { Problem } from "./problem.ts";

export interface Unit {
  readonly source: SourceFile;
  /** What has the types: a function bound to a name, or an expression whose type has a `[contract]`; null: only values are asked for. */
  readonly typed: /** `end`: it has no name, and this is where the expression ends that starts at the position. */
    | { readonly kind: "function"; readonly position: number; readonly end?: number }
    | { readonly kind: "contract"; readonly call: Span; readonly position: number | null }
    | null;
  readonly leaves: readonly Expression[];
  /** Further expressions whose type has a `[contract]`: the errors of an endpoint. */
  readonly contracts?: readonly Expression[];
  /** Names among the leaves stand for declarations, which are asked for. */
  readonly hasReferences: boolean;
}

/** Plain JSON: it is kept on disk. */
export interface UnitResult {
  /** One for each leaf. */
  readonly values: readonly Known[];
  /** One for each leaf; empty where none were asked for. */
  readonly references: readonly (Reference | null)[];
  readonly signature: Signature | null;
}

/** Where the name starts that something is declared under. */
export interface Reference {
  /** Relative to the app's folder when inside of it. */
  readonly file: string;
  readonly start: number;
}

export interface Signature {
  readonly isGeneric: boolean;
  readonly description?: string;
  /**
   * Of a function "request" and "response", or "outgoing" for what it yields; else what the contract says. Of further contracts
   * "errors[0].details" and so on. null: nothing. Refs hold identities.
   */
  readonly types: Readonly<Record<string, Schema | null>>;
  /** All that they reach, by identity. */
  readonly definitions: Readonly<Record<string, { readonly name: string; readonly schema: Schema }>>;
  readonly problems: readonly PlacedProblem[];
}

export interface PlacedProblem {
  readonly code: DiagnosticCode;
  /** Which of the types it was met in first: "request", "response". */
  readonly root: string;
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
  converter.finish(drafts.flatMap(({ roots }) => Object.values(roots).map(({ schema }) => schema)));

  const [places, references] = await Promise.all([placesOf(drafts, converter, options), referencesOf(drafts, options)]);
  return drafts.map((draft) => resultOf(draft, converter, places, references));
}

type Root = ReturnType<Converter["convertRoot"]>;

interface Draft {
  readonly values: readonly Known[];
  readonly declarations: readonly (DeclarationKey | null)[];
  readonly head: { readonly isGeneric: boolean; readonly description?: string } | null;
  readonly roots: Readonly<Record<string, Root>>;
}

function requestsOf({ source: { file }, typed, leaves, contracts = [], hasReferences }: Unit): CrawlRequest[] {
  const requests: CrawlRequest[] = leaves.map((leaf) =>
    leaf.kind === "name"
      ? { kind: "name", file: leaf.file ?? file, position: leaf.position, isReference: hasReferences }
      : { kind: "expression", file, start: leaf.start, end: leaf.end },
  );
  if (typed?.kind === "function") requests.push({ ...typed, file });
  if (typed?.kind === "contract") requests.push({ kind: "contract", file, ...typed.call, position: typed.position });
  for (const expression of contracts) {
    const { start, end } = expression;
    const position = expression.kind === "name" ? expression.position : null;
    requests.push({ kind: "contract", file: fileOf(expression) ?? file, start, end, position });
  }
  return requests;
}

/** A name that a factory was given stands in the file that gave it. */
function fileOf(expression: Expression): string | undefined {
  return expression.kind === "name" ? expression.file : undefined;
}

function draftOf(unit: Unit, answers: CrawlResult["answers"], result: CrawlResult, converter: Converter): Draft {
  const draft = ownDraftOf(unit, answers, result, converter);
  const first = unit.leaves.length + (unit.typed === null ? 0 : 1);
  const roots: Record<string, Root> = {};
  for (const [i] of (unit.contracts ?? []).entries()) {
    const answer = answers[first + i];
    if (answer?.kind !== "contract") continue;
    for (const [name, type] of Object.entries(answer.types)) {
      const root = `errors[${i}].${name}`;
      roots[root] = converter.convertRoot(type, root);
    }
  }
  return { ...draft, roots: { ...draft.roots, ...roots } };
}

function ownDraftOf(unit: Unit, answers: CrawlResult["answers"], { types }: CrawlResult, converter: Converter): Draft {
  const values = unit.leaves.map((_, i) => {
    const answer = answers[i];
    return answer?.kind === "expression" ? valueOfType(types, answer.type) : null;
  });
  const declarations = answers.map((answer) =>
    answer.kind === "expression" && unit.hasReferences ? (answer.declaration ?? null) : null,
  );
  const answer = unit.typed === null ? undefined : answers[unit.leaves.length];
  if (answer?.kind === "contract") {
    const { types: found, description } = answer;
    const roots = Object.entries(found).map(([name, id]) => [name, converter.convertRoot(id, name)]);
    const head = { isGeneric: false, ...(description === undefined ? {} : { description }) };
    return { values, declarations, head, roots: Object.fromEntries(roots) };
  }
  if (answer?.kind !== "function") return { values, declarations, head: null, roots: {} };
  const { isGeneric, description, parameter, returns } = answer;
  const head = { isGeneric, ...(description === undefined ? {} : { description }) };
  if (isGeneric) return { values, declarations, head, roots: {} };
  const request = parameter === null ? {} : { request: converter.convertRoot(parameter, "request") };
  const yields = yieldedType(types, returns);
  const answerRoot =
    yields === null
      ? { response: converter.convertRoot(returns, "response") }
      : { outgoing: converter.convertRoot(yields, "item") };
  return { values, declarations, head, roots: { ...request, ...answerRoot } };
}

const iterables: ReadonlySet<string> = new Set(["AsyncIterable", "AsyncIterableIterator", "AsyncGenerator"]);

/** What an async iterable gives; null: it is none. */
function yieldedType(types: CrawlResult["types"], id: TypeId): TypeId | null {
  const record = types.get(id);
  return record?.kind === "builtin" && iterables.has(record.builtin) ? (record.typeArguments[0] ?? null) : null;
}

/** Where the declarations stand that names refer to. */
async function referencesOf(
  drafts: readonly Draft[],
  { source, shorten }: AnalyseOptions,
): Promise<ReadonlyMap<DeclarationKey, Reference>> {
  const wanted = new Set(drafts.flatMap(({ declarations }) => declarations).filter((key) => key !== null));
  if (wanted.size === 0) return new Map();
  const spans = await source.locate([...wanted]);
  return new Map([...spans].map(([key, { file, start }]) => [key, { file: shorten(file), start }]));
}

async function placesOf(
  drafts: readonly Draft[],
  converter: Converter,
  { source, placeOf }: AnalyseOptions,
): Promise<ReadonlyMap<DeclarationKey, Place>> {
  const problems: Problem[] = [
    ...drafts.flatMap(({ roots }) => Object.values(roots).flatMap((root) => root.problems)),
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

function resultOf(
  draft: Draft,
  converter: Converter,
  places: ReadonlyMap<DeclarationKey, Place>,
  located: ReadonlyMap<DeclarationKey, Reference>,
): UnitResult {
  const { values, declarations, head } = draft;
  const references = declarations.some((key) => key !== null)
    ? declarations.slice(0, values.length).map((key) => (key === null ? null : (located.get(key) ?? null)))
    : [];
  if (head === null) return { values, references, signature: null };
  const roots = Object.entries(draft.roots).map(([name, root]) => ({ name, schema: bodyOf(root) }));
  const ways = waysFrom(roots, converter);
  const problems = [
    ...Object.entries(draft.roots).flatMap(([root, { problems }]) => problems.map((problem) => ({ ...problem, root }))),
    ...[...ways].flatMap(([identity, { way, root }]) => {
      const { name, problems } = converter.definitions.get(identity)!;
      return problems.map((problem) => ({ ...problem, root, path: way + problem.path.slice(name.length) }));
    }),
  ].map(({ code, root, path, detail, declaration }) => {
    return { code, root, path, detail, place: declaration === null ? null : (places.get(declaration) ?? null) };
  });
  const definitions = Object.fromEntries(
    [...ways.keys()].sort().map((identity) => {
      const { name, schema } = converter.definitions.get(identity)!;
      return [identity, { name, schema }];
    }),
  );
  const types = Object.fromEntries(roots.map(({ name, schema }) => [name, schema]));
  return { values, references, signature: { ...head, types, definitions, problems } };
}

/** `void`, `undefined` and `never` are no body at all. */
function bodyOf({ schema }: Root): Schema | null {
  return schema.kind === "undefined" || schema.kind === "never" ? null : schema;
}

/** All definitions below the roots, with the way to each: "User.settings[]". */
function waysFrom(roots: readonly { readonly name: string; readonly schema: Schema | null }[], converter: Converter) {
  const ways = new Map<string, { readonly way: string; readonly root: string }>();
  const visit = (root: string, schema: Schema, way: string, isNamed: boolean): void => {
    if (schema.kind === "ref") {
      const definition = converter.definitions.get(schema.name);
      if (definition === undefined || ways.has(schema.name)) return;
      // The first type with a name says more than "response".
      const at = isNamed ? way : definition.name;
      ways.set(schema.name, { way: at, root });
      visit(root, definition.schema, at, true);
    }
    for (const { child, step } of stepsOf(schema)) visit(root, child, way + step, isNamed);
  };
  for (const { name, schema } of roots) if (schema !== null) visit(name, schema, name, false);
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
