// The application graph, written to `.tenon/app.json`: what the app is made of. The compiler writes it and everybody else reads
// it. Sorted by name throughout, so that the same app gives the same bytes.
import type { Schema, Schemas } from "./schema.ts";

export interface Graph {
  readonly version: 1;
  readonly app: { readonly id: string };
  readonly services: readonly Service[];
  readonly databases: readonly Database[];
  readonly secrets: readonly Secret[];
  readonly schemas: Schemas;
}

export interface Location {
  /** Relative to the app's folder, with forward slashes. */
  readonly file: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
}

export interface Service {
  readonly name: string;
  /** Relative to the app's folder, with forward slashes; "." is the app's folder itself. */
  readonly directory: string;
  readonly description?: string;
  readonly endpoints: readonly Endpoint[];
  /** Endpoints of other services that this one's code calls through the generated clients. */
  readonly calls: readonly { readonly service: string; readonly endpoint: string }[];
  /** Names of the databases and secrets its code uses. */
  readonly databases: readonly string[];
  readonly secrets: readonly string[];
}

export type HttpMethod = "GET" | "POST" | "PUT" | "PATCH" | "DELETE" | "HEAD" | "OPTIONS" | "TRACE" | "CONNECT";

export interface Endpoint {
  readonly name: string;
  readonly description?: string;
  /** At least one, in order of declaration; "*" in the source is written out. */
  readonly methods: readonly HttpMethod[];
  readonly path: Path;
  /** Reachable from outside through the gateway. */
  readonly expose: boolean;
  readonly auth: boolean;
  readonly sensitive: boolean;
  readonly tags: readonly string[];
  /** null: no limit. */
  readonly bodyLimitBytes: number | null;
  /** Absent: the handler takes nothing. Always an object schema once refs are resolved. */
  readonly request?: Schema;
  /** Where each top-level request field is found on the public HTTP side. In a typed service call all of it is the JSON body. */
  readonly fields: readonly RequestField[];
  /** Absent: the handler returns nothing. */
  readonly response?: Schema;
  readonly location: Location;
}

export interface Path {
  /** As in the source, always starting with "/": "/users/:id", "/files/*path", "/!rest". */
  readonly pattern: string;
  readonly segments: readonly PathSegment[];
}

export type PathSegment =
  | { readonly kind: "literal"; readonly value: string }
  /** One segment, percent-decoded. */
  | { readonly kind: "param"; readonly name: string }
  /** The rest of the path, at least one segment; only last. */
  | { readonly kind: "wildcard"; readonly name: string }
  /** The rest of the path, also empty, when no other route matches; only last. */
  | { readonly kind: "fallback"; readonly name: string };

export interface RequestField {
  readonly name: string;
  readonly in: "path" | "query" | "header" | "body";
  /** Name on the wire: header names in lower case, query and body names as declared or renamed. */
  readonly wireName: string;
}

export interface Database {
  readonly name: string;
  /** The service whose folder declares it: the only one that may use it. */
  readonly service: string;
  /** Folder of `N_name.up.sql` files relative to the app's folder; absent: no migrations. */
  readonly migrations?: string;
  readonly location: Location;
}

export interface Secret {
  readonly name: string;
  readonly services: readonly string[];
  readonly location: Location;
}
