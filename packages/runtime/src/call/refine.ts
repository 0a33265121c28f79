// Puts a decoded request, or what a handler returned, through the endpoint's schema where it has one.
import type { Issue } from "@tenon/model";
import { ContractError } from "./encode.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { invalidRequest } from "./request-error.ts";
import { refine, type StandardSchema } from "./standard-schema.ts";

/** What the handler takes. Throws RequestError with all that the schema says against the request. */
export async function refineRequest(
  hosted: HostedEndpoint,
  schema: StandardSchema,
  request: unknown,
): Promise<unknown> {
  const issues: Issue[] = [];
  const refined = await refine(schema, request, issues);
  if (issues.length > 0) throw invalidRequest(hosted.name, issues);
  return refined;
}

/** What goes to the codec. A handler that breaks its own contract is at fault, not its caller. */
export async function refineResponse(hosted: HostedEndpoint, schema: StandardSchema, value: unknown): Promise<unknown> {
  const issues: Issue[] = [];
  const refined = await refine(schema, value, issues);
  if (issues.length > 0) throw new ContractError(hosted, issues);
  return refined;
}
