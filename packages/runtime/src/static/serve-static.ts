// Serves one request with a folder of files of this process: context, authenticate, find, respond.
import { authenticate } from "../call/authenticate.ts";
import { Cancellation } from "../call/cancellation.ts";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { failed } from "../call/invoke.ts";
import { normalizeError } from "../call/normalize-error.ts";
import { respondError } from "../call/respond.ts";
import type { PublicCall } from "../call/serve-request.ts";
import { ServedCall } from "../call/served-call.ts";
import type { FileRequest, ServeFile } from "./static-folder.ts";

/** Never rejects: what goes wrong is in the response. */
export async function serveStatic(call: PublicCall, request: IncomingRequest): Promise<OutgoingResponse> {
  const { hosted, headers } = call;
  const cancellation = new Cancellation(undefined);
  const served = new ServedCall(hosted, call.parent, call.requestId, undefined, undefined, cancellation);
  try {
    authenticate(hosted, served, call.identity);
    const { method, path, query } = request;
    const serve = hosted.handler as ServeFile;
    const response = await serve({ method, path, query, headers, rest: restOf(call) } satisfies FileRequest);
    served.span.set("http.response.status_code", response.status);
    return response;
  } catch (error) {
    return respondError(normalizeError(failed(served, error)));
  } finally {
    served.end();
  }
}

/** What the wildcard or fallback at the end of the path stands for; "" without one. */
function restOf({ hosted, params }: PublicCall): string {
  const last = hosted.endpoint.path.segments.at(-1);
  return last === undefined || last.kind === "literal" ? "" : (params.at(-1) ?? "");
}
