// Whether a request carries anything that an auth handler is interested in.
import type { AuthHandler } from "@tenon/model";
import { headerOf, type RequestHeaders } from "../call/exchange.ts";

/** The part of a request that an auth handler may see. */
export interface AuthRequest {
  /** Without "?". */
  readonly query: string;
  readonly headers: RequestHeaders;
}

export function carriesParams({ fields }: AuthHandler, { query, headers }: AuthRequest): boolean {
  let search: URLSearchParams | undefined;
  return fields.some((field) => {
    if (field.in === "header") return headers[field.wireName] !== undefined;
    if (field.in === "cookie") return hasCookie(headers, field.wireName);
    search ??= new URLSearchParams(query);
    return search.has(field.wireName);
  });
}

function hasCookie(headers: RequestHeaders, name: string): boolean {
  const text = headerOf(headers, "cookie") ?? "";
  return text.split(";").some((pair) => pair.slice(0, Math.max(0, pair.indexOf("="))).trim() === name);
}

/** What of a request goes to the handler, also over the wire: nothing that it has not declared. */
export function authPartOf({ fields }: AuthHandler, { query, headers }: AuthRequest): AuthRequest {
  const names = new Set(fields.filter((field) => field.in === "header").map(({ wireName }) => wireName));
  if (fields.some((field) => field.in === "cookie")) names.add("cookie");
  const part: Record<string, string | string[]> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) part[name] = value;
  }
  const wanted = new Set(fields.filter((field) => field.in === "query").map(({ wireName }) => wireName));
  const pairs = wanted.size === 0 ? [] : [...new URLSearchParams(query)].filter(([name]) => wanted.has(name));
  return { query: new URLSearchParams(pairs).toString(), headers: part };
}
