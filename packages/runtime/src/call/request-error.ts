// What the framework itself refuses a request with: an APIError from the catalogue, with the HTTP status that says it best.
import type { Issue } from "@tenon/model";
import { fillMessage, type RequestErrorName, requestErrors } from "../errors.ts";
import { APIError, type ErrDetails } from "./api-error.ts";

type Values = Readonly<Record<string, string | number>>;

export class RequestError extends APIError {
  /** Differs from the code's own status for 405, 408, 413, 415, 431, 501 and 505. */
  readonly status: number;
  /** The endpoint never ran, or nobody can know whether it did: the way to it failed, not the endpoint. */
  readonly isTransportFailure: boolean;

  constructor(name: RequestErrorName, values: Values, cause?: unknown, details?: ErrDetails) {
    const entry = requestErrors[name];
    super(entry.code, fillMessage(entry.message, values), cause as Error | undefined, details);
    this.status = entry.status;
    this.isTransportFailure = name === "service_unreachable" || name === "address_unknown" || name === "stream_broken";
  }
}

const namesItsPlace = /^(path parameter|query parameter|header|body field) "/;

/** "name must be a string" or "3 problems, first: ...": the message of an `invalid_request`. */
function summarize(issues: readonly Issue[]): string {
  const first = issues[0];
  if (first === undefined) return "unknown problem";
  // Problems of HTTP values say themselves where they are: 'query parameter "limit" must be ...'.
  const text =
    first.path === "" || namesItsPlace.test(first.message) ? first.message : `${first.path} ${first.message}`;
  return issues.length === 1 ? text : `${issues.length} problems, the first: ${text}`;
}

/** All that is wrong with a message of a stream, in `details.issues`. */
export function invalidMessage(endpoint: string, issues: readonly Issue[]): RequestError {
  return new RequestError("invalid_message", { endpoint, summary: summarize(issues) }, undefined, { issues });
}

/** All that is wrong with a request's values, in `details.issues`. */
export function invalidRequest(endpoint: string, issues: readonly Issue[]): RequestError {
  return new RequestError("invalid_request", { endpoint, summary: summarize(issues) }, undefined, { issues });
}
