// What this server itself answers, for the want of a request or of anybody's answer to one.
import type { OutgoingResponse } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";
import { newRequestId } from "../call/request-id.ts";
import { respondError } from "../call/respond.ts";
import { log } from "../log/log.ts";
import { FastRequest } from "./fast-request.ts";
import { FramingError } from "./framing-error.ts";
import { readFraming } from "./read-framing.ts";

/** For bytes that are no request, or not all of one. */
export function respondRefusal(error: unknown, headerLimitBytes: number): OutgoingResponse {
  if (!(error instanceof FramingError)) return respondFailure(error);
  return respondError(refusal(error, headerLimitBytes), { "x-request-id": newRequestId() });
}

/** For a request that has not all arrived in time. */
export function respondTooSlow(): OutgoingResponse {
  return respondError(new RequestError("request_too_slow", {}), { "x-request-id": newRequestId() });
}

/** For a request whose answer could not be made or sent. */
export function respondFailure(error: unknown): OutgoingResponse {
  log.error(error, "a request could not be answered");
  return respondError(new RequestError("internal_error", {}));
}

/** Stands in the order of requests for bytes that are none, so that what came before is answered first. */
export function requestRefused(): FastRequest {
  return new FastRequest("", [], readFraming("", []), "", 0);
}

function refusal(error: FramingError, limitBytes: number): RequestError {
  const reason = error.message;
  switch (error.status) {
    case 431:
      return new RequestError("headers_too_large", { limitBytes });
    case 501:
      return new RequestError("transfer_coding_unsupported", { reason });
    case 505:
      return new RequestError("http_version_unsupported", { reason });
    default:
      return new RequestError("malformed_request", { reason });
  }
}
