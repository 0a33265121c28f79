// Divides a request or a response into what travels as the JSON body and what travels elsewhere: path, query, headers, cookies, status.
import {
  type Endpoint,
  type ObjectSchema,
  type Property,
  type RequestField,
  resolveSchema,
  type Schema,
  type Schemas,
} from "@tenon/model";

/** A request field together with what the request type says of it. */
export interface PlacedField {
  readonly field: RequestField;
  readonly property: Property;
}

export function placedFields(
  request: Schema | undefined,
  fields: readonly RequestField[],
  schemas: Schemas,
): PlacedField[] {
  const object = request === undefined ? null : resolveSchema(request, schemas);
  if (object?.kind !== "object") return [];
  const byName = new Map(fields.map((field) => [field.name, field]));
  return object.properties.map((property) => {
    const field = byName.get(property.name) ?? { name: property.name, in: "body", wireName: property.name };
    return { field, property };
  });
}

export interface BodyPart {
  /** What the body holds; names are those on the wire. */
  readonly schema: Schema;
  /** The body may be left out. */
  readonly optional: boolean;
}

/** null: the request has no body. */
export function requestBody(endpoint: Pick<Endpoint, "request" | "fields">, schemas: Schemas): BodyPart | null {
  const { request } = endpoint;
  if (request === undefined) return null;
  const object = resolveSchema(request, schemas);
  if (object.kind !== "object") return null;
  const placed = placedFields(request, endpoint.fields, schemas);
  const inBody = placed.filter(({ field }) => field.in === "body");
  if (inBody.length === 0 && object.index === undefined) return null;
  const optional = inBody.every(({ property }) => property.optional);
  const isAll = inBody.length === placed.length && inBody.every(({ field }) => field.wireName === field.name);
  if (isAll) return { schema: request, optional };
  const properties = inBody.map(({ field, property }) => ({ ...property, name: field.wireName }));
  return { schema: { ...object, properties }, optional };
}

export interface ResponseParts {
  /** null: the body is empty. */
  readonly body: Schema | null;
  readonly headers: readonly Property[];
  readonly cookies: readonly Property[];
  readonly status: Property | null;
}

export function responseParts(response: Schema | undefined, schemas: Schemas): ResponseParts {
  const nowhere = { headers: [], cookies: [], status: null };
  if (response === undefined) return { body: null, ...nowhere };
  const resolved = resolveSchema(response, schemas);
  if (resolved.kind === "undefined") return { body: null, ...nowhere };
  if (resolved.kind !== "object") return { body: response, ...nowhere };
  const placed = (place: string) => resolved.properties.filter(({ placement }) => placement?.in === place);
  const [headers, cookies, statuses] = [placed("header"), placed("cookie"), placed("status")];
  const status = statuses[0] ?? null;
  if (headers.length + cookies.length + statuses.length === 0) return { body: response, ...nowhere };
  return { body: bodyWithout(resolved, [...headers, ...cookies, ...statuses]), headers, cookies, status };
}

function bodyWithout(object: ObjectSchema, elsewhere: readonly Property[]): ObjectSchema {
  return { ...object, properties: object.properties.filter((property) => !elsewhere.includes(property)) };
}
