// Headers that a browser cannot set on a WebSocket itself and therefore names as a subprotocol: `encore.dev.headers.` or
// `tenon.headers.` and a JSON object in base64url. Only those that `fetch` would let a page set are taken.
import { headerOf, type RequestHeaders } from "../call/exchange.ts";
import { INTERNAL_PREFIX } from "../call/call-headers.ts";
import { RequestError } from "../call/request-error.ts";

const PREFIXES = ["encore.dev.headers.", "tenon.headers."];
const NAME = /^[!#$%&'*+\-.^_`|~\w]+$/;
const VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
/** Forbidden request headers of the Fetch standard, and those that only processes of the app or its gateway may set. */
const FORBIDDEN = new Set(
  (
    "accept-charset accept-encoding access-control-request-headers access-control-request-method connection content-length cookie " +
    "date dnt expect host keep-alive origin permissions-policy referer te trailer transfer-encoding upgrade via traceparent tracestate " +
    "forwarded x-forwarded-for x-forwarded-proto x-forwarded-host x-request-id"
  ).split(" "),
);

/** The subprotocols a client offers that are protocols. */
export function offeredProtocols(headers: RequestHeaders): string[] {
  return listOf(headers).filter((protocol) => !isHeaders(protocol));
}

export function isHeaders(protocol: string): boolean {
  return PREFIXES.some((prefix) => protocol.startsWith(prefix));
}

/** The same headers with those that stand in a subprotocol; these win. Throws RequestError `malformed_request`. */
export function withProtocolHeaders(headers: Record<string, string | string[]>): Record<string, string | string[]> {
  const merged = headers;
  for (const protocol of listOf(headers).filter(isHeaders)) {
    for (const [name, value] of Object.entries(parse(protocol))) merged[name] = value;
  }
  return merged;
}

function listOf(headers: RequestHeaders): string[] {
  const offered = headerOf(headers, "sec-websocket-protocol") ?? "";
  return offered.split(",").map((protocol) => protocol.trim());
}

function parse(protocol: string): Record<string, string> {
  const prefix = PREFIXES.find((candidate) => protocol.startsWith(candidate))!;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(protocol.slice(prefix.length), "base64url").toString("utf8"));
  } catch (error) {
    throw new RequestError("malformed_request", { reason: `the headers in "${prefix}" are no JSON` }, error);
  }
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw refused(prefix, "they must be an object");
  const headers: Record<string, string> = {};
  for (const [written, text] of Object.entries(value)) {
    const name = written.toLowerCase();
    const isForbidden =
      FORBIDDEN.has(name) || name.startsWith("sec-") || name.startsWith("proxy-") || name.startsWith(INTERNAL_PREFIX);
    if (!NAME.test(name) || isForbidden) throw refused(prefix, `${JSON.stringify(written)} cannot be set this way`);
    if (typeof text !== "string" || !VALUE.test(text)) throw refused(prefix, `the value of ${name} is none`);
    headers[name] = text;
  }
  return headers;
}

function refused(prefix: string, reason: string): RequestError {
  return new RequestError("malformed_request", { reason: `the headers in "${prefix}" are not usable: ${reason}` });
}
