// What the native parser finds in one file, as plain data: no syntax tree is kept.
import type { EndpointKind } from "@tenon/model";

/** Offsets into the text of the file, in UTF-16 units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** An option as written. Names and other expressions are left to the type checker. */
export type Expression = Span &
  (
    | { readonly kind: "value"; readonly value: string | number | boolean | null | undefined }
    | { readonly kind: "object"; readonly entries: readonly ObjectEntry[] }
    | { readonly kind: "array"; readonly items: readonly { readonly isSpread: boolean; readonly node: Expression }[] }
    | { readonly kind: "template"; readonly texts: readonly string[]; readonly parts: readonly Expression[] }
    /** `position` is where the last identifier of `a` or `a.b.c` starts; in `file` (absolute) when that is not the declaration's own. */
    | { readonly kind: "name"; readonly position: number; readonly file?: string }
    /** Within a factory: what it is given, or a field of that. `fallback`: its default value. */
    | {
        readonly kind: "parameter";
        readonly index: number;
        readonly path: readonly string[];
        readonly fallback?: Expression;
      }
    /** A function or class: behaviour, of no interest here. */
    | { readonly kind: "function" }
    | { readonly kind: "other" }
  );

export type ObjectEntry =
  | { readonly kind: "property"; readonly key: string; readonly keySpan: Span; readonly node: Expression }
  | { readonly kind: "spread"; readonly node: Expression };

/** The variable, or member of an object or class, that a declaration's value goes to. Its span is that of the name. */
export interface Binding extends Span {
  /** "" for a default export without one: it is called after its file. */
  readonly name: string;
  /** Under which name the file exports it, or what it is a member of; null when it does not. */
  readonly exportName: string | null;
  /** The way from the export to the value: `export const users = { get: api(...) }` has ["get"]. */
  readonly members?: readonly string[];
  /** There is no name: the span is that of the exported expression. */
  readonly isExpression?: true;
}

/** A function of the user that declares an endpoint for who calls it. */
export interface EndpointFactory {
  /** Local, and as exported; null when it is not. */
  readonly name: string;
  readonly exportName: string | null;
  readonly endpointKind: EndpointKind;
  readonly call: Span;
  readonly options: Expression | null;
  readonly hasHandler: boolean;
  readonly hasResponseType: boolean;
}

/** A call of a function of the user whose value is exported: an endpoint if that function is a factory. */
export interface FactoryUse {
  /** `specifier` null: a function of the same file. */
  readonly callee: { readonly specifier: string | null; readonly name: string };
  readonly call: Span;
  readonly binding: Binding;
  /** null: behind a spread. */
  readonly arguments: readonly (Expression | null)[];
}

/** What can be declared by a call besides endpoints, services, databases and secrets. */
export type ResourceType =
  | "app"
  | "gateway"
  | "auth-handler"
  | "middleware"
  | "config"
  | "metric"
  | "cron-job"
  | "topic"
  | "subscription"
  /** `topic.publish(...)` or `topic.ref()`: its first argument is what the method is called on. */
  | "topic-use"
  | "bucket"
  | "cache-cluster"
  | "cache-keyspace";

export type Declaration =
  | {
      readonly kind: "api";
      /** "typed" until its types say "http-stream". */
      readonly endpointKind: EndpointKind;
      readonly call: Span;
      /** null: not the value of a top-level variable. */
      readonly binding: Binding | null;
      readonly options: Expression | null;
      readonly hasHandler: boolean;
      /** The response is written down, and not what TypeScript finds the handler to return. */
      readonly hasResponseType: boolean;
    }
  | {
      readonly kind: "service";
      readonly call: Span;
      readonly name: Expression | null;
      readonly config: Expression | null;
      readonly isDefaultExport: boolean;
    }
  | {
      readonly kind: "database";
      readonly call: Span;
      /** "declared" with `new`, or "named": declared elsewhere. */
      readonly form: "declared" | "named";
      /** null: not the value of a top-level variable. */
      readonly binding: Binding | null;
      readonly name: Expression | null;
      readonly config: Expression | null;
    }
  | { readonly kind: "secret"; readonly call: Span; readonly name: Expression | null }
  | {
      readonly kind: "resource";
      readonly type: ResourceType;
      /** What was called: "new Counter", "Bucket.named". */
      readonly callee: string;
      readonly call: Span;
      /** null: not the value of a top-level variable. */
      readonly binding: Binding | null;
      readonly isDefaultExport: boolean;
      /** As written; null for what stands behind a spread. */
      readonly arguments: readonly (Expression | null)[];
      /** Its value's type tells the types that it is about (`[contract]` in tenon's declarations). */
      readonly hasContract: boolean;
    }
  | {
      readonly kind: "client-use";
      readonly call: Span;
      /** null: any of them. */
      readonly service: string | null;
      /** null: any of them. */
      readonly endpoint: string | null;
    };

export interface ImportRecord extends Span {
  readonly specifier: string;
  /** False: disappears when types are stripped. */
  readonly isValue: boolean;
  /** False: no type of the file's declarations can come from it. */
  readonly isType: boolean;
  /** What is taken from there; null: everything. */
  readonly names: readonly string[] | null;
}

export interface FileFacts {
  readonly imports: readonly ImportRecord[];
  readonly declarations: readonly Declaration[];
  readonly factories: readonly EndpointFactory[];
  readonly factoryUses: readonly FactoryUse[];
  readonly syntaxErrors: readonly (Span & { readonly message: string })[];
  /** Declares something for all files: `declare global`, `declare module`, or no import and export at all in a .d.ts. */
  readonly isAmbient: boolean;
}
