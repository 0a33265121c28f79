// The graph of a small shop, as the compiler would write it: what the tests' dashboard shows.
import type { Endpoint, Graph, HttpMethod, Property, RequestField, Schema } from "@tenon/model";

const string: Schema = { kind: "string" };
const number: Schema = { kind: "number" };
const ref = (name: string): Schema => ({ kind: "ref", name });
const required = (name: string, schema: Schema, description?: string): Property => ({
  name,
  schema,
  optional: false,
  ...(description === undefined ? {} : { description }),
});
const object = (...properties: Property[]): Schema => ({ kind: "object", properties });

interface EndpointSketch {
  readonly name: string;
  readonly route: `${HttpMethod} /${string}`;
  readonly expose?: boolean;
  readonly description?: string;
  readonly request?: Schema;
  readonly response?: Schema;
  readonly at: string;
}

function endpoint({ name, route, expose = true, description, request, response, at }: EndpointSketch): Endpoint {
  const [method = "GET", pattern = "/"] = route.split(" ");
  const segments = pattern
    .split("/")
    .filter((part) => part !== "")
    .map((part) =>
      part.startsWith(":")
        ? { kind: "param" as const, name: part.slice(1) }
        : { kind: "literal" as const, value: part },
    );
  const inPath = new Set(segments.flatMap((segment) => (segment.kind === "param" ? [segment.name] : [])));
  const names = request?.kind === "object" ? request.properties.map((property) => property.name) : [];
  const elsewhere = method === "GET" ? "query" : "body";
  const fields = names.map(
    (field): RequestField => ({
      name: field,
      in: inPath.has(field) ? "path" : elsewhere,
      wireName: field,
    }),
  );
  const [file = "", line = "1"] = at.split(":");
  return {
    name,
    ...(description === undefined ? {} : { description }),
    kind: "typed",
    methods: [method as HttpMethod],
    path: { pattern, segments },
    expose,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: 2 * 1024 * 1024,
    ...(request === undefined ? {} : { request }),
    fields,
    ...(response === undefined ? {} : { response }),
    location: { file, line: Number(line), column: 14 },
  };
}

const lines: Schema = {
  kind: "array",
  items: object(required("productId", string), required("quantity", number)),
};

export const sampleGraph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [
    {
      name: "orders",
      directory: "orders",
      description: "Takes orders: asks who buys, reserves stock, writes the order.",
      endpoints: [
        endpoint({
          name: "create",
          route: "POST /orders",
          description: "Orders products for a customer: all lines, or nothing.",
          request: object(required("userId", string), required("lines", lines), {
            name: "note",
            schema: string,
            optional: true,
          }),
          response: ref("Order"),
          at: "orders/orders.ts:22",
        }),
        endpoint({
          name: "get",
          route: "GET /orders/:id",
          request: object(required("id", string)),
          response: ref("Order"),
          at: "orders/orders.ts:61",
        }),
      ],
      calls: [
        { service: "products", endpoint: "reserve" },
        { service: "users", endpoint: "get" },
      ],
      databases: ["orders"],
      secrets: [],
    },
    {
      name: "products",
      directory: "products",
      endpoints: [
        endpoint({
          name: "list",
          route: "GET /products",
          request: object({ name: "limit", schema: number, optional: true }),
          response: object(required("products", { kind: "array", items: ref("Product") })),
          at: "products/products.ts:12",
        }),
        endpoint({
          name: "reserve",
          route: "POST /products/reserve",
          expose: false,
          request: object(required("lines", lines)),
          response: object(required("id", string), required("lines", { kind: "array", items: ref("Product") })),
          at: "products/products.ts:40",
        }),
      ],
      calls: [],
      databases: ["products"],
      secrets: [],
    },
    {
      name: "users",
      directory: "users",
      endpoints: [
        endpoint({
          name: "get",
          route: "GET /users/:id",
          request: object(required("id", string)),
          response: ref("User"),
          at: "users/users.ts:9",
        }),
      ],
      calls: [],
      databases: ["users"],
      secrets: ["MAIL_KEY"],
    },
  ],
  databases: ["orders", "products", "users"].map((name) => ({
    name,
    service: name,
    migrations: `${name}/migrations`,
    location: { file: `${name}/database.ts`, line: 4, column: 19 },
  })),
  secrets: [{ name: "MAIL_KEY", services: ["users"], location: { file: "users/mail.ts", line: 3, column: 17 } }],
  schemas: {
    Order: object(
      required("id", string),
      required("userId", string),
      required("status", ref("OrderStatus")),
      required("lines", lines),
      required("totalCents", number, "In cents, taxes included."),
      required("createdAt", { kind: "date" }),
    ),
    OrderStatus: { kind: "enum", values: ["confirmed", "cancelled"] },
    Product: object(required("id", string), required("name", string), required("priceCents", number)),
    User: object(
      required("id", string),
      required("email", string),
      required("tier", { kind: "enum", values: ["standard", "premium"] }),
    ),
  },
};
