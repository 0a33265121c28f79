// The stage before decoding: an endpoint that wants an authenticated caller refuses everybody else, from outside and from other services
// alike. Who the caller is was found out before, at the gateway or by the calling service.
import type { Identity } from "../auth/identity.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { RequestError } from "./request-error.ts";
import type { ServedCall } from "./served-call.ts";

/** Notes for whom the call is made. Throws RequestError `authentication_required`. */
export function authenticate(hosted: HostedEndpoint, served: ServedCall, identity: Identity | undefined): void {
  if (identity === undefined) {
    if (hosted.endpoint.auth) throw new RequestError("authentication_required", { endpoint: hosted.name });
    return;
  }
  served.identity = identity;
  if (identity.userId !== undefined) served.span.set("enduser.id", identity.userId);
}
