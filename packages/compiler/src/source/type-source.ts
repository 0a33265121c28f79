// The narrow port to TypeScript: positions go in, plain records come out. No compiler object gets past it, so that the schema room
// does not know which TypeScript answered.

/** Valid within one CrawlResult only. */
export type TypeId = number;

/** Names a declaration ("/abs/file.ts#12"); `locate` turns it into a place. */
export type DeclarationKey = string;

/** The name under which a type was declared. */
export interface TypeName {
  readonly name: string;
  readonly typeArguments: readonly TypeId[];
  readonly declaration: DeclarationKey;
  /** TypeScript's own lib files. */
  readonly isStandardLibrary: boolean;
  readonly description?: string;
  readonly tags?: readonly DocTag[];
}

/** A tag of a doc comment that says what values are allowed: "@minimum 3". Others are not read. */
export interface DocTag {
  readonly name: string;
  readonly text: string;
}

export interface PropertyRecord {
  /** Symbol keys read "__@name@7", #private ones "__#1@#name". */
  readonly name: string;
  readonly type: TypeId;
  readonly isOptional: boolean;
  readonly isMethod: boolean;
  readonly isAccessor: boolean;
  /** private, protected or #private; only told for members of classes. */
  readonly isHidden: boolean;
  readonly declaration?: DeclarationKey;
  readonly description?: string;
  readonly tags?: readonly DocTag[];
}

export interface Members {
  readonly properties: readonly PropertyRecord[];
  readonly index: readonly { readonly key: TypeId; readonly value: TypeId }[];
}

export type KeywordName =
  | "any"
  | "unknown"
  | "never"
  | "undefined"
  | "void"
  | "null"
  | "string"
  | "number"
  | "boolean"
  | "bigint"
  | "symbol"
  | "object"
  /** TypeScript could not resolve the type: it has an error of its own to show. */
  | "unresolved";

export type TypeRecord =
  | { readonly kind: "keyword"; readonly name: KeywordName }
  | { readonly kind: "literal"; readonly value: string | number | boolean; readonly enum?: EnumRecord }
  | { readonly kind: "bigint-literal"; readonly value: string }
  | { readonly kind: "template"; readonly texts: readonly string[]; readonly types: readonly TypeId[] }
  /** Uppercase<string> and its like. */
  | { readonly kind: "string-mapping"; readonly mapping: string; readonly target: TypeId }
  | { readonly kind: "parameter"; readonly name: string }
  /** A conditional, indexed or keyof type that still depends on a type parameter. */
  | { readonly kind: "deferred" }
  | { readonly kind: "union"; readonly types: readonly TypeId[]; readonly name?: TypeName }
  | {
      readonly kind: "intersection";
      readonly types: readonly TypeId[];
      readonly members: Members;
      readonly name?: TypeName;
    }
  | { readonly kind: "tuple"; readonly elements: readonly TupleElementRecord[]; readonly name?: TypeName }
  | { readonly kind: "array"; readonly items: TypeId; readonly name?: TypeName }
  /** A class or interface of the standard library or Node.js whose inside is nobody's business: Date, Map, Promise ... */
  | { readonly kind: "builtin"; readonly builtin: string; readonly typeArguments: readonly TypeId[] }
  | { readonly kind: "function" }
  | { readonly kind: "object"; readonly members: Members; readonly isClass: boolean; readonly name?: TypeName };

export interface EnumRecord {
  readonly name: string;
  readonly declaration: DeclarationKey;
  /** How many members the whole enum has. */
  readonly size: number;
}

export interface TupleElementRecord {
  readonly type: TypeId;
  readonly form: "required" | "optional" | "rest" | "variadic";
  readonly label?: string;
}

export type CrawlRequest =
  /** `position` is where the name of an exported function-valued constant starts; with `end`, the expression without a name. */
  | { readonly kind: "function"; readonly file: string; readonly position: number; readonly end?: number }
  /** `position` is where a name starts that is used as a value; `isReference`: where it is declared is asked as well. */
  | { readonly kind: "name"; readonly file: string; readonly position: number; readonly isReference?: boolean }
  /** An expression whose type tells other types under `[contract]`; `position`: where the name starts it is bound to. */
  | {
      readonly kind: "contract";
      readonly file: string;
      readonly start: number;
      readonly end: number;
      readonly position: number | null;
    }
  | { readonly kind: "expression"; readonly file: string; readonly start: number; readonly end: number };

export type CrawlAnswer =
  | {
      readonly kind: "function";
      readonly isGeneric: boolean;
      /** null: takes no parameter. */
      readonly parameter: TypeId | null;
      /** What is left after awaiting. */
      readonly returns: TypeId;
      readonly description?: string;
    }
  | { readonly kind: "expression"; readonly type: TypeId; readonly declaration?: DeclarationKey }
  | {
      readonly kind: "contract";
      readonly types: Readonly<Record<string, TypeId>>;
      readonly description?: string;
    }
  /** There is no such function or expression. */
  | { readonly kind: "nothing" };

export interface CrawlResult {
  /** One for each request, in order. */
  readonly answers: readonly CrawlAnswer[];
  readonly types: ReadonlyMap<TypeId, TypeRecord>;
}

export interface FileChanges {
  readonly changed: readonly string[];
  readonly created: readonly string[];
  readonly deleted: readonly string[];
}

/** Offsets count UTF-16 units, as JavaScript's strings do. */
export interface SourceSpan {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export interface SourceDiagnostic {
  /** The number alone: 2345. */
  readonly code: number;
  readonly severity: "error" | "warning";
  readonly message: string;
  /** null: concerns the whole program. */
  readonly span: SourceSpan | null;
}

/** Files are absolute paths throughout. */
export interface TypeSource {
  /** Which TypeScript answers, for messages and cache keys. */
  readonly version: string;
  open(configFile: string): Promise<void>;
  crawl(requests: readonly CrawlRequest[]): Promise<CrawlResult>;
  /** Where the names of these declarations of the last crawl stand; those that cannot be found are left out. */
  locate(declarations: readonly DeclarationKey[]): Promise<ReadonlyMap<DeclarationKey, SourceSpan>>;
  update(changes: FileChanges): Promise<void>;
  /** Of these files, else of the whole program. */
  diagnostics(files?: readonly string[]): Promise<readonly SourceDiagnostic[]>;
  close(): Promise<void>;
}
