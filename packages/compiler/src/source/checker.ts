// What the crawler needs from a type checker, with the types (T) and symbols (S) of either TypeScript behind it. One crawler over
// this serves both, so that they cannot drift apart.
import type { DeclarationKey, DocTag, KeywordName, TupleElementRecord } from "./type-source.ts";

export interface SymbolFacts<S> {
  readonly symbol: S;
  readonly name: string;
  readonly declaration: DeclarationKey | null;
  /** Absolute; where it is declared first. */
  readonly file: string | null;
}

/** One type, one level deep, with its kind decided. */
export type Shape<T, S> =
  | { readonly kind: "keyword"; readonly name: KeywordName }
  | { readonly kind: "literal"; readonly value: string | number | boolean; readonly isEnum: boolean }
  | { readonly kind: "bigint-literal"; readonly value: string }
  | { readonly kind: "template"; readonly texts: readonly string[]; readonly types: readonly T[] }
  | { readonly kind: "string-mapping"; readonly mapping: string; readonly target: T }
  | { readonly kind: "parameter"; readonly name: string }
  | { readonly kind: "deferred" }
  | { readonly kind: "union"; readonly types: readonly T[]; readonly name: NameFacts<T, S> | null }
  | { readonly kind: "intersection"; readonly types: readonly T[]; readonly name: NameFacts<T, S> | null }
  | {
      readonly kind: "tuple";
      readonly elements: readonly (Omit<TupleElementRecord, "type"> & { readonly type: T })[];
      readonly name: NameFacts<T, S> | null;
    }
  | {
      readonly kind: "object";
      readonly name: NameFacts<T, S> | null;
      /** The class or interface itself, also when an alias gives the name. */
      readonly own: NameFacts<T, S> | null;
      readonly isClass: boolean;
    };

export interface NameFacts<T, S> extends SymbolFacts<S> {
  readonly typeArguments: readonly T[];
}

export interface PropertyFacts<T, S> extends SymbolFacts<S> {
  readonly type: T;
  readonly isOptional: boolean;
  readonly isMethod: boolean;
  readonly isAccessor: boolean;
}

export interface MemberFacts<T, S> {
  readonly isCallable: boolean;
  /** A mapped type: the order of its properties is up to the checker. */
  readonly isMapped: boolean;
  readonly properties: readonly PropertyFacts<T, S>[];
  readonly index: readonly { readonly key: T; readonly value: T }[];
}

export interface SignatureFacts<T> {
  readonly isGeneric: boolean;
  readonly parameter: T | null;
  readonly awaitedReturn: T;
}

export interface Checker<T, S> {
  idOf(type: T): number;
  typesAt(file: string, positions: readonly number[]): Promise<readonly (T | undefined)[]>;
  symbolsAt(file: string, positions: readonly number[]): Promise<readonly (S | undefined)[]>;
  /** What an imported name stands for; any other symbol as it is. */
  originOf(symbol: S): Promise<S>;
  typeOfExpression(file: string, start: number, end: number): Promise<T | undefined>;
  /** Says quickly whether a function's type can have a `[contract]`: an intersection can. */
  mayHaveContract(type: T): boolean;
  /** The first call signature. */
  signatureOf(type: T): Promise<SignatureFacts<T> | null>;
  shapeOf(type: T): Promise<Shape<T, S>>;
  membersOf(type: T): Promise<MemberFacts<T, S>>;
  isHidden(property: S): Promise<boolean>;
  enumOf(literal: T): Promise<(SymbolFacts<S> & { readonly size: number }) | null>;
  symbolFacts(symbol: S): SymbolFacts<S>;
  descriptionOf(symbol: S): Promise<string>;
  /** Of its doc comment, all of them. */
  docTagsOf(symbol: S): Promise<readonly DocTag[]>;
}

/** TypeScript's own lib files, bundled in the binary or in a folder. */
export function isStandardLibrary(file: string | null): boolean {
  return file !== null && (file.startsWith("bundled:") || /[\\/]lib\.[^\\/]*\.d\.ts$/.test(file));
}

/** The standard library, or the types of Node.js, whose fetch comes from undici. */
export function isPlatform(file: string | null): boolean {
  return isStandardLibrary(file) || (file !== null && /[\\/](?:@types[\\/](?:node|bun)|undici-types)[\\/]/.test(file));
}

/** Not the user's code: its types are read, but its places mean nothing to the user. */
export function isForeign(file: string | null): boolean {
  return isPlatform(file) || (file !== null && /[\\/]node_modules[\\/]/.test(file));
}
