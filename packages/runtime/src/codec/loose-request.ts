// Requests of typed calls in an app that asks for looseness: fields that would travel in a path, query or header are text on the way
// there, so that "7" is a number and 7 a text for them. The rest of a request is checked as ever.
import { type Endpoint, type EndpointCodec, type Issue, resolveSchema, type Schema, type Schemas } from "@tenon/model";

type RequestCodec = NonNullable<EndpointCodec["request"]>;

export function looseRequest(strict: RequestCodec, endpoint: Endpoint, schemas: Schemas): RequestCodec {
  const texts = textFields(endpoint, schemas);
  if (texts.size === 0) return strict;
  const again = (convert: RequestCodec["encode"]) => {
    return (value: unknown, issues: Issue[]): unknown => {
      const found: Issue[] = [];
      const converted = convert(value, found);
      if (found.length === 0 || typeof value !== "object" || value === null) {
        issues.push(...found);
        return converted;
      }
      return convert(retyped(value, texts), issues);
    };
  };
  return { ...strict, encode: again(strict.encode), copy: again(strict.copy) };
}

/** Field -> what it is declared as. */
function textFields({ request, fields }: Endpoint, schemas: Schemas): ReadonlyMap<string, Schema["kind"]> {
  const object = request === undefined ? undefined : resolveSchema(request, schemas);
  if (object?.kind !== "object") return new Map();
  const placed = new Set(fields.filter((field) => field.in !== "body").map(({ name }) => name));
  const properties = object.properties.filter(({ name }) => placed.has(name));
  return new Map(properties.map(({ name, schema }) => [name, resolveSchema(schema, schemas).kind]));
}

function retyped(value: object, texts: ReadonlyMap<string, Schema["kind"]>): Record<string, unknown> {
  const entries = Object.entries(value).map(([name, one]): [string, unknown] => {
    const kind = texts.get(name);
    if (kind === "number" && typeof one === "string" && one.trim() !== "" && !Number.isNaN(Number(one)))
      return [name, Number(one)];
    if (kind === "boolean" && (one === "true" || one === "false")) return [name, one === "true"];
    const isScalar = typeof one === "number" || typeof one === "boolean" || typeof one === "bigint";
    return [name, kind === "string" && isScalar ? String(one) : one];
  });
  return Object.fromEntries(entries);
}
