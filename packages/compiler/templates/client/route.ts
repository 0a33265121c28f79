// An endpoint as the client knows it, and how the arguments of a method become a request to it.
import { type Shape, type Shapes, toWire } from "./wire.ts";

export interface Route {
  readonly method: string;
  /** As declared: "/users/:id", "/files/*path", "/!rest". */
  readonly path: string;
  /** Name on the wire -> name of the field. */
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly cookies?: Readonly<Record<string, string>>;
  /** All other fields are the JSON body. */
  readonly body?: true;
  /** The method takes nothing but options. */
  readonly takesNothing?: true;
  readonly request?: Shape;
  readonly response?: Shape;
  /** Fields of the response that are elsewhere: header -> [field, what it says]; the field that is the status. */
  readonly responseHeaders?: Readonly<Record<string, readonly [string, TextKind]>>;
  readonly responseStatus?: string;
  readonly incoming?: Shape;
  readonly outgoing?: Shape;
}

export type TextKind = "string" | "number" | "boolean" | "bigint" | "date" | "url";

export interface PlacedRequest {
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly cookies: Record<string, string>;
  /** undefined: none. */
  readonly body: string | undefined;
}

export type Fields = Readonly<Record<string, unknown>>;

/** All fields in one object, or the path's parameters one by one and the others behind them; the options come last. */
export function readArguments(route: Route, args: readonly unknown[]): { request: Fields; options: unknown } {
  const parameters = pathParameters(route);
  if (route.takesNothing === true) return { request: {}, options: args[0] };
  const first = args[0];
  const isOneObject = typeof first === "object" && !(first instanceof Date) && !Array.isArray(first);
  if (parameters.length === 0 || first === undefined || isOneObject) {
    return { request: (first ?? {}) as Fields, options: args[1] };
  }
  const fromPath = Object.fromEntries(parameters.map((name, at) => [name, args[at]]));
  const next = parameters.length;
  const hasMore =
    route.body === true || route.query !== undefined || route.headers !== undefined || route.cookies !== undefined;
  if (!hasMore) return { request: fromPath, options: args[next] };
  return { request: { ...(args[next] as Fields | undefined), ...fromPath }, options: args[next + 1] };
}

export function placeRequest(route: Route, request: Fields, shapes: Shapes): PlacedRequest {
  const elsewhere = new Set(pathParameters(route));
  const wire = toWire(request, route.request ?? null, shapes) as Fields;
  const query = new URLSearchParams();
  for (const [name, field] of Object.entries(route.query ?? {})) {
    elsewhere.add(field);
    for (const text of textsOf(wire[field])) query.append(name, text);
  }
  const headers: Record<string, string> = {};
  for (const [name, field] of Object.entries(route.headers ?? {})) {
    elsewhere.add(field);
    if (wire[field] !== undefined) headers[name] = textsOf(wire[field]).join(", ");
  }
  const cookies: Record<string, string> = {};
  for (const [name, field] of Object.entries(route.cookies ?? {})) {
    elsewhere.add(field);
    if (wire[field] !== undefined) cookies[name] = textsOf(wire[field]).join(", ");
  }
  const inBody = Object.entries(wire).filter(([name]) => !elsewhere.has(name));
  const body = route.body === true ? JSON.stringify(Object.fromEntries(inBody)) : undefined;
  return { path: fillPath(route.path, wire), query, headers, cookies, body };
}

/** The values of a path's parameters as one segment each; a rest keeps its slashes. */
export function fillPath(pattern: string, values: Fields): string {
  const segments = pattern.split("/").map((segment) => {
    const name = segment.slice(1);
    if (segment.startsWith(":")) return encodeURIComponent(textOf(values[name]));
    if (!segment.startsWith("*") && !segment.startsWith("!")) return segment;
    const rest = values[name] ?? "";
    return (Array.isArray(rest) ? rest.map(textOf) : textOf(rest).split("/")).map(encodeURIComponent).join("/");
  });
  return segments.join("/");
}

export function pathParameters({ path }: Route): string[] {
  return path.split("/").flatMap((segment) => (/^[:*!]/.test(segment) ? [segment.slice(1)] : []));
}

export function withQuery(address: string, query: URLSearchParams): string {
  const text = query.toString();
  return text === "" ? address : `${address}${address.includes("?") ? "&" : "?"}${text}`;
}

export function cookieHeader(cookies: Readonly<Record<string, string>>): string {
  return Object.entries(cookies)
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
    .join("; ");
}

function textsOf(wire: unknown): string[] {
  if (wire === undefined) return [];
  return Array.isArray(wire) ? wire.map(textOf) : [textOf(wire)];
}

function textOf(wire: unknown): string {
  return typeof wire === "object" && wire !== null ? JSON.stringify(wire) : String(wire);
}

/** What a header of a response says. */
export function readText(text: string, kind: TextKind): unknown {
  switch (kind) {
    case "number":
      return Number(text);
    case "boolean":
      return text === "true";
    case "bigint":
      return BigInt(text);
    case "date":
      return new Date(text);
    case "url":
      return new URL(text);
    default:
      return text;
  }
}
