// Makes answers: JSON, empty, and errors, the latter always with all three of code, message and details.
import type { APIError } from "./api-error.ts";
import type { OutgoingResponse } from "./exchange.ts";
import { fillMessage, type RequestErrorName, requestErrors } from "../errors.ts";
import { type ErrorCodecs, statusOf, toErrorBody } from "./normalize-error.ts";

const JSON_TYPE = "application/json";

/** RFC 9110: answers of which the status says that there is no content. */
const BODYLESS: ReadonlySet<number> = new Set([204, 205, 304]);

/** `body` is JSON text; undefined answers with nothing. */
export function respond(
  body: string | undefined,
  headers: Record<string, string | string[]> = {},
  status = 200,
): OutgoingResponse {
  if (BODYLESS.has(status)) return { status, headers, body: null };
  if (body === undefined) return { status, headers, body: "" };
  headers["content-type"] ??= JSON_TYPE;
  return { status, headers, body };
}

/** `codecs`: of the errors that the endpoint declares. */
export function respondError(
  error: APIError,
  headers: Record<string, string | string[]> = {},
  codecs?: ErrorCodecs,
): OutgoingResponse {
  headers["content-type"] = JSON_TYPE;
  return { status: statusOf(error), headers, body: JSON.stringify(toErrorBody(error, codecs)) };
}

/** What `respondError` makes of a RequestError, for refusals that nobody catches or traces: an Error costs several microseconds. */
export function respondRefusal(
  name: RequestErrorName,
  values: Readonly<Record<string, string | number>>,
  headers: Record<string, string | string[]> = {},
): OutgoingResponse {
  const { code, status, message } = requestErrors[name];
  headers["content-type"] = JSON_TYPE;
  return { status, headers, body: JSON.stringify({ code, message: fillMessage(message, values), details: null }) };
}
