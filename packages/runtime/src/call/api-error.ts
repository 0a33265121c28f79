// The error a handler throws to answer with a code of its choice, and the one a caller gets, whatever process it came from.
// The surface is Encore's; it must stay so.
import type { ErrorCode } from "@tenon/model";

/** The codes by name. `ErrCode.NotFound` is "not_found", which is also what travels. */
export const ErrCode = {
  /** Not an error. */
  OK: "ok",
  /** The caller went away. */
  Canceled: "canceled",
  Unknown: "unknown",
  /** The request is wrong whatever the state of the system. */
  InvalidArgument: "invalid_argument",
  DeadlineExceeded: "deadline_exceeded",
  NotFound: "not_found",
  AlreadyExists: "already_exists",
  /** The caller is known and may not do this. */
  PermissionDenied: "permission_denied",
  /** A quota or limit is used up. */
  ResourceExhausted: "resource_exhausted",
  /** The system's state does not allow it; trying again does not help until the state changes. */
  FailedPrecondition: "failed_precondition",
  /** A conflict with something concurrent; trying again from the start may help. */
  Aborted: "aborted",
  OutOfRange: "out_of_range",
  Unimplemented: "unimplemented",
  Internal: "internal",
  /** Could not be reached just now; trying again may help. */
  Unavailable: "unavailable",
  DataLoss: "data_loss",
  /** The caller is not known. */
  Unauthenticated: "unauthenticated",
} as const satisfies Record<string, ErrorCode>;

export type ErrCode = (typeof ErrCode)[keyof typeof ErrCode];

/** JSON that goes with an error to whoever called. */
// biome-ignore lint/suspicious/noExplicitAny: Encore's public type; users read fields of it without a cast
export type ErrDetails = Record<string, any>;

/** An error with a code, sent to the caller as `{ code, message, details }`. The cause stays in this process: it is only logged and traced. */
export class APIError extends Error {
  override readonly name: string = "APIError";
  readonly code: ErrCode;
  readonly details: ErrDetails | undefined;

  constructor(code: ErrCode, message: string, cause?: Error, details?: ErrDetails) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.details = details;
  }

  /** The same error with these details. */
  withDetails(details: ErrDetails): APIError {
    return new APIError(this.code, this.message, this.cause as Error | undefined, details);
  }

  static canceled(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Canceled, message, cause);
  }
  static unknown(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unknown, message, cause);
  }
  static invalidArgument(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.InvalidArgument, message, cause);
  }
  static deadlineExceeded(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.DeadlineExceeded, message, cause);
  }
  static notFound(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.NotFound, message, cause);
  }
  static alreadyExists(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.AlreadyExists, message, cause);
  }
  static permissionDenied(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.PermissionDenied, message, cause);
  }
  static resourceExhausted(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.ResourceExhausted, message, cause);
  }
  static failedPrecondition(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.FailedPrecondition, message, cause);
  }
  static aborted(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Aborted, message, cause);
  }
  static outOfRange(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.OutOfRange, message, cause);
  }
  static unimplemented(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unimplemented, message, cause);
  }
  static internal(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Internal, message, cause);
  }
  static unavailable(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unavailable, message, cause);
  }
  static dataLoss(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.DataLoss, message, cause);
  }
  static unauthenticated(message: string, cause?: Error): APIError {
    return new APIError(ErrCode.Unauthenticated, message, cause);
  }
}
