// Names of types: a readable one for people, and an identity that tells two types of the same name apart.
import type { TypeId, TypeName, TypeRecord } from "../source/type-source.ts";

type Types = ReadonlyMap<TypeId, TypeRecord>;

export interface NamedType {
  /** "Page<User>". */
  readonly name: string;
  /** Where it is declared, with the identities of its type arguments; the same only for the same type. */
  readonly identity: string;
}

/** null: has no name of its own, or one of its type arguments has none. */
export function namedType(types: Types, id: TypeId, depth = 0): NamedType | null {
  const record = types.get(id);
  if (record === undefined || depth > 8) return null;
  if (record.kind === "keyword") return same(record.name);
  if (record.kind === "literal") return same(JSON.stringify(record.value));
  if (record.kind === "bigint-literal") return same(`${record.value}n`);
  const declared = declaredName(record);
  if (declared !== undefined) return withArguments(types, declared, depth);
  if (record.kind === "builtin")
    return combine(types, record.typeArguments, depth, (all) => generic(record.builtin, all));
  if (record.kind === "array") return combine(types, [record.items], depth, (all) => `${bracketed(all[0]!)}[]`);
  if (record.kind === "union") return combine(types, record.types, depth, (all) => [...all].sort().join(" | "));
  if (record.kind === "tuple") {
    const items = record.elements.map(({ type }) => type);
    return combine(types, items, depth, (all) => `[${all.join(", ")}]`);
  }
  return null;
}

export function declaredName(record: TypeRecord): TypeName | undefined {
  return "name" in record && typeof record.name === "object" ? record.name : undefined;
}

function withArguments(types: Types, name: TypeName, depth: number): NamedType | null {
  const named = combine(types, name.typeArguments, depth, (all) => generic(name.name, all));
  return named === null ? null : { name: named.name, identity: `${named.identity} @ ${name.declaration}` };
}

function combine(
  types: Types,
  parts: readonly TypeId[],
  depth: number,
  write: (names: readonly string[]) => string,
): NamedType | null {
  const named = parts.map((part) => namedType(types, part, depth + 1));
  if (named.some((part) => part === null)) return null;
  return {
    name: write(named.map((part) => part!.name)),
    identity: write(named.map((part) => part!.identity)),
  };
}

function same(name: string): NamedType {
  return { name, identity: name };
}

function generic(name: string, typeArguments: readonly string[]): string {
  return typeArguments.length === 0 ? name : `${name}<${typeArguments.join(", ")}>`;
}

function bracketed(name: string): string {
  return name.includes(" | ") ? `(${name})` : name;
}
