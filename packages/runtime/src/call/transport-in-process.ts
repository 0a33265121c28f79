// A typed call to an endpoint of this process: checked copies both ways, no JSON and no socket, the same outcome as over HTTP.
import type { Issue } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { APIError } from "./api-error.ts";
import { authenticate } from "./authenticate.ts";
import type { Cancellation } from "./cancellation.ts";
import type { CallContext } from "./context.ts";
import { copyResponse } from "./encode.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, invoke } from "./invoke.ts";
import { errorForCaller } from "./normalize-error.ts";
import { recordResponseValue } from "./record-payload.ts";
import { refineRequest } from "./refine.ts";
import { newRequestId } from "./request-id.ts";
import { invalidRequest } from "./request-error.ts";
import { ServedCall } from "./served-call.ts";

// hot: guarded by bench/call
export async function callInProcess(
  hosted: HostedEndpoint,
  request: unknown,
  span: RecordingSpan,
  parent: CallContext | undefined,
  deadlineAt: number,
  cancellation: Cancellation,
  /** undefined: for nobody that is known. */
  identity?: Identity,
): Promise<unknown> {
  const copied = copyRequest(hosted, request);
  const schema = hosted.schemas.request;
  const input = schema === undefined ? copied : await refineRequest(hosted, schema, copied);
  const requestId = parent === undefined ? newRequestId() : parent.requestId;
  const served = new ServedCall(hosted, span, requestId, deadlineAt, parent?.service, cancellation);
  try {
    admit(hosted, served, identity);
    const response = await invoke(hosted, served, input, copyResponse);
    recordResponseValue(served, response);
    return response;
  } catch (error) {
    throw errorForCaller(error as APIError, hosted.codec.errors);
  } finally {
    served.end();
  }
}

/** Throws the refusal of who may not call. */
export function admit(hosted: HostedEndpoint, served: ServedCall, identity: Identity | undefined): void {
  try {
    authenticate(hosted, served, identity);
  } catch (error) {
    throw failed(served, error);
  }
}

/** Throws RequestError `invalid_request`. */
export function copyRequest(hosted: HostedEndpoint, request: unknown): unknown {
  const codec = hosted.codec.request;
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const input = codec.copy(request, issues);
  if (issues.length > 0) throw invalidRequest(hosted.name, issues);
  return input;
}
