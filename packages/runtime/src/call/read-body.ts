// Reads a request body into memory, up to a limit, and parses it as JSON.
import { isUtf8 } from "node:buffer";
import type { IncomingRequest } from "./exchange.ts";
import { locateJsonError } from "./json-error.ts";
import { RequestError } from "./request-error.ts";

const REPLACEMENT = "\ufffd";
const BYTE_ORDER_MARK = 0xfeff;

/** The parsed body; undefined when there is none. Of equal keys in one object the last counts, as in JSON.parse. */
export async function readJsonBody(request: IncomingRequest, limitBytes: number | null): Promise<unknown> {
  if (!request.hasBody) return undefined;
  return parseJsonBody(await request.readBody(limitBytes));
}

/** undefined when it is empty. Throws RequestError: `body_not_utf8`, `malformed_json`. */
// hot: guarded by bench/door
export function parseJsonBody(bytes: Buffer): unknown {
  if (bytes.length === 0) return undefined;
  const text = bytes.toString();
  // Whatever is not UTF-8 leaves this character; it may also have been sent.
  if (text.includes(REPLACEMENT) && !isUtf8(bytes)) throw new RequestError("body_not_utf8", {});
  return parseJson(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const found = locateJsonError(text);
    if (found === undefined) throw cause;
    throw new RequestError("malformed_json", { reason: found.reason, line: found.line, column: found.column }, cause);
  }
}
