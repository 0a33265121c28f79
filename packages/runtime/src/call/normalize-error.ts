// The one place where anything thrown becomes an error with a code. What is not an APIError is `internal` with a fixed message; the
// original goes to log and span only.
import { type EndpointCodec, type ErrorBody, type ErrorCode, httpStatusOf, type Issue } from "@tenon/model";
import { CacheError, cacheErrors } from "../cache/errors.ts";
import { DatabaseError } from "../data/errors.ts";
import { log } from "../log/log.ts";
import { ObjectsError, objectsErrors } from "../objects/errors.ts";
import { describeException } from "../telemetry/exception-event.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { APIError, type ErrDetails } from "./api-error.ts";
import { type CallContext, runInCall } from "./context.ts";
import { RequestError } from "./request-error.ts";

/** Codes that mean the service failed, not that the request was wrong (OpenTelemetry's rule for RPC servers). */
const FAULTS: ReadonlySet<string> = new Set([
  "unknown",
  "deadline_exceeded",
  "unimplemented",
  "internal",
  "unavailable",
  "data_loss",
]);

/** What went wrong in a database and is worth a caller's while: the same call may succeed later. Everything else is `internal`. */
const DATABASE_MESSAGES: Partial<Record<ErrorCode, string>> = {
  unavailable: "a database is not available at the moment",
  deadline_exceeded: "a database did not answer before the deadline",
  canceled: "the call was canceled while a database worked on it",
  aborted: "a database gave up a transaction that got in the way of another one",
};

/** What the caller may see of anything thrown: the APIError itself, or one with a fixed message and the original as its cause. */
export function normalizeError(thrown: unknown): APIError {
  if (thrown instanceof APIError) return thrown;
  const message = thrown instanceof DatabaseError ? DATABASE_MESSAGES[thrown.status] : undefined;
  if (thrown instanceof DatabaseError && message !== undefined) return new APIError(thrown.status, message, thrown);
  if (thrown instanceof CacheError && thrown.status !== "internal")
    return new APIError(thrown.status, cacheErrors[thrown.code].message, thrown);
  if (thrown instanceof ObjectsError && thrown.status !== "internal")
    return new APIError(thrown.status, objectsErrors[thrown.code].message, thrown);
  return new RequestError("internal_error", {}, thrown);
}

export function isUnexpected(thrown: unknown): boolean {
  return !(thrown instanceof APIError);
}

/** Writes the outcome into a span: the code always, the error with its stack only when the service is at fault. */
export function recordError(span: RecordingSpan, thrown: unknown): void {
  const { code, type, cause } = normalizeError(thrown);
  span.set("tenon.error.code", code);
  if (type !== undefined) span.set("tenon.error.type", type);
  if (FAULTS.has(code)) {
    span.fail(thrown);
    return;
  }
  span.set("tenon.error.message", (thrown as APIError).message);
  // The caller never sees why; who looks at the trace does.
  if (cause !== undefined) span.event("exception", describeException(thrown));
}

/** Logs what nobody outside will ever see, with the trace of the call it happened in. */
export function logUnexpected(context: CallContext, thrown: unknown): void {
  runInCall(context, () => log.error(thrown, `${context.service}.${context.endpoint} failed with an unexpected error`));
}

/** Codecs of the details of the errors that an endpoint declares, by their type. */
export type ErrorCodecs = EndpointCodec["errors"];

/** What crosses to the caller. */
export function toErrorBody(error: APIError, codecs?: ErrorCodecs): ErrorBody {
  const { code, message, type } = error;
  const details = declaredDetails(error, codecs, "encode") ?? copyDetails(error) ?? null;
  return type === undefined ? { code, message, details } : { code, message, details, type };
}

/** The same error as a caller in another process would get it: details as JSON gives them, those of declared errors as declared. */
export function errorForCaller(error: APIError, codecs?: ErrorCodecs): APIError {
  const details = declaredDetails(error, codecs, "copy") ?? copyDetails(error);
  return new APIError(error.code, error.message, undefined, details as ErrDetails | undefined, error.type);
}

/** The error that another process has answered with. */
export function errorFromBody(body: ErrorBody, codecs?: ErrorCodecs): APIError {
  const { code, message, type } = body;
  const codec = type === undefined ? undefined : codecs?.[type];
  const issues: Issue[] = [];
  const details = codec?.decode(body.details, issues);
  const known = codec === undefined || issues.length > 0 ? (body.details ?? undefined) : details;
  return new APIError(code, message, undefined, known as ErrDetails | undefined, type);
}

/** undefined: the error is not declared, or its details are not what was declared; they then travel as JSON. */
function declaredDetails(error: APIError, codecs: ErrorCodecs, way: "encode" | "copy"): unknown {
  const codec = error.type === undefined ? undefined : codecs?.[error.type];
  if (codec === undefined) return undefined;
  const issues: Issue[] = [];
  const details = codec[way](error.details, issues);
  if (issues.length === 0) return details;
  const reason = issues.map(({ path, message }) => `${path === "" ? "they" : path} ${message}`).join("; ");
  log.warn(`the details of an error of type ${error.type} are not what it declares`, { reason });
  return undefined;
}

export function statusOf(error: APIError): number {
  return error instanceof RequestError ? error.status : httpStatusOf[error.code];
}

/** Details as JSON; a bigint becomes its decimal string, as everywhere on the wire. What JSON cannot hold is left out, with a warning. */
function copyDetails(error: APIError): ErrDetails | undefined {
  if (error.details === undefined || error.details === null) return undefined;
  try {
    const text = JSON.stringify(error.details, (_key, value: unknown) =>
      typeof value === "bigint" ? value.toString() : value,
    );
    return text === undefined ? undefined : (JSON.parse(text) as ErrDetails);
  } catch (cause) {
    log.warn(
      `the details of an APIError (${error.code}: ${error.message}) cannot be written as JSON and were left out`,
      {
        reason: cause instanceof Error ? cause.message : String(cause),
      },
    );
    return undefined;
  }
}
