// An endpoint as the `Route` of templates/client/route.ts: which field travels where.
import {
  type Endpoint,
  type HttpMethod,
  type RequestField,
  resolveSchema,
  type Schema,
  type Schemas,
} from "@tenon/model";
import { cookieValue, queryMethods } from "../../graph/request-fields.ts";
import { fieldsOfMethod } from "../public-api/fields-of-method.ts";
import { requestBody, responseParts } from "../public-api/message-parts.ts";
import type { Shape, ShapeFinder } from "./shape-of.ts";

export type RouteLiteral = Readonly<Record<string, unknown>>;

export function routeOf(endpoint: Endpoint, schemas: Schemas, shapes: ShapeFinder): RouteLiteral {
  const method = methodOf(endpoint);
  const fields = fieldsOfMethod(endpoint, method, schemas);
  const route = { method, path: endpoint.path.pattern };
  if (endpoint.kind === "raw") return route;
  return {
    ...route,
    ...placesOf(fields),
    ...(requestBody({ ...endpoint, fields }, schemas) !== null && { body: true }),
    ...(endpoint.request === undefined && { takesNothing: true }),
    ...shapeOf("request", shapes.of(requestSchema(endpoint, schemas))),
    ...responsePlaces(endpoint, schemas, shapes),
    ...shapeOf("incoming", shapes.of(endpoint.messages?.incoming)),
    ...shapeOf("outgoing", shapes.of(endpoint.messages?.outgoing ?? streamResponse(endpoint))),
  };
}

/** A stream that only takes messages answers with one. */
function streamResponse(endpoint: Endpoint): Schema | undefined {
  return endpoint.kind === "stream-in" ? endpoint.response : undefined;
}

/** One with a body when there is something to put into it. */
function methodOf({ methods, fields }: Endpoint): HttpMethod {
  const hasBody = fields.some((field) => field.in === "body");
  return (hasBody ? methods.find((method) => !queryMethods.has(method)) : undefined) ?? methods[0] ?? "GET";
}

/** Query, headers and cookies: name on the wire -> field. */
export function placesOf(fields: readonly RequestField[]): Record<string, Record<string, string>> {
  const places = { query: "query", header: "headers", cookie: "cookies" } as const;
  const found: Record<string, Record<string, string>> = {};
  for (const { name, in: place, wireName } of fields) {
    if (place === "path" || place === "body") continue;
    found[places[place]] = { ...found[places[place]], [wireName]: name };
  }
  return found;
}

function shapeOf(name: string, shape: Shape): Record<string, Shape> {
  return shape === null ? {} : { [name]: shape };
}

/** Cookies are text for the client, whatever else a browser knows of them. */
export function requestSchema(
  { request, fields }: Pick<Endpoint, "request" | "fields">,
  schemas: Schemas,
): Schema | undefined {
  const cookies = new Set(fields.filter((field) => field.in === "cookie").map(({ name }) => name));
  if (request === undefined || cookies.size === 0) return request;
  const object = resolveSchema(request, schemas);
  if (object.kind !== "object") return request;
  const properties = object.properties.map((property) =>
    cookies.has(property.name)
      ? { ...property, schema: cookieValue(property.schema, schemas) ?? property.schema }
      : property,
  );
  return { ...object, properties };
}

/** What the client gives: cookies stay with the browser, or in the response's headers. */
export function responseSchema({ response }: Pick<Endpoint, "response">, schemas: Schemas): Schema | undefined {
  const { cookies } = responseParts(response, schemas);
  if (response === undefined || cookies.length === 0) return response;
  const object = resolveSchema(response, schemas);
  if (object.kind !== "object") return response;
  const properties = object.properties.filter((property) => !cookies.includes(property));
  return properties.length === 0 && object.index === undefined ? undefined : { ...object, properties };
}

function responsePlaces(endpoint: Endpoint, schemas: Schemas, shapes: ShapeFinder): RouteLiteral {
  if (endpoint.kind !== "typed") return {};
  const { headers, status } = responseParts(endpoint.response, schemas);
  const responseHeaders = headers.map(({ name, placement, schema }) => [
    (placement?.name ?? name).toLowerCase(),
    [name, textKind(schema, schemas)],
  ]);
  return {
    ...shapeOf("response", shapes.of(responseSchema(endpoint, schemas))),
    ...(headers.length > 0 && { responseHeaders: Object.fromEntries(responseHeaders) as unknown }),
    ...(status !== null && { responseStatus: status.name }),
  };
}

/** What the text of a header is read as. */
function textKind(schema: Schema, schemas: Schemas): string {
  const resolved = resolveSchema(schema, schemas);
  switch (resolved.kind) {
    case "number":
    case "boolean":
    case "bigint":
    case "date":
    case "url":
      return resolved.kind;
    case "bigint-literal":
      return "bigint";
    case "literal":
      return typeof resolved.value;
    case "enum":
      return resolved.values.every((value) => typeof value === "number") ? "number" : "string";
    case "union": {
      const kinds = new Set(
        resolved.options.filter(({ kind }) => kind !== "undefined").map((one) => textKind(one, schemas)),
      );
      return kinds.size === 1 ? [...kinds][0]! : "string";
    }
    default:
      return "string";
  }
}
