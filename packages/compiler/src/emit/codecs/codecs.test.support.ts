// For the tests of the emitter: schemas in short notation, graphs around them, and the emitted module loaded and ready to call.
import type {
  CodecsModule,
  Endpoint,
  EndpointCodec,
  Graph,
  Issue,
  Property,
  RawRequest,
  RequestField,
  Rule,
  Schema,
  Schemas,
  Service,
} from "@tenon/model";
import { emitCodecs } from "./emit-codecs.ts";

/** The building blocks as built; the compiler itself never imports the runtime. */
export const runtimeUrl = new URL("../../../../runtime/dist/codec/codec.js", import.meta.url).href;

export const string: Schema = { kind: "string" };
export const number: Schema = { kind: "number" };
export const boolean: Schema = { kind: "boolean" };
export const bigint: Schema = { kind: "bigint" };
export const decimal: Schema = { kind: "decimal" };
export const date: Schema = { kind: "date" };
export const bytes: Schema = { kind: "bytes" };
export const url: Schema = { kind: "url" };
export const any: Schema = { kind: "any" };
export const nothing: Schema = { kind: "undefined" };
export const nil: Schema = { kind: "null" };

export const ruled = (schema: Schema, ...rules: Rule[]): Schema => ({ ...schema, rules }) as Schema;
export const either = (...options: Rule[][]): Rule => ({ rule: "any", options });

export const literal = (value: string | number | boolean): Schema => ({ kind: "literal", value });
export const ref = (name: string): Schema => ({ kind: "ref", name });
export const array = (items: Schema): Schema => ({ kind: "array", items });
export const set = (items: Schema): Schema => ({ kind: "set", items });
export const map = (key: Schema, value: Schema): Schema => ({ kind: "map", key, value });
export const union = (...options: Schema[]): Schema => ({ kind: "union", options });
export const oneOf = (...values: (string | number)[]): Schema => ({ kind: "enum", values });

/** `object({ id: string, "note?": string })`. */
export function object(fields: Readonly<Record<string, Schema>>): Schema & { kind: "object" } {
  return { kind: "object", properties: Object.entries(fields).map(([name, schema]) => property(name, schema)) };
}

export function property(name: string, schema: Schema): Property {
  return name.endsWith("?") ? { name: name.slice(0, -1), schema, optional: true } : { name, schema, optional: false };
}

export function record(key: Schema, value: Schema, named: Readonly<Record<string, Schema>> = {}): Schema {
  return { ...object(named), index: [{ key, value }] };
}

export function endpoint(name: string, parts: Partial<Endpoint>): Endpoint {
  return {
    name,
    kind: "typed",
    methods: ["POST"],
    path: pathOf(parts.fields ?? []),
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location: { file: "test.ts", line: 1, column: 1 },
    ...parts,
  };
}

/** The parameters among the fields, in their order. */
function pathOf(fields: readonly RequestField[]): Endpoint["path"] {
  const names = fields.filter((field) => field.in === "path").map(({ wireName }) => wireName);
  return {
    pattern: `/${names.map((name) => `:${name}`).join("/")}`,
    segments: names.map((name) => ({ kind: "param", name })),
  };
}

/** A public request as tests write it. Default: a GET without anything. */
export interface WrittenRequest {
  readonly method?: string;
  readonly params?: readonly string[];
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export function rawRequest(written: WrittenRequest): RawRequest {
  const { method = "GET", params = [], query = "", headers = {}, body } = written;
  return { method, params, query, body, header: (name) => (Object.hasOwn(headers, name) ? headers[name] : undefined) };
}

export function graphOf(endpoints: readonly Endpoint[], schemas: Schemas = {}): { service: Service; graph: Graph } {
  const service: Service = { name: "test", directory: "test", endpoints, calls: [], databases: [], secrets: [] };
  return {
    service,
    graph: { version: 1, app: { id: "test" }, services: [service], databases: [], secrets: [], schemas },
  };
}

export async function loadText(text: string): Promise<CodecsModule> {
  return (await import(`data:text/javascript;base64,${Buffer.from(text).toString("base64")}`)) as CodecsModule;
}

export async function load(endpoints: readonly Endpoint[], schemas: Schemas = {}): Promise<CodecsModule["codecs"]> {
  const { service, graph } = graphOf(endpoints, schemas);
  return (await loadText(emitCodecs(service, graph, runtimeUrl))).codecs;
}

type ResponseCodec = NonNullable<EndpointCodec["response"]>;

/** The codec of a schema, by way of an endpoint that responds with it. */
export async function codecOf(schema: Schema, schemas: Schemas = {}): Promise<ResponseCodec> {
  const codecs = await load([endpoint("only", { response: schema })], schemas);
  return codecs["only"]!.response!;
}

/** One module for many schemas: loading a module for each would dominate the tests. */
export async function codecsOf(schemas: readonly { schema: Schema; schemas: Schemas }[]): Promise<ResponseCodec[]> {
  const all: Record<string, Schema> = {};
  const responses = schemas.map(({ schema, schemas: own }, index) => {
    const rename = (text: string) => text.replaceAll('"kind":"ref","name":"', `"kind":"ref","name":"S${index}_`);
    for (const [name, definition] of Object.entries(own)) {
      all[`S${index}_${name}`] = JSON.parse(rename(JSON.stringify(definition))) as Schema;
    }
    return endpoint(`e${index}`, { response: JSON.parse(rename(JSON.stringify(schema))) as Schema });
  });
  const codecs = await load(responses, all);
  return responses.map(({ name }) => codecs[name]!.response!);
}

export interface Outcome {
  readonly value: unknown;
  readonly issues: readonly Issue[];
}

export function run(convert: (value: unknown, issues: Issue[]) => unknown, value: unknown): Outcome {
  const issues: Issue[] = [];
  const result = convert(value, issues);
  return { value: issues.length === 0 ? result : undefined, issues };
}

/** "path code" of each issue: what callers may depend on. */
export function codes({ issues }: Outcome): string[] {
  return issues.map((issue) => `${issue.path} ${issue.code}`.trim());
}

export const field = (name: string, where: RequestField["in"], wireName = name): RequestField => ({
  name,
  in: where,
  wireName,
});
