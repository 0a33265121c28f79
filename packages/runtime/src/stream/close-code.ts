// How the end of a stream is told in a close frame (RFC 6455, 7.4): a code, and the error as JSON as far as it fits.
import type { APIError } from "../call/api-error.ts";
import { statusOf } from "../call/normalize-error.ts";

export const CLOSE = {
  normal: 1000,
  /** The process stops, or the page was left. */
  goingAway: 1001,
  /** A close frame without a code. */
  none: 1005,
  /** No close frame at all. */
  lost: 1006,
  /** Also: a message that does not match its type. */
  invalidMessage: 1007,
  tooLarge: 1009,
  /** The service is at fault. */
  failed: 1011,
} as const;

/** Codes from 4000 on belong to applications. */
const APPLICATION = 4000;
const FIRST_SERVER_STATUS = 500;
/** RFC 6455, 5.5: 125 bytes for a control frame, of which two are the code. */
const MAX_REASON_BYTES = 123;

/** 4000 and the HTTP status for what the caller is at fault for, 1011 for the rest. */
export function closeCodeOf(error: APIError): number {
  const status = statusOf(error);
  return status < FIRST_SERVER_STATUS ? APPLICATION + status : CLOSE.failed;
}

/** `{"code","message"}`, the message cut to what fits. */
export function closeReasonOf({ code, message }: APIError): string {
  const characters = [...message.slice(0, MAX_REASON_BYTES)];
  for (;;) {
    const reason = JSON.stringify({ code, message: characters.join("") });
    if (Buffer.byteLength(reason) <= MAX_REASON_BYTES) return reason;
    characters.pop();
  }
}
