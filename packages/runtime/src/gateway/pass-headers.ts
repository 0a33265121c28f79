// Which headers a gateway hands on, in both directions: all but those that belong to one connection (RFC 9110, 7.6.1), those that only
// processes of the app say to each other, and those the gateway sets itself.
import { INTERNAL_PREFIX } from "../call/call-headers.ts";
import { headerOf, type RequestHeaders } from "../call/exchange.ts";

const HOP_BY_HOP: ReadonlySet<string> = new Set([
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
  // Goes on only while nobody has answered it.
  "expect",
]);

const OWN_OF_REQUEST: ReadonlySet<string> = new Set(["traceparent", "tracestate"]);
const SET_BY_GATEWAY: ReadonlySet<string> = new Set([
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-forwarded-host",
  "x-request-id",
]);
const OWN_OF_ANSWER: ReadonlySet<string> = new Set(["x-request-id", "traceresponse", "date"]);

export function passRequestHeaders(headers: RequestHeaders): Record<string, string | string[]> {
  return pass(headers, OWN_OF_REQUEST);
}

export function passAnswerHeaders(headers: RequestHeaders): Record<string, string | string[]> {
  return pass(headers, OWN_OF_ANSWER);
}

function pass(headers: RequestHeaders, own: ReadonlySet<string>): Record<string, string | string[]> {
  const perConnection = namedByConnection(headerOf(headers, "connection"));
  const passed: Record<string, string | string[]> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value === undefined || HOP_BY_HOP.has(name) || own.has(name) || perConnection.has(name)) continue;
    if (!name.startsWith(INTERNAL_PREFIX)) passed[name] = value;
  }
  return passed;
}

/** The header that says which others belong to the connection; those that the gateway sets are not the client's to take away. */
function namedByConnection(value: string | undefined): ReadonlySet<string> {
  if (value === undefined || value === "keep-alive") return HOP_BY_HOP;
  const names = value.split(",").map((name) => name.trim().toLowerCase());
  return new Set(names.filter((name) => !SET_BY_GATEWAY.has(name)));
}
