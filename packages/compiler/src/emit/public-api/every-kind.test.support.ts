// A graph with every kind of endpoint and of type, for the tests of what is written from graphs.
import type { Endpoint, EndpointKind, Graph, HttpMethod, Path, PathSegment, Property, Schema } from "@tenon/model";

const location = { file: "a.ts", line: 1, column: 1 };
export const text: Schema = { kind: "string" };
const number: Schema = { kind: "number" };
const date: Schema = { kind: "date" };

/** "name?" is optional. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  more: Readonly<Record<string, Partial<Property>>> = {},
) {
  return {
    kind: "object" as const,
    properties: Object.entries(properties).map(([key, schema]): Property => {
      const name = key.replace(/\?$/, "");
      return { name, schema, optional: key.endsWith("?"), ...more[name] };
    }),
  };
}

export function union(...options: Schema[]): Schema {
  return { kind: "union", options };
}

export const ref = (name: string): Schema => ({ kind: "ref", name });

interface EndpointWords extends Partial<Omit<Endpoint, "path" | "methods">> {
  readonly name: string;
  readonly path: string;
  readonly methods?: readonly HttpMethod[];
}

export function endpoint({ path, methods = ["GET"], ...words }: EndpointWords): Endpoint {
  return {
    kind: "typed" as EndpointKind,
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location,
    ...words,
    methods,
    path: pathOf(path),
  };
}

function pathOf(pattern: string): Path {
  const kinds: Readonly<Record<string, "param" | "wildcard" | "fallback">> = {
    ":": "param",
    "*": "wildcard",
    "!": "fallback",
  };
  const parts = pattern
    .slice(1)
    .split("/")
    .filter((part) => part !== "");
  const segments = parts.map((part): PathSegment => {
    const kind = kinds[part.charAt(0)];
    return kind === undefined ? { kind: "literal", value: part } : { kind, name: part.slice(1) };
  });
  return { pattern, segments };
}

export function graphOf(endpoints: Readonly<Record<string, readonly Endpoint[]>>, more: Partial<Graph> = {}): Graph {
  return {
    version: 1,
    app: { id: "every-kind" },
    services: Object.entries(endpoints).map(([name, list]) => ({
      name,
      directory: name,
      endpoints: list,
      calls: [],
      databases: [],
      secrets: [],
    })),
    databases: [],
    secrets: [],
    schemas: {},
    ...more,
  };
}

const field = (name: string, place: "path" | "query" | "header" | "cookie" | "body", wireName = name) => ({
  name,
  in: place,
  wireName,
});

const item = object({
  id: text,
  "at?": date,
  count: { kind: "bigint" },
  picture: { kind: "bytes" },
  home: union({ kind: "url" }, { kind: "null" }),
  labels: { kind: "set", items: text },
  prices: { kind: "map", key: text, value: { kind: "bigint" } },
  places: { kind: "map", key: number, value: date },
  pair: {
    kind: "tuple",
    items: [
      { schema: date, optional: false },
      { schema: text, optional: true },
    ],
  },
  shape: {
    kind: "union",
    discriminant: "kind",
    options: [
      object({ kind: { kind: "literal", value: "circle" }, since: date }),
      object({ kind: { kind: "literal", value: "square" }, since: text }),
    ],
  },
  when: union({ kind: "literal", value: "never" }, date),
  "children?": { kind: "array", items: ref("Item") },
});

/** Every kind of endpoint, every place of a field, every kind of type. */
export const everyKind: Graph = graphOf(
  {
    items: [
      endpoint({ name: "nothing", path: "/items.nothing", methods: ["POST"], tags: ["inner", "more"] }),
      endpoint({
        name: "get",
        path: "/items/:id",
        description: "Gets an item. Says so when there is none.\n\nMore about it.",
        request: object({ id: text, "depth?": number }, { depth: { description: "How deep." } }),
        fields: [field("id", "path"), field("depth", "query", "max-depth")],
        response: ref("Item"),
        errors: [
          { code: "not_found", description: "There is no such item.", details: object({ id: text }) },
          { code: "failed_precondition" },
          { code: "out_of_range" },
        ],
      }),
      endpoint({
        name: "put",
        path: "/items/:name",
        methods: ["PUT"],
        auth: true,
        request: object({ name: text, value: ref("Item"), tags: { kind: "array", items: text } }, {}),
        fields: [field("name", "path"), field("value", "body"), field("tags", "header", "x-tags")],
        response: object(
          { etag: text, total: number, value: ref("Item") },
          {
            etag: { placement: { in: "header", name: "ETag" } },
            total: { placement: { in: "header", name: "X-Total" } },
          },
        ),
      }),
      endpoint({
        name: "find",
        path: "/items",
        methods: ["GET", "POST"],
        request: object({ "words?": { kind: "array", items: text }, "since?": date, "deep?": object({ a: text }) }),
        fields: [field("words", "body"), field("since", "body"), field("deep", "body")],
        response: ref("Page<Item>"),
      }),
      endpoint({ name: "hidden", path: "/items.hidden", expose: false }),
    ],
    "live-feed": [
      endpoint({ name: "files", kind: "raw", path: "/files/:id", methods: ["GET", "POST", "DELETE"] }),
      endpoint({ name: "rest", kind: "raw", path: "/files/*path", methods: ["GET", "OPTIONS", "CONNECT"] }),
      endpoint({
        name: "assets",
        kind: "static",
        path: "/!path",
        static: { directory: "assets", notFoundStatus: 404, headers: {} },
      }),
      endpoint({
        name: "talk",
        kind: "stream-in-out",
        path: "/talk/:room",
        auth: true,
        request: object({ room: text, token: text }),
        fields: [field("room", "path"), field("token", "header", "x-token")],
        messages: { incoming: object({ said: date }), outgoing: ref("Item") },
      }),
      endpoint({
        name: "upload",
        kind: "stream-in",
        path: "/upload",
        messages: { incoming: object({ part: { kind: "bytes" } }) },
        response: object({ parts: number }),
      }),
      endpoint({ name: "ticks", kind: "stream-out", path: "/ticks", messages: { outgoing: object({ at: date }) } }),
      endpoint({ name: "events", kind: "sse", path: "/events", messages: { outgoing: ref("Item") } }),
      endpoint({ name: "lines", kind: "http-stream", path: "/lines", messages: { outgoing: object({ at: date }) } }),
    ],
  },
  {
    schemas: {
      Item: item,
      "Page<Item>": object({ items: { kind: "array", items: ref("Item") }, "next?": text }),
      ErrorBody: object({ of: text }),
      Unused: object({ a: ref("ErrorBody") }),
    },
    authHandlers: [
      {
        name: "auth",
        service: "items",
        params: object({ "authorization?": text, "session?": object({ value: text }) }),
        fields: [field("authorization", "header"), field("session", "cookie", "sid")],
        data: object({ userID: text }),
        location,
      },
    ],
  },
);
