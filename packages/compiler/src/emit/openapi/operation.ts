// One method of an endpoint as an OpenAPI operation.
import type { Endpoint, HttpMethod, JsonSchema, RequestField } from "@tenon/model";
import { fieldsOfMethod } from "../public-api/fields-of-method.ts";
import { requestBody } from "../public-api/message-parts.ts";
import type { Operation, OperationMethod, RequestBody } from "./document.ts";
import { type ParameterContext, parametersOf } from "./parameters.ts";
import { type ResponseContext, responsesOf } from "./responses.ts";
import type { Security } from "./security.ts";

export interface OperationContext extends ParameterContext, ResponseContext {
  readonly service: string;
  readonly security: Security;
}

/** undefined: OpenAPI has no such method. */
export function operationMethod(method: HttpMethod): OperationMethod | undefined {
  return method === "CONNECT" ? undefined : (method.toLowerCase() as OperationMethod);
}

export function operationOf(endpoint: Endpoint, method: HttpMethod, context: OperationContext): Operation {
  const { service, security } = context;
  const fields = fieldsOfMethod(endpoint, method, context.schemas);
  const parameters = parametersOf(endpoint, fields, context);
  const body = bodyOf(endpoint, method, fields, context);
  const id = `${service}.${endpoint.name}`;
  return {
    operationId: endpoint.methods.length === 1 ? id : `${id}.${method.toLowerCase()}`,
    tags: [service, ...endpoint.tags.filter((tag) => tag !== service)],
    summary: summaryOf(endpoint),
    ...(endpoint.description !== undefined && { description: endpoint.description }),
    ...(endpoint.auth && security.requirements.length > 0 && { security: security.requirements }),
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: body }),
    responses: responsesOf(endpoint, context),
    "x-tenon-endpoint": id,
    ...(endpoint.kind !== "typed" && { "x-tenon-kind": endpoint.kind }),
    ...(!endpoint.expose && { "x-tenon-private": true }),
    ...messagesOf(endpoint, context),
  };
}

/** The first sentence of the comment, else the name in words. */
function summaryOf({ name, description }: Endpoint): string {
  const first =
    description
      ?.split(/\n\s*\n/)[0]
      ?.replaceAll(/\s+/g, " ")
      .trim() ?? "";
  const sentence = /^.*?[.!?](?=\s|$)/.exec(first)?.[0] ?? first;
  if (sentence !== "") return sentence.replace(/\.$/, "");
  const words = name
    .replaceAll("_", " ")
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

const methodsWithBody: ReadonlySet<HttpMethod> = new Set(["POST", "PUT", "PATCH", "DELETE"]);

function bodyOf(
  endpoint: Endpoint,
  method: HttpMethod,
  fields: readonly RequestField[],
  { schemas, objects }: OperationContext,
): RequestBody | undefined {
  if (endpoint.kind === "raw") {
    return methodsWithBody.has(method) ? { required: false, content: { "*/*": {} } } : undefined;
  }
  const body = requestBody({ ...endpoint, fields }, schemas);
  if (body === null) return undefined;
  return { required: !body.optional, content: { "application/json": { schema: objects.of(body.schema) } } };
}

function messagesOf(endpoint: Endpoint, { objects }: OperationContext): Pick<Operation, "x-tenon-messages"> {
  if (!endpoint.kind.startsWith("stream-")) return {};
  const { incoming, outgoing = endpoint.response } = endpoint.messages ?? {};
  const messages: { incoming?: JsonSchema; outgoing?: JsonSchema } = {};
  if (incoming !== undefined) messages.incoming = objects.of(incoming);
  if (outgoing !== undefined) messages.outgoing = objects.of(outgoing);
  return { "x-tenon-messages": messages };
}
