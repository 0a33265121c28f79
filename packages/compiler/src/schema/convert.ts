// Type records -> schemas. Named types become definitions, which is also how recursion ends; the rest is written where it stands.
// Refs hold the identity of a definition, not its final name: names are given when the whole app is known.
import type { Schema } from "@tenon/model";
import type { DeclarationKey, PropertyRecord, TypeId, TypeRecord } from "../source/type-source.ts";
import { applyDocTags } from "./doc-rules.ts";
import { applyRules } from "./apply-rules.ts";
import { builtinSchema } from "./builtin.ts";
import { below, type Context, report } from "./context.ts";
import { addDiscriminants } from "./discriminant.ts";
import { objectSchema } from "./object.ts";
import { isPlacementMark } from "./placement.ts";
import type { Problem } from "./problem.ts";
import { isRuleType, markOf, readDefault, readRules } from "./rule-types.ts";
import { templateSchema } from "./template.ts";
import { tupleSchema } from "./tuple.ts";
import { declaredName, namedType } from "./type-name.ts";
import { isUndefined, unionSchema, withoutUndefined } from "./union.ts";

export interface Definition {
  readonly name: string;
  readonly schema: Schema;
  readonly problems: readonly Problem[];
}

export interface ConvertedRoot {
  readonly schema: Schema;
  readonly problems: readonly Problem[];
}

interface InProgress {
  /** Set when something below refers back. */
  reference: { readonly kind: "ref"; readonly name: string } | null;
  readonly identity: string;
  readonly name: string;
}

export class Converter {
  readonly types: ReadonlyMap<TypeId, TypeRecord>;
  readonly #definitions = new Map<string, Definition>();
  /** Named types that turned out too small for a definition: literals, enums, branded primitives. */
  readonly #inlined = new Map<string, { schema: Schema; problems: readonly Problem[] }>();
  readonly #inProgress = new Map<string, InProgress>();

  readonly #shorten: (declaration: DeclarationKey) => string;

  /** `shorten` makes a declaration independent of where the app lies on disk. */
  constructor(types: ReadonlyMap<TypeId, TypeRecord>, shorten: (declaration: DeclarationKey) => string) {
    this.types = types;
    this.#shorten = shorten;
  }

  /** All definitions made so far, by identity. Complete once every root is converted and `finish` was called. */
  get definitions(): ReadonlyMap<string, Definition> {
    return this.#definitions;
  }

  /** A request that may be left out is the request: nobody can tell an absent body from an empty one. */
  convertRoot(id: TypeId, root: string): ConvertedRoot {
    const problems: Problem[] = [];
    const context: Context = { root, path: "", declaration: null, problems };
    const isVoid = isUndefined(this, id);
    const schema =
      root === "request" && !isVoid ? withoutUndefined(this, id, context).schema : this.convert(id, context);
    return { schema, problems };
  }

