// Serves a stream to another service of the app, at /__tenon/call/<service>/<endpoint>.
import type { Issue } from "@tenon/model";
import type { AuthBook } from "../auth/auth-book.ts";
import { authenticate } from "../call/authenticate.ts";
import { Cancellation } from "../call/cancellation.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { failed } from "../call/invoke.ts";
import { invalidRequest } from "../call/request-error.ts";
import { nameOfCall } from "../call/call-path.ts";
import { openCall, refuseCall } from "../call/serve-call.ts";
import { mustUpgrade } from "../call/serve-upgrade.ts";
import type { UpgradeOutcome, UpgradeRequest } from "../call/upgrade-request.ts";
import { runStream } from "./run-stream.ts";
import { ServingWebSocket } from "./serving-web-socket.ts";

/** Never rejects. */
export async function serveStreamCall(
  hosted: ReadonlyMap<string, HostedEndpoint>,
  auth: AuthBook,
  request: UpgradeRequest,
): Promise<UpgradeOutcome> {
  const target = hosted.get(nameOfCall(request.path));
  if (target === undefined || !mustUpgrade(target.endpoint)) return refuseCall(request.path);
  const served = openCall(target, request, new Cancellation(undefined), "no deadline");
  const { acceptWebSocket } = await import("./accept-web-socket.ts");
  const socket = acceptWebSocket(request, null, {});
  if (socket === undefined) {
    served.end();
    return "taken";
  }
  const port = new ServingWebSocket(socket, target, "internal");
  const text = await port.handshake();
  if (text === undefined) {
    served.end();
    return "taken";
  }
  try {
    authenticate(target, served, auth.identityFrom(request.headers));
    const handshake = decodeHandshake(target, text);
    port.open();
    void runStream(target, served, handshake, port);
  } catch (error) {
    port.fail(failed(served, error));
    served.end();
  }
  return "taken";
}

/** The sender has checked the value against the same contract. */
function decodeHandshake(target: HostedEndpoint, text: string): unknown {
  const codec = target.codec.request;
  if (codec === null) return undefined;
  const issues: Issue[] = [];
  const input = codec.decode(JSON.parse(text), issues);
  if (issues.length > 0) throw invalidRequest(target.name, issues);
  return input;
}
