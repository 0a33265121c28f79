// Makes answers: JSON, empty, and errors, the latter always with all three of code, message and details.
import type { APIError } from "./api-error.ts";
import type { OutgoingResponse } from "./exchange.ts";
import { statusOf, toErrorBody } from "./normalize-error.ts";

const JSON_TYPE = "application/json";

/** `body` is JSON text; undefined answers 200 with nothing. */
export function respond(body: string | undefined, headers: Record<string, string | string[]> = {}): OutgoingResponse {
  if (body === undefined) return { status: 200, headers, body: "" };
  headers["content-type"] = JSON_TYPE;
  return { status: 200, headers, body };
}

export function respondError(error: APIError, headers: Record<string, string | string[]> = {}): OutgoingResponse {
  headers["content-type"] = JSON_TYPE;
  return { status: statusOf(error), headers, body: JSON.stringify(toErrorBody(error)) };
}
