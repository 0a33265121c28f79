// Where the fields of a request travel for one of its endpoint's methods: an endpoint with methods of both kinds takes them from the
// body, or from the query when the method has no body, as far as a query can carry their types.
import { type Endpoint, type HttpMethod, type RequestField, resolveSchema, type Schemas } from "@tenon/model";
import { isQueryType, queryMethods } from "../../graph/request-fields.ts";

export function fieldsOfMethod(
  endpoint: Pick<Endpoint, "request" | "fields" | "kind">,
  method: HttpMethod,
  schemas: Schemas,
): readonly RequestField[] {
  const { request, fields } = endpoint;
  if (request === undefined || !queryMethods.has(method)) return fields;
  const object = resolveSchema(request, schemas);
  const properties = object.kind === "object" ? object.properties : [];
  const fits = new Set(properties.filter(({ schema }) => isQueryType(schema, schemas)).map(({ name }) => name));
  return fields.map((field) => (field.in === "body" && fits.has(field.name) ? { ...field, in: "query" } : field));
}
