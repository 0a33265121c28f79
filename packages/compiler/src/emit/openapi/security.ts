// How a caller says who it is, from the parameters of the app's auth handlers.
import type { AuthHandler, Graph, RequestField, Schemas } from "@tenon/model";
import { type PlacedField, placedFields } from "../public-api/message-parts.ts";
import type { SecurityRequirement, SecurityScheme } from "./document.ts";

export interface Security {
  readonly schemes: Readonly<Record<string, SecurityScheme>>;
  /** One of them is enough for an endpoint with `auth`. */
  readonly requirements: readonly SecurityRequirement[];
}

export function securityOf(graph: Graph): Security {
  const schemes: Record<string, SecurityScheme> = {};
  const requirements: SecurityRequirement[] = [];
  for (const handler of graph.authHandlers ?? []) {
    const placed = authFields(handler, graph.schemas);
    for (const one of placed) schemes[schemeName(handler, one.field)] = schemeOf(one);
    const named = (list: readonly PlacedField[]) =>
      Object.fromEntries(list.map(({ field }) => [schemeName(handler, field), []]));
    const required = placed.filter(({ property }) => !property.optional);
    // Where nothing is required, any single one may do; the handler decides.
    if (required.length > 0) requirements.push(named(required));
    else requirements.push(...placed.map((one) => named([one])));
  }
  return { schemes, requirements };
}

function authFields(handler: AuthHandler, schemas: Schemas): PlacedField[] {
  return placedFields(handler.params, handler.fields, schemas).filter(({ field }) => field.in in places);
}

const places = { header: "header", query: "query", cookie: "cookie" } as const;

function schemeName(handler: AuthHandler, field: RequestField): string {
  return `${handler.name}.${field.name}`.replace(/[^A-Za-z0-9._-]+/g, "_");
}

/** `Authorization` is nearly always a bearer token; who expects another scheme there says so in the field's comment. */
function schemeOf({ field, property }: PlacedField): SecurityScheme {
  const description = property.description === undefined ? {} : { description: property.description };
  if (field.in === "header" && field.wireName === "authorization") {
    return { type: "http", scheme: "bearer", ...description };
  }
  return { type: "apiKey", in: places[field.in as keyof typeof places], name: field.wireName, ...description };
}
