// What `POST /api/call` is asked to do, from its JSON body.
import type { CallParts, Endpoint, Graph, HttpMethod, WireFields } from "@tenon/model";
import { RequestError } from "../server/errors.ts";

export interface WantedCall {
  readonly service: string;
  readonly endpoint: Endpoint;
  readonly parts: CallParts;
}

/** Throws RequestError when the body makes no sense or names what the app does not have. */
export function readCall(body: unknown, graph: Graph): WantedCall {
  if (!isObject(body)) throw refused("the body must be a JSON object");
  const service = text(body, "service") ?? missing("service");
  const name = text(body, "endpoint") ?? missing("endpoint");
  const endpoint = graph.services.find((one) => one.name === service)?.endpoints.find((one) => one.name === name);
  if (endpoint === undefined) throw new RequestError("not_found", `the app has no endpoint ${service}.${name}`);
  const parts: CallParts = {
    method: method(body, endpoint),
    request: fields(body, "request"),
    auth: fields(body, "auth") as CallParts["auth"],
    query: text(body, "query"),
    headers: headers(body),
    body: text(body, "body"),
  };
  for (const [handler, value] of Object.entries(parts.auth ?? {})) {
    if (!isObject(value)) throw refused(`auth.${handler} must be an object`);
  }
  return { service, endpoint, parts };
}

function method(body: WireFields, { methods, name }: Endpoint): HttpMethod | undefined {
  const wanted = text(body, "method");
  const known = methods.find((one) => one === wanted);
  if (wanted !== undefined && known === undefined)
    throw refused(`${name} has no method ${wanted}, only ${methods.join(", ")}`);
  return known;
}

function headers(body: WireFields): Record<string, string> | undefined {
  const given = fields(body, "headers");
  if (given === undefined) return undefined;
  for (const [name, value] of Object.entries(given)) {
    if (typeof value !== "string" || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name) || /[\r\n\0]/.test(value)) {
      throw refused(`headers.${name} is not a header of one line`);
    }
  }
  return given as Record<string, string>;
}

function text(body: WireFields, name: string): string | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (typeof value !== "string") throw refused(`${name} must be a string`);
  return value;
}

function fields(body: WireFields, name: string): WireFields | undefined {
  const value = body[name];
  if (value === undefined || value === null) return undefined;
  if (!isObject(value)) throw refused(`${name} must be an object`);
  return value;
}

function missing(name: string): never {
  throw refused(`${name} is required`);
}

function refused(message: string): RequestError {
  return new RequestError("invalid_argument", message);
}

function isObject(value: unknown): value is WireFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
