// What an endpoint answers: its response, what it may refuse, and how it fails.
import {
  type DeclaredError,
  type Endpoint,
  httpStatusOf,
  type JsonSchema,
  type Property,
  resolveSchema,
  type Schema,
  type Schemas,
} from "@tenon/model";
import { responseParts } from "../public-api/message-parts.ts";
import type { Content, HeaderObject, Reference, ResponseObject } from "./document.ts";
import type { SchemaObjects } from "./schema-objects.ts";

export type Responses = Record<string, ResponseObject | Reference>;

export interface ResponseContext {
  readonly schemas: Schemas;
  readonly objects: SchemaObjects;
  /** Key of the schema of an error's body in `components.schemas`. */
  readonly errorKey: string;
}

/** Keys of `components.responses`. */
export const commonResponses = { default: "Error", "400": "InvalidRequest", "401": "Unauthenticated" } as const;

export function responsesOf(endpoint: Endpoint, context: ResponseContext): Responses {
  const refusals: Responses = {};
  const isChecked = endpoint.kind !== "raw" && endpoint.kind !== "static" && endpoint.request !== undefined;
  if (isChecked) refusals["400"] = common("400");
  if (endpoint.auth) refusals["401"] = common("401");
  return {
    ...successes(endpoint, context),
    ...refusals,
    ...declaredErrors(endpoint.errors ?? [], new Set(Object.keys(refusals)), context),
    default: common("default"),
  };
}

function common(key: keyof typeof commonResponses): Reference {
  return { $ref: `#/components/responses/${commonResponses[key]}` };
}

function successes(endpoint: Endpoint, context: ResponseContext): Responses {
  const { objects } = context;
  const outgoing = endpoint.messages?.outgoing;
  switch (endpoint.kind) {
    case "raw":
      return { "200": { description: "Whatever the endpoint's own code answers.", content: { "*/*": {} } } };
    case "static":
      return {
        "200": { description: "The file.", content: { "*/*": {} } },
        "404": { description: "There is no such file." },
      };
    case "stream-in":
    case "stream-out":
    case "stream-in-out":
      return {
        "101": { description: "The connection becomes a WebSocket; x-tenon-messages says what travels in it." },
      };
    case "sse":
      return {
        "200": streamed(
          "Server-sent events; `data` of each is JSON of this schema.",
          "text/event-stream",
          outgoing,
          objects,
        ),
      };
    case "http-stream":
      return {
        "200": streamed("Values as they come, one JSON value a line.", "application/x-ndjson", outgoing, objects),
      };
    case "typed":
      return typedSuccesses(endpoint, context);
  }
}

function streamed(description: string, type: string, item: Schema | undefined, objects: SchemaObjects): ResponseObject {
  return { description, content: { [type]: item === undefined ? {} : { schema: objects.of(item) } } };
}

function typedSuccesses(endpoint: Endpoint, { schemas, objects }: ResponseContext): Responses {
  const { body, headers, cookies, status } = responseParts(endpoint.response, schemas);
  const content: Content | undefined = body === null ? undefined : { "application/json": { schema: objects.of(body) } };
  const headerObjects = { ...headersOf(headers, objects), ...cookieHeader(cookies) };
  const response: ResponseObject = {
    description: body === null ? "Done; there is no body." : "Done.",
    ...(Object.keys(headerObjects).length > 0 && { headers: headerObjects }),
    ...(content !== undefined && { content }),
  };
  const statuses = status === null ? ["200"] : statusesOf(status, schemas);
  return Object.fromEntries(statuses.map((one) => [one, response]));
}

/** Those that the field's type names; a plain number can be any. */
function statusesOf({ schema, optional }: Property, schemas: Schemas): string[] {
  const named = namedStatuses(schema, schemas);
  if (named.length === 0) return ["200", "2XX"];
  return [...new Set([...(optional ? ["200"] : []), ...named])].sort();
}

function namedStatuses(schema: Schema, schemas: Schemas): string[] {
  const resolved = resolveSchema(schema, schemas);
  if (resolved.kind === "union") return resolved.options.flatMap((option) => namedStatuses(option, schemas));
  const values = resolved.kind === "literal" ? [resolved.value] : resolved.kind === "enum" ? resolved.values : [];
  return values.filter((value) => typeof value === "number" && value >= 100 && value <= 599).map(String);
}

function headersOf(headers: readonly Property[], objects: SchemaObjects): Record<string, HeaderObject> {
  const entries = headers.map(({ placement, name, schema, optional, description }) => [
    placement?.name ?? name,
    { ...(description !== undefined && { description }), required: !optional, schema: objects.of(schema) },
  ]);
  return Object.fromEntries(entries) as Record<string, HeaderObject>;
}

function cookieHeader(cookies: readonly Property[]): Record<string, HeaderObject> {
  if (cookies.length === 0) return {};
  const names = cookies.map(({ placement, name }) => `\`${placement?.name ?? name}\``).join(", ");
  return { "Set-Cookie": { description: `Sets ${names}.`, schema: { type: "string" } } };
}

/**
 * Errors of one status share a response: which one it is stands in `code`, and in the type of `details`. `common`: statuses that also
 * have an error which every endpoint of this kind can give.
 */
function declaredErrors(
  errors: readonly DeclaredError[],
  common: ReadonlySet<string>,
  { objects, errorKey }: ResponseContext,
): Responses {
  const byStatus = new Map<number, DeclaredError[]>();
  for (const error of errors) {
    const status = httpStatusOf[error.code];
    byStatus.set(status, [...(byStatus.get(status) ?? []), error]);
  }
  const responses: Responses = {};
  for (const [status, group] of byStatus) {
    const schemas = group.map((error) => errorSchema(error, objects, errorKey));
    if (common.has(String(status))) schemas.push({ $ref: `#/components/schemas/${errorKey}` });
    const words = group.map(({ code, description }) => (description === undefined ? `\`${code}\`` : description));
    responses[String(status)] = {
      description: words.join("\n\n"),
      content: { "application/json": { schema: schemas.length === 1 ? schemas[0]! : { anyOf: schemas } } },
    };
  }
  return responses;
}

function errorSchema({ code, details }: DeclaredError, objects: SchemaObjects, errorKey: string): JsonSchema {
  return {
    allOf: [{ $ref: `#/components/schemas/${errorKey}` }],
    properties: { code: { const: code }, ...(details !== undefined && { details: objects.of(details) }) },
  };
}

/** `components.responses` that endpoints refer to. */
export function commonResponseObjects(errorKey: string): Record<string, ResponseObject> {
  const content: Content = { "application/json": { schema: { $ref: `#/components/schemas/${errorKey}` } } };
  return {
    [commonResponses.default]: { description: "It failed; `code` says how.", content },
    [commonResponses["400"]]: {
      description: "The request does not match its type; `details.issues` names each place.",
      content,
    },
    [commonResponses["401"]]: { description: "Nobody is known to be asking.", content },
  };
}

/** The body of every error. */
export function errorBodySchema(): JsonSchema {
  return {
    type: "object",
    description: "The body of every error.",
    required: ["code", "message", "details"],
    properties: {
      code: { type: "string", enum: Object.keys(httpStatusOf).filter((code) => code !== "ok") },
      message: { type: "string" },
      details: { description: "More about it, as the code and the endpoint say; null when there is nothing." },
    },
  };
}
