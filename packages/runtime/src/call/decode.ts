// Turns a matched public request into the value the handler takes, or refuses it with everything that is wrong with it.
import type { Issue } from "@tenon/model";
import { admit } from "./admit.ts";
import type { IncomingRequest, RequestHeaders } from "./exchange.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { RawHttpRequest } from "./raw-http-request.ts";
import { readJsonBody } from "./read-body.ts";
import { refineRequest } from "./refine.ts";
import { invalidRequest } from "./request-error.ts";

/** Throws RequestError. A body that the endpoint has no use for is not read. */
export async function decode(
  hosted: HostedEndpoint,
  params: readonly string[],
  headers: RequestHeaders,
  request: IncomingRequest,
): Promise<unknown> {
  const codec = hosted.codec.request;
  let body: unknown;
  if (hosted.readsBody) {
    admit(request, hosted.endpoint.bodyLimitBytes);
    body = await readJsonBody(request, hosted.endpoint.bodyLimitBytes);
  }
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const value = codec.decodeHttp(new RawHttpRequest(request.method, params, request.query, headers, body), issues);
  if (issues.length > 0) throw invalidRequest(hosted.name, issues);
  const schema = hosted.schemas.request;
  return schema === undefined ? value : refineRequest(hosted, schema, value);
}
