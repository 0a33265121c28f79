// What a request carries outside of its body, as OpenAPI parameters.
import type { Endpoint, PathSegment, RequestField, Schemas } from "@tenon/model";
import { cookieValue } from "../../graph/request-fields.ts";
import { type PlacedField, placedFields } from "../public-api/message-parts.ts";
import type { Parameter } from "./document.ts";
import type { SchemaObjects } from "./schema-objects.ts";

export interface ParameterContext {
  readonly schemas: Schemas;
  readonly objects: SchemaObjects;
  /** Name in the request type -> name in the path template. */
  readonly pathNames: ReadonlyMap<string, string>;
}

export function parametersOf(
  endpoint: Endpoint,
  fields: readonly RequestField[],
  context: ParameterContext,
): Parameter[] {
  const placed = placedFields(endpoint.request, fields, context.schemas);
  const inPath = endpoint.path.segments.flatMap((segment) =>
    segment.kind === "literal" ? [] : [pathParameter(segment, placed, context)],
  );
  const elsewhere = placed.filter(({ field }) => field.in !== "path" && field.in !== "body");
  return [...inPath, ...elsewhere.map((one) => parameter(one, context))];
}

/** Raw and static endpoints have path parameters without a request type: plain text. */
function pathParameter(
  segment: Exclude<PathSegment, { kind: "literal" }>,
  placed: readonly PlacedField[],
  { objects, pathNames }: ParameterContext,
): Parameter {
  const known = placed.find(({ field }) => field.in === "path" && field.wireName === segment.name);
  const takesRest = segment.kind !== "param";
  const description = [
    known?.property.description,
    takesRest
      ? `The rest of the path${segment.kind === "fallback" ? ", also empty" : ""}, slashes included.`
      : undefined,
  ].filter((text) => text !== undefined);
  return {
    name: pathNames.get(segment.name) ?? segment.name,
    in: "path",
    required: true,
    ...(description.length > 0 && { description: description.join("\n\n") }),
    schema: known === undefined ? { type: "string" } : objects.of(known.property.schema),
    ...(takesRest && { "x-tenon-segments": "rest" }),
  };
}

function parameter({ field, property }: PlacedField, { objects, schemas }: ParameterContext): Parameter {
  const value = field.in === "cookie" ? cookieValue(property.schema, schemas) : null;
  const schema = value ?? property.schema;
  return {
    name: field.wireName,
    in: field.in as "query" | "header" | "cookie",
    required: !property.optional,
    ...(property.description !== undefined && { description: property.description }),
    schema: {
      ...objects.of(schema),
      ...(property.default !== undefined && { default: property.default }),
      ...(property.examples !== undefined && { examples: property.examples }),
    },
  };
}
