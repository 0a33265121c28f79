// Runs the user's function for one call: inside its context, stopped from being waited for when the call is cancelled, its error
// normalised, its result given to `finish` (encode or copy) while the endpoint's span is still open.
import type { HandlerResponse } from "../middleware/handler-response.ts";
import { MiddlewareRequest } from "../middleware/middleware-request.ts";
import { runMiddleware } from "../middleware/run-middleware.ts";
import type { APIError } from "./api-error.ts";
import { awaitInCall, runInCall } from "./context.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { isUnexpected, logUnexpected, normalizeError, recordError } from "./normalize-error.ts";
import { recordRequest } from "./record-payload.ts";
import { refineResponse } from "./refine.ts";
import type { ServedCall } from "./served-call.ts";
import { untilCanceled } from "./until-canceled.ts";

/** `response`: what middleware has to say besides the value. */
export type Finish<Out> = (hosted: HostedEndpoint, value: unknown, response?: HandlerResponse) => Out;

/** Throws only APIErrors. Logs and records what went wrong. Does not end the span. */
// hot: guarded by bench/call
export async function invoke<Out>(
  hosted: HostedEndpoint,
  served: ServedCall,
  request: unknown,
  finish: Finish<Out>,
  stream?: unknown,
): Promise<Out> {
  served.payload = request;
  recordRequest(served, request);
  try {
    if (served.cancellation.reason !== undefined) throw served.cancellation.reason;
    const { handler, middlewares } = hosted;
    const handle = () => (stream === undefined ? handler(request) : hosted.handleStream(request, stream));
    if (middlewares.length > 0) {
      const seen = new MiddlewareRequest(served, { stream });
      const answering = runInCall(served, () => runMiddleware(middlewares, seen, handle));
      const response = await untilCanceled(answering, served.cancellation);
      return finish(hosted, await refined(hosted, response.payload), response);
    }
    const returned = runInCall(served, handle);
    const value = isPromise(returned)
      ? await untilCanceled(promiseIn(served, returned), served.cancellation)
      : returned;
    return finish(hosted, hosted.schemas.response === undefined ? value : await refined(hosted, value));
  } catch (thrown) {
    throw failed(served, thrown);
  }
}

async function refined(hosted: HostedEndpoint, value: unknown): Promise<unknown> {
  const schema = hosted.schemas.response;
  return schema === undefined ? value : refineResponse(hosted, schema, value);
}

/** A promise runs already; what is only like one may begin when it is waited for. */
export function promiseIn(served: ServedCall, returned: PromiseLike<unknown>): Promise<unknown> {
  return returned instanceof Promise ? returned : awaitInCall(served, returned);
}

/** Records a failure in the endpoint's span and, when unexpected, in the log; gives what may be shown of it. */
export function failed(served: ServedCall, thrown: unknown): APIError {
  recordError(served.span, thrown);
  if (isUnexpected(thrown)) logUnexpected(served, thrown);
  const error = normalizeError(thrown);
  served.code = error.code;
  return error;
}

export function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
