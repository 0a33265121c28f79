// Reads a request body into memory, up to a limit, and parses it as JSON.
import { isUtf8 } from "node:buffer";
import type { IncomingRequest } from "./exchange.ts";
import { locateJsonError } from "./json-error.ts";
import { RequestError } from "./request-error.ts";

/** The parsed body; undefined when there is none. Of equal keys in one object the last counts, as in JSON.parse. */
export async function readJsonBody(request: IncomingRequest, limitBytes: number | null): Promise<unknown> {
  if (!request.hasBody) return undefined;
  const bytes = await request.readBody(limitBytes);
  if (bytes.length === 0) return undefined;
  if (!isUtf8(bytes)) throw new RequestError("body_not_utf8", {});
  const hasByteOrderMark = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  return parseJson(bytes.toString("utf8", hasByteOrderMark ? 3 : 0));
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
