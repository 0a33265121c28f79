// The graph of an app whose endpoints take every kind of value: what the test of the API explorer fills in.
import type { Endpoint, Graph, Property, Schema } from "@tenon/model";

const text: Schema = { kind: "string" };
const number: Schema = { kind: "number" };
const field = (name: string, schema: Schema, words: Partial<Property> = {}): Property => ({
  name,
  schema,
  optional: false,
  ...words,
});
const object = (...properties: Property[]): Schema => ({ kind: "object", properties });
const location = { file: "forms/forms.ts", line: 1, column: 14 };

const circle = object(field("kind", { kind: "literal", value: "circle" }), field("radius", number));
const square = object(field("kind", { kind: "literal", value: "square" }), field("side", number));

const plain: Pick<Endpoint, "expose" | "auth" | "sensitive" | "tags" | "bodyLimitBytes" | "location"> = {
  expose: true,
  auth: false,
  sensitive: false,
  tags: [],
  bodyLimitBytes: null,
  location,
};

const fill: Endpoint = {
  ...plain,
  name: "fill",
  kind: "typed",
  description: "Takes a value of every kind.",
  methods: ["POST", "PUT"],
  auth: true,
  path: {
    pattern: "/forms/:id",
    segments: [
      { kind: "literal", value: "forms" },
      { kind: "param", name: "id" },
    ],
  },
  request: object(
    field("id", text, { description: "Which form it is." }),
    field("limit", number, { optional: true }),
    field("size", { kind: "enum", values: ["small", "large"] }),
    field("urgent", { kind: "boolean" }, { optional: true }),
    field("shape", { kind: "union", options: [circle, square], discriminant: "kind" }),
    field("names", { kind: "array", items: text }),
    field("node", { kind: "ref", name: "Node" }, { optional: true }),
    field("notes", { kind: "map", key: text, value: number }),
    field("gone", { kind: "union", options: [{ kind: "date" }, { kind: "null" }] }),
  ),
  fields: [
    { name: "id", in: "path", wireName: "id" },
    { name: "limit", in: "query", wireName: "max" },
    ...["size", "urgent", "shape", "names", "node", "notes", "gone"].map((name) => ({
      name,
      in: "body" as const,
      wireName: name,
    })),
  ],
  response: text,
};

const upload: Endpoint = {
  ...plain,
  name: "upload",
  kind: "raw",
  methods: ["PUT"],
  path: {
    pattern: "/uploads/*path",
    segments: [
      { kind: "literal", value: "uploads" },
      { kind: "wildcard", name: "path" },
    ],
  },
  fields: [],
};

const inner: Endpoint = {
  ...plain,
  name: "inner",
  kind: "typed",
  expose: false,
  methods: ["POST"],
  path: { pattern: "/forms.inner", segments: [{ kind: "literal", value: "forms.inner" }] },
  fields: [],
};

export const explorerGraph: Graph = {
  version: 1,
  app: { id: "forms" },
  services: [
    { name: "forms", directory: "forms", endpoints: [fill, inner, upload], calls: [], databases: [], secrets: [] },
  ],
  databases: [],
  secrets: [],
  authHandlers: [
    {
      name: "auth",
      service: "forms",
      params: object(field("authorization", text)),
      fields: [{ name: "authorization", in: "header", wireName: "authorization" }],
      data: object(field("userID", text)),
      location,
    },
  ],
  schemas: { Node: object(field("value", text), field("next", { kind: "ref", name: "Node" }, { optional: true })) },
};
