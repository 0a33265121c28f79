// What a call of another service's raw endpoint says: the options of `fetch`, and where in the endpoint's path it goes.
import type { Endpoint, PathSegment } from "@tenon/model";
import { APIError } from "../call/api-error.ts";

type QueryValue = string | number | boolean;

/** Of a call of a raw endpoint, all optional. */
export interface RawCallInit extends RequestInit {
  /** Values of the parameters in the endpoint's path: `{ id: 7 }` for "/users/:id". Slashes in a `*rest` stay slashes. */
  readonly params?: Readonly<Record<string, string | number>>;
  /** What stands behind "?". A list repeats its name. */
  readonly query?: URLSearchParams | Readonly<Record<string, QueryValue | readonly QueryValue[] | undefined>>;
  /** Path and query as the endpoint shall see them, instead of `params` and `query`: "/files/a.txt?download". */
  readonly path?: string;
}

/** Path and query of the request. Throws APIError `invalid_argument` for a parameter without a value. */
export function pathOfCall(endpoint: Endpoint, init: RawCallInit): string {
  if (init.path !== undefined) return init.path;
  const parts = endpoint.path.segments.map((segment) => partOf(segment, init.params ?? {}));
  const path = `/${parts.join("/")}`;
  const query = queryText(init.query);
  return query === "" ? path : `${path}?${query}`;
}

function partOf(segment: PathSegment, params: Readonly<Record<string, string | number>>): string {
  if (segment.kind === "literal") return segment.value;
  const value = String(params[segment.name] ?? "");
  if (segment.kind !== "param") return value.split("/").map(encodeURIComponent).join("/");
  if (value === "") throw APIError.invalidArgument(`the path parameter "${segment.name}" needs a value`);
  return encodeURIComponent(value);
}

function queryText(query: RawCallInit["query"]): string {
  if (query === undefined || query instanceof URLSearchParams) return query?.toString() ?? "";
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    for (const one of [value].flat()) if (one !== undefined) search.append(name, String(one));
  }
  return search.toString();
}
