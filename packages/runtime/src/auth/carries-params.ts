// Whether a request carries anything that an auth handler is interested in.
import type { AuthHandler, RawRequest } from "@tenon/model";

/** A request as far as it can say who sends it. */
export type AuthRequest = Pick<RawRequest, "query" | "header">;

/** The part of a request that an auth handler may see. */
export interface AuthPart {
  /** Without "?". */
  readonly query: string;
  readonly headers: Readonly<Record<string, string>>;
}

// hot: guarded by bench/door
export function carriesParams({ fields }: AuthHandler, request: AuthRequest): boolean {
  let search: URLSearchParams | undefined;
  for (const field of fields) {
    if (field.in === "header") {
      if (request.header(field.wireName) !== undefined) return true;
    } else if (field.in === "cookie") {
      if (hasCookie(request, field.wireName)) return true;
    } else if (request.query !== "") {
      search ??= new URLSearchParams(request.query);
      if (search.has(field.wireName)) return true;
    }
  }
  return false;
}

function hasCookie(request: AuthRequest, name: string): boolean {
  const text = request.header("cookie") ?? "";
  return text.split(";").some((pair) => pair.slice(0, Math.max(0, pair.indexOf("="))).trim() === name);
}

/** What of a request goes to the handler, also over the wire: nothing that it has not declared. */
export function authPartOf({ fields }: AuthHandler, request: AuthRequest): AuthPart {
  const names = new Set(fields.filter((field) => field.in === "header").map(({ wireName }) => wireName));
  if (fields.some((field) => field.in === "cookie")) names.add("cookie");
  const part: Record<string, string> = {};
  for (const name of names) {
    const value = request.header(name);
    if (value !== undefined) part[name] = value;
  }
  const wanted = new Set(fields.filter((field) => field.in === "query").map(({ wireName }) => wireName));
  const pairs = wanted.size === 0 ? [] : [...new URLSearchParams(request.query)].filter(([name]) => wanted.has(name));
  return { query: new URLSearchParams(pairs).toString(), headers: part };
}
