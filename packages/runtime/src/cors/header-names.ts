// Which headers pages of other origins may send and read: the usual ones, those that endpoints and auth handlers declare, and those
// that the settings add.
import { type Cors, type Graph, resolveSchema, type Schemas, type Schema } from "@tenon/model";

const ALWAYS_ALLOWED = [
  "accept",
  "authorization",
  "content-type",
  "origin",
  "user-agent",
  "x-correlation-id",
  "x-request-id",
  "x-requested-with",
  "traceparent",
  "tracestate",
];
const ALWAYS_EXPOSED = ["x-request-id", "x-correlation-id", "x-encore-trace-id", "traceresponse"];

type Door = Pick<Graph, "services" | "schemas" | "authHandlers">;

/** Lower-case, sorted. "*" among the settings' own: whatever is asked for. */
export function allowedHeaders({ services, authHandlers = [] }: Door, { allowHeaders = [] }: Cors): string[] {
  const declared = [
    ...services.flatMap(({ endpoints }) => endpoints.filter(({ expose }) => expose).flatMap(({ fields }) => fields)),
    ...authHandlers.flatMap(({ fields }) => fields),
  ];
  const names = declared.filter((field) => field.in === "header").map(({ wireName }) => wireName);
  const hasEvents = services.some(({ endpoints }) => endpoints.some(({ expose, kind }) => expose && kind === "sse"));
  // Of a client that reads events by `fetch` and goes on where it was; a browser's own EventSource may send it unasked.
  if (hasEvents) names.push("last-event-id");
  return sorted([...ALWAYS_ALLOWED, ...names, ...allowHeaders]);
}

/** Lower-case, sorted. */
export function exposedHeaders({ services, schemas }: Door, { exposeHeaders = [] }: Cors): string[] {
  const names = services
    .flatMap(({ endpoints }) => endpoints)
    .filter(({ expose, response }) => expose && response !== undefined)
    .flatMap(({ response }) => headersIn(response!, schemas));
  return sorted([...ALWAYS_EXPOSED, ...names, ...exposeHeaders]);
}

function headersIn(response: Schema, schemas: Schemas): string[] {
  const resolved = resolveSchema(response, schemas);
  if (resolved.kind !== "object") return [];
  return resolved.properties.flatMap(({ placement }) => (placement?.in === "header" ? [placement.name] : []));
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))].sort();
}
