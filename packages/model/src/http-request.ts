// A call to an endpoint as the HTTP request that makes it from outside: for the API explorer, and for whoever shows how a call is made.
import type { AuthHandler, Endpoint, HttpMethod, RequestField } from "./graph.ts";

export interface HttpRequest {
  readonly method: HttpMethod;
  /** With the query: "/users/ada?full=true". */
  readonly target: string;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** Absent: none. */
  readonly body?: string;
}

/** Values as JSON has them on the wire, by field. */
export type WireFields = Readonly<Record<string, unknown>>;

export interface CallParts {
  /** One of the endpoint's; default: its first that can carry the fields. */
  readonly method?: HttpMethod | undefined;
  /** The fields of the request; of a raw endpoint the parameters of its path. */
  readonly request?: WireFields | undefined;
  /** Parameters of auth handlers, by handler. */
  readonly auth?: Readonly<Record<string, WireFields>> | undefined;
  /** Added to the query as they are. */
  readonly query?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as it is, in place of a JSON body. */
  readonly body?: string | undefined;
}

const bodyless: ReadonlySet<HttpMethod> = new Set(["GET", "DELETE", "HEAD", "OPTIONS", "TRACE"]);

/** What is wrong with the values is for the app to say: nothing is checked here. */
export function placeRequest(
  endpoint: Pick<Endpoint, "methods" | "path" | "fields">,
  parts: CallParts,
  authHandlers: readonly AuthHandler[] = [],
): HttpRequest {
  const { request = {} } = parts;
  const method = parts.method ?? defaultMethod(endpoint);
  const query = new URLSearchParams(parts.query ?? "");
  const places: Places = { query, headers: {}, cookies: [], body: {} };
  const inQuery = bodyless.has(method);
  for (const field of endpoint.fields) {
    const place = field.in === "body" && inQuery ? "query" : field.in;
    put(places, { ...field, in: place }, request[field.name]);
  }
  const known = new Set(endpoint.fields.map(({ name }) => name));
  const hasBody = !inQuery && endpoint.fields.some((field) => field.in === "body");
  // Fields that the type does not name: an index signature's, or a mistake that the app should see.
  if (hasBody) for (const [name, value] of Object.entries(request)) if (!known.has(name)) places.body[name] = value;
  for (const handler of authHandlers) {
    for (const field of handler.fields) put(places, field, parts.auth?.[handler.name]?.[field.name]);
  }
  const { headers, cookies } = places;
  if (cookies.length > 0) headers["cookie"] = cookies.join("; ");
  const body = parts.body ?? (hasBody ? JSON.stringify(places.body) : undefined);
  if (body !== undefined && parts.body === undefined) headers["content-type"] = "application/json";
  for (const [name, value] of Object.entries(parts.headers ?? {})) headers[name.toLowerCase()] = value;
  const text = query.toString();
  const target = `${fillPath(endpoint, request)}${text === "" ? "" : `?${text}`}`;
  return { method, target, headers, ...(body !== undefined && { body }) };
}

function defaultMethod({ methods, fields }: Pick<Endpoint, "methods" | "fields">): HttpMethod {
  const hasBody = fields.some((field) => field.in === "body");
  return (hasBody ? methods.find((method) => !bodyless.has(method)) : undefined) ?? methods[0] ?? "GET";
}

interface Places {
  readonly query: URLSearchParams;
  readonly headers: Record<string, string>;
  readonly cookies: string[];
  readonly body: Record<string, unknown>;
}

function put(places: Places, { in: place, wireName }: RequestField, value: unknown): void {
  if (value === undefined) return;
  switch (place) {
    case "query":
      for (const text of textsOf(value)) places.query.append(wireName, text);
      break;
    case "header":
      places.headers[wireName] = textsOf(value).join(", ");
      break;
    case "cookie":
      places.cookies.push(`${wireName}=${encodeURIComponent(textsOf(cookieValue(value)).join(","))}`);
      break;
    case "body":
      places.body[wireName] = value;
      break;
    case "path":
      break;
  }
}

function fillPath({ path }: Pick<Endpoint, "path">, request: WireFields): string {
  const parts = path.segments.map((segment) => {
    if (segment.kind === "literal") return segment.value;
    const text = textOf(request[segment.name] ?? "");
    return segment.kind === "param" ? encodeURIComponent(text) : text.split("/").map(encodeURIComponent).join("/");
  });
  return `/${parts.join("/")}`;
}

/** A cookie may have more to it than its value; a request carries that alone. */
function cookieValue(value: unknown): unknown {
  return typeof value === "object" && value !== null && "value" in value ? value.value : value;
}

function textsOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(textOf) : [textOf(value)];
}

function textOf(value: unknown): string {
  return typeof value === "object" && value !== null ? JSON.stringify(value) : String(value);
}