  finish(roots: readonly Schema[]): void {
    addDiscriminants(
      [...roots, ...[...this.#definitions.values()].map(({ schema }) => schema)],
      (identity) => this.#definitions.get(identity)?.schema,
    );
  }

  convert(id: TypeId, context: Context): Schema {
    const record = this.types.get(id);
    if (record === undefined) return { kind: "any" };
    const isStructure = "types" in record || "members" in record || record.kind === "tuple" || record.kind === "array";
    if (!isStructure) return this.#plain(id, record, context);
    if (isRuleType(this.types, id)) {
      report(context, "TN1061");
      return { kind: "any" };
    }
    const declared = declaredName(record);
    const hasName = declared !== undefined && !declared.isStandardLibrary;
    // `Default<...>` is about the field, not a name of the type.
    const isDefault = record.kind === "union" && readDefault(this.types, id) !== undefined;
    const named = hasName && !isDefault ? namedType(this.types, id) : null;
    return named === null
      ? this.#anonymous(id, record, context)
      : this.#named(id, record, context, named.name, this.#shorten(named.identity));
  }

  #named(id: TypeId, record: TypeRecord, context: Context, name: string, identity: string): Schema {
    if (this.#definitions.has(identity)) return { kind: "ref", name: identity };
    const inlined = this.#inlined.get(identity);
    if (inlined !== undefined) {
      context.problems.push(...within(context, name, inlined.problems));
      return inlined.schema;
    }
    const active = this.#inProgress.get(identity);
    if (active !== undefined) {
      active.reference ??= { kind: "ref", name: identity };
      return { ...active.reference };
    }
    const progress: InProgress = { reference: null, identity, name };
    this.#inProgress.set(identity, progress);
    const problems: Problem[] = [];
    const declaration = declaredName(record)?.declaration ?? null;
    const inside = { root: name, path: "", declaration, problems };
    const schema = applyDocTags(this.#structure(id, record, inside), declaredName(record)?.tags, inside);
    this.#inProgress.delete(identity);
    const isWorthNaming = schema.kind === "object" || schema.kind === "union" || schema.kind === "tuple";
    if (!isWorthNaming && progress.reference === null) {
      this.#inlined.set(identity, { schema, problems });
      context.problems.push(...within(context, name, problems));
      return schema;
    }
    this.#definitions.set(identity, { name, schema, problems });
    return { kind: "ref", name: identity };
  }

  /** Written in place; only when it contains itself does it get a name, from the place where it was met. */
  #anonymous(id: TypeId, record: TypeRecord, context: Context): Schema {
    const key = `#${id}`;
    const active = this.#inProgress.get(key);
    if (active !== undefined) {
      active.reference ??= { kind: "ref", name: active.identity };
      return { ...active.reference };
    }
    const known = this.#definitions.get(this.#anonymousIdentities.get(id) ?? "");
    if (known !== undefined) return { kind: "ref", name: this.#anonymousIdentities.get(id)! };
    const name = namedType(this.types, id)?.name ?? nameFromPlace(context);
    const progress: InProgress = { reference: null, identity: `${name} # ${context.root}${context.path}`, name };
    this.#inProgress.set(key, progress);
    const schema = this.#structure(id, record, context);
    this.#inProgress.delete(key);
    if (progress.reference === null) return schema;
    this.#definitions.set(progress.identity, { name, schema, problems: [] });
    this.#anonymousIdentities.set(id, progress.identity);
    return { kind: "ref", name: progress.identity };
  }

  readonly #anonymousIdentities = new Map<TypeId, string>();

  #plain(id: TypeId, record: TypeRecord, context: Context): Schema {
    switch (record.kind) {
      case "keyword":
        return keywordSchema(record.name, context);
      case "literal":
        return { kind: "literal", value: record.value };
      case "bigint-literal":
        return { kind: "bigint-literal", value: record.value };
      case "template":
      case "string-mapping":
        return templateSchema(this.types, id);
      case "builtin":
        return builtinSchema(this, record, context);
      case "function":
        report(context, "TN1201");
        return { kind: "any" };
      default:
        report(context, "TN1203", record.kind === "parameter" ? record.name : "");
        return { kind: "any" };
    }
  }

  #structure(id: TypeId, record: TypeRecord, context: Context): Schema {
    switch (record.kind) {
      case "template":
        return templateSchema(this.types, id);
      case "union":
        return unionSchema(this, record.types, context);
      case "intersection":
        return this.#intersection(record, context);
      case "array":
        return { kind: "array", items: this.convert(record.items, below(context, "[]")) };
      case "tuple":
        return tupleSchema(this, record, context);
      case "object":
        return objectSchema(this, record, context);
      default:
        return this.#plain(id, record, context);
    }
  }

  /** Rules and other marks of tenon's beside a type are about that type. */
  #intersection(record: Extract<TypeRecord, { kind: "intersection" }>, context: Context): Schema {
    const isRule = (part: TypeId) => isRuleType(this.types, part);
    const types = record.types.filter((part) => !isRule(part) && !this.#isMark(part));
    if (types.length === 0 || types.length === record.types.length) return this.#together(record, context);
    const rules = record.types.filter(isRule).flatMap((part) => readRules(this.types, part, context));
    const base = types.length === 1 ? this.convert(types[0]!, context) : this.#together({ ...record, types }, context);
    return applyRules(base, rules, context);
  }

  /** An object with nothing but a mark of tenon's: where a field travels, what stands in for it. */
  #isMark(id: TypeId): boolean {
    const record = this.types.get(id);
    if (record?.kind !== "object") return false;
    const { properties, index } = record.members;
    const isOurs = (property: PropertyRecord) => markOf(property) !== null || isPlacementMark(property);
    return index.length === 0 && properties.length > 0 && properties.every(isOurs);
  }

  /** Branded primitives (`string & { __brand }`) are the primitive; objects are all their members together. */
  #together(record: Extract<TypeRecord, { kind: "intersection" }>, context: Context): Schema {
    const isPrecise = (part: TypeId) => !["keyword", "object"].includes(this.types.get(part)?.kind ?? "object");
    const base = record.types.find(isPrecise) ?? record.types.find((part) => this.types.get(part)?.kind === "keyword");
    if (base !== undefined) return this.convert(base, context);
    const isClass = record.types.some((part) => {
      const of = this.types.get(part);
      return of?.kind === "object" && of.isClass;
    });
    return objectSchema(this, { members: record.members, isClass, ...(record.name && { name: record.name }) }, context);
  }
}

/** Problems of a named type that is written in place, as seen from the type around it; a request or response has a name less telling. */
function within(context: Context, name: string, problems: readonly Problem[]): readonly Problem[] {
  if (context.root === "request" || context.root === "response") return problems;
  const way = context.root + context.path;
  return problems.map((problem) => ({ ...problem, path: way + problem.path.slice(name.length) }));
}

function keywordSchema(name: Extract<TypeRecord, { kind: "keyword" }>["name"], context: Context): Schema {
  switch (name) {
    case "unknown":
    case "any":
      return { kind: "any" };
    case "void":
      return { kind: "undefined" };
    case "symbol":
      report(context, "TN1202");
      return { kind: "any" };
    case "object":
      report(context, "TN1207");
      return { kind: "any" };
    case "unresolved":
      report(context, "TN1208");
      return { kind: "any" };
    default:
      return { kind: name };
  }
}

/** "response.tree[].left" -> "ResponseTreeLeft". */
function nameFromPlace(context: Context): string {
  const words = `${context.root}${context.path}`.split(/[^A-Za-z0-9]+/).filter((word) => word !== "");
  return words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join("");
}
