// The endpoints whose codecs are measured, and the values that go through them: a path parameter and a greeting, a form of query, header
// and body with every sort of small field, and a list of records that makes 50 KB of JSON.

const string = { kind: "string" };
const number = { kind: "number" };
const boolean = { kind: "boolean" };
const nothing = { kind: "null" };
const list = (items) => ({ kind: "array", items });
const union = (...options) => ({ kind: "union", options });
const words = (...values) => ({ kind: "enum", values });

/** `{ id: string, "note?": string }` */
function object(fields) {
  const properties = Object.entries(fields).map(([name, schema]) => ({
    name: name.replace("?", ""),
    schema,
    optional: name.endsWith("?"),
  }));
  return { kind: "object", properties };
}

const item = object({
  id: string,
  title: string,
  priceCents: number,
  inStock: boolean,
  createdAt: { kind: "date" },
  "note?": string,
  tags: list(string),
  size: object({ widthMm: number, heightMm: number }),
  state: words("draft", "listed", "sold"),
});

function endpoint(name, methods, segments, request, places, response) {
  const fields = request.properties.map(({ name: field }) => {
    const [place = "body", wireName = field] = (places[field] ?? "body").split(" ");
    return { name: field, in: place, wireName };
  });
  const path = {
    pattern: `/${segments.map(({ value, name: parameter }) => value ?? `:${parameter}`).join("/")}`,
    segments,
  };
  return {
    name,
    kind: "typed",
    methods,
    path,
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    request,
    response,
    fields,
    location: { file: "bench.ts", line: 1, column: 1 },
  };
}

const literal = (value) => ({ kind: "literal", value });

const endpoints = [
  endpoint(
    "hello",
    ["GET"],
    [literal("hello"), { kind: "param", name: "name" }],
    object({ name: string }),
    { name: "path" },
    object({ message: string }),
  ),
  endpoint(
    "schema",
    ["POST"],
    [literal("schema")],
    object({
      name: string,
      excitement: number,
      foo: string,
      "someKey?": string,
      "someOtherKey?": number,
      requiredKey: list(number),
      "nullableKey?": union(number, nothing),
      "multipleTypesKey?": union(boolean, number),
      "multipleRestrictedTypesKey?": union(string, number),
      "enumKey?": words("John", "Foo"),
    }),
    { name: "query", excitement: "query", foo: "header x-foo" },
    object({ message: string, count: number, "note?": string }),
  ),
  endpoint(
    "list",
    ["POST"],
    [literal("list")],
    object({ items: list({ kind: "ref", name: "Item" }) }),
    {},
    list({ kind: "ref", name: "Item" }),
  ),
];

export const graph = {
  version: 1,
  app: { id: "bench" },
  services: [{ name: "bench", directory: "bench", endpoints, calls: [], databases: [], secrets: [] }],
  databases: [],
  secrets: [],
  schemas: { Item: item },
};

function itemOf(index) {
  return {
    id: `item-${index}`,
    title: `A thing of the number ${index}, with a name as long as names are`,
    priceCents: index * 37,
    inStock: index % 3 !== 0,
    createdAt: new Date(Date.UTC(2026, 0, 1) + index * 1_000_000),
    ...(index % 4 === 0 ? { note: "fragile" } : {}),
    tags: ["red", "wood", `batch-${index % 7}`],
    size: { widthMm: index, heightMm: index * 2 + 0.5 },
    state: ["draft", "listed", "sold"][index % 3],
  };
}

/** 50 KB as JSON. */
export const items = Array.from({ length: 200 }, (_, index) => itemOf(index));

export const schemaBody = {
  someKey: "some text",
  someOtherKey: 42,
  requiredKey: [1, 2, 3, 4],
  nullableKey: null,
  multipleTypesKey: true,
  multipleRestrictedTypesKey: "either",
  enumKey: "John",
};
