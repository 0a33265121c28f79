// The stage before decoding: an endpoint that wants an authenticated caller refuses everybody else from outside. There are no
// authentication handlers yet, so nobody from outside is authenticated; what must not be public is at least not served.
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { RequestError } from "./request-error.ts";

/** Throws RequestError `authentication_required`. */
export function authenticate(hosted: HostedEndpoint): void {
  if (hosted.endpoint.auth) throw new RequestError("authentication_required", { endpoint: hosted.name });
}
