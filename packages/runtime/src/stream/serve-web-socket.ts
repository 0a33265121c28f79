// Serves a stream to a client outside: everything that can refuse it does so before the upgrade, as an ordinary HTTP answer.
import { authenticate } from "../call/authenticate.ts";
import { Cancellation } from "../call/cancellation.ts";
import { decode } from "../call/decode.ts";
import { failed } from "../call/invoke.ts";
import { normalizeError } from "../call/normalize-error.ts";
import { RequestError } from "../call/request-error.ts";
import { respondError } from "../call/respond.ts";
import type { PublicCall } from "../call/serve-request.ts";
import { ServedCall } from "../call/served-call.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import { runStream } from "./run-stream.ts";
import { ServingWebSocket } from "./serving-web-socket.ts";

/** Never rejects. */
export async function serveWebSocket(
  call: PublicCall,
  request: UpgradeRequest,
  ownHeaders: Readonly<Record<string, string>>,
): Promise<UpgradeOutcome> {
  const { hosted } = call;
  const served = new ServedCall(hosted, call.parent, call.requestId, undefined, undefined, new Cancellation(undefined));
  const { method, path, query } = request;
  served.outside = { method, path, query, params: call.params, headers: call.headers };
  let handshake: unknown;
  try {
    if (!request.isWebSocket) throw new RequestError("upgrade_required", { endpoint: hosted.name });
    authenticate(hosted, served, call.identity);
    handshake = await decode(hosted, call.params, call.headers, request);
  } catch (error) {
    const response = respondError(normalizeError(failed(served, error)));
    served.end();
    return response;
  }
  const { acceptWebSocket } = await import("./accept-web-socket.ts");
  const socket = request.socket.destroyed
    ? undefined
    : acceptWebSocket(request, hosted.endpoint.bodyLimitBytes, ownHeaders);
  if (socket === undefined) served.end();
  else void runStream(hosted, served, handshake, new ServingWebSocket(socket, hosted, "public"));
  return "taken";
}
