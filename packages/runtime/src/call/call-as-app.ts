// A typed call from the tool that runs the app, for a person at the dashboard: over the door that services use among themselves, with
// values that are JSON already. What comes back is given as it is, errors included.
import { request as sendRequest } from "node:http";
import { Readable } from "node:stream";
import { authHeaders } from "../auth/identity.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import { pathOfCall } from "./call-path.ts";
import { parseAddress } from "./remote.ts";

export interface AppCall {
  /** Of the process that hosts the service: "http://host:port" or "unix:/path.sock". */
  readonly address: string;
  readonly credential: string;
  readonly service: string;
  readonly endpoint: string;
  /** The whole request as JSON; "" when the endpoint takes nothing. */
  readonly body: string;
  readonly traceparent: string;
  /** Whom the call is made for: what the auth handler of that name would have said, as JSON has it. */
  readonly auth?: { readonly handler: string; readonly data: unknown } | undefined;
  readonly signal: AbortSignal;
}

/** Rejects when nobody answers there, and with an APIError for auth data that is too large. */
export async function callAsApp(call: AppCall): Promise<Response> {
  const location = parseAddress(call.address);
  if (location === undefined) throw new TypeError(`"${call.address}" is no address of a process`);
  const path = pathOfCall(call.service, call.endpoint);
  const headers = {
    [CALL_HEADERS.credential]: call.credential,
    traceparent: call.traceparent,
    ...(call.auth === undefined ? {} : authHeaders(call.auth.handler, JSON.stringify(call.auth.data))),
    "content-type": "application/json",
    "content-length": Buffer.byteLength(call.body),
  };
  return new Promise((resolve, reject) => {
    const request = sendRequest({ ...location, path, method: "POST", headers, signal: call.signal }, (incoming) => {
      const shown = Object.entries(incoming.headers).filter(([name]) => !name.startsWith("x-tenon-"));
      const body = Readable.toWeb(incoming) as ReadableStream<Uint8Array>;
      resolve(
        new Response(body, {
          status: incoming.statusCode ?? 500,
          headers: shown.map(([name, value]) => [name, String(value)]),
        }),
      );
    });
    request.on("error", reject);
    request.end(call.body);
  });
}
