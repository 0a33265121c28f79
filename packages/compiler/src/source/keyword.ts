// Type flags -> keyword. The two TypeScripts number their flags differently but name them alike.
import type { KeywordName } from "./type-source.ts";

interface KeywordFlags {
  readonly Any: number;
  readonly Unknown: number;
  readonly Never: number;
  readonly Undefined: number;
  readonly Void: number;
  readonly Null: number;
  readonly String: number;
  readonly Number: number;
  readonly Enum: number;
  readonly Boolean: number;
  readonly BigInt: number;
  readonly ESSymbolLike: number;
  readonly NonPrimitive: number;
}

const names: readonly (readonly [keyof KeywordFlags, KeywordName])[] = [
  ["Unknown", "unknown"],
  ["Never", "never"],
  ["Undefined", "undefined"],
  ["Void", "void"],
  ["Null", "null"],
  ["String", "string"],
  ["Number", "number"],
  // An enum whose values are computed: its members have no literal types.
  ["Enum", "number"],
  ["Boolean", "boolean"],
  ["BigInt", "bigint"],
  ["ESSymbolLike", "symbol"],
  ["NonPrimitive", "object"],
];

/** null: not a keyword. */
export function keywordOf(table: KeywordFlags, flags: number, intrinsicName: string | undefined): KeywordName | null {
  if (flags & table.Any) return intrinsicName === "error" || intrinsicName === "unresolved" ? "unresolved" : "any";
  for (const [flag, name] of names) if (flags & table[flag]) return name;
  return null;
}
