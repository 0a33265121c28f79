// The curl line that makes an app's first trace: an exposed endpoint, the simplest one, with believable values.
import type { Endpoint, Graph, RequestField, Schema, Schemas } from "@tenon/model";
import { shellQuote } from "../text/shell-quote.ts";

export interface FirstRequest {
  readonly service: string;
  readonly endpoint: string;
  readonly command: string;
}

/** undefined: nothing in the app can be called from outside. */
export function firstRequest(graph: Graph, gatewayUrl: string): FirstRequest | undefined {
  const open = graph.services.flatMap((service) =>
    service.endpoints
      .filter((endpoint) => endpoint.expose && !endpoint.auth)
      .map((endpoint) => ({ service: service.name, endpoint, cost: effort(endpoint) })),
  );
  const easiest = open.sort((a, b) => a.cost - b.cost)[0];
  if (easiest === undefined) return undefined;
  const command = curlLine(easiest.endpoint, graph.schemas, gatewayUrl);
  return { service: easiest.service, endpoint: easiest.endpoint.name, command };
}

function effort(endpoint: Endpoint): number {
  const guessed = endpoint.fields.filter((field) => field.in === "path").length;
  // Reading without an id answers something useful in most apps; a made-up id rarely does.
  return (endpoint.methods[0] === "GET" ? 0 : 100) + guessed * 10 + endpoint.fields.length;
}

export function curlLine(endpoint: Endpoint, schemas: Schemas, gatewayUrl: string): string {
  const properties = requestProperties(endpoint, schemas);
  const sampleOf = (name: string) => sampleValue(properties.get(name)?.schema ?? { kind: "string" }, schemas, 0);
  const wanted = (field: RequestField) => properties.get(field.name)?.optional !== true;
  const path = endpoint.path.segments.map((segment) =>
    segment.kind === "literal" ? segment.value : encodeURIComponent(String(sampleOf(segment.name))),
  );
  const fieldsIn = (place: RequestField["in"]) =>
    endpoint.fields.filter((field) => field.in === place && wanted(field));
  const query = new URLSearchParams(fieldsIn("query").map((field) => [field.wireName, String(sampleOf(field.name))]));
  const url = `${gatewayUrl.replace(/\/$/, "")}/${path.join("/")}${query.size > 0 ? `?${query}` : ""}`;
  const words = ["curl"];
  const method = endpoint.methods[0] ?? "GET";
  const body = fieldsIn("body");
  if (method !== (body.length > 0 ? "POST" : "GET")) words.push("-X", method);
  words.push(shellQuote(url));
  for (const field of fieldsIn("header")) words.push("-H", shellQuote(`${field.wireName}: ${sampleOf(field.name)}`));
  if (body.length > 0) {
    const value = Object.fromEntries(body.map((field) => [field.wireName, sampleOf(field.name)]));
    words.push("-H", shellQuote("content-type: application/json"), "-d", shellQuote(JSON.stringify(value)));
  }
  return words.join(" ");
}

function requestProperties(endpoint: Endpoint, schemas: Schemas) {
  let schema: Schema | undefined = endpoint.request;
  while (schema?.kind === "ref") schema = schemas[schema.name];
  return new Map(schema?.kind === "object" ? schema.properties.map((property) => [property.name, property]) : []);
}

/** A value that the schema accepts, as it stands on the wire. Nesting is cut where a type recurses without end. */
function sampleValue(schema: Schema, schemas: Schemas, depth: number): unknown {
  if (depth > 6) return null;
  const inside = (next: Schema) => sampleValue(next, schemas, depth + 1);
  switch (schema.kind) {
    case "ref":
      return inside(schemas[schema.name] ?? { kind: "null" });
    case "string":
    case "any":
      return "1";
    case "number":
      return 1;
    case "bigint":
      return "1";
    case "boolean":
      return true;
    case "literal":
    case "bigint-literal":
      return schema.value;
    case "enum":
      return schema.values[0];
    case "date":
      return "2026-01-31T12:00:00Z";
    case "bytes":
      return "";
    case "url":
      return "https://example.com/";
    case "array":
    case "set":
      return [inside(schema.items)];
    case "tuple":
      return schema.items.filter((item) => !item.optional).map((item) => inside(item.schema));
    case "map":
      return {};
    case "union":
      return inside(schema.options[0] ?? { kind: "null" });
    case "object": {
      const required = schema.properties.filter((property) => !property.optional);
      return Object.fromEntries(required.map((property) => [property.name, inside(property.schema)]));
    }
    default:
      return null;
  }
}
