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

declare const contract: unique symbol;

/** An error of a type that endpoints can declare. */
export interface DefinedError<Code extends ErrCode, Type extends string, Details extends object> extends APIError {
  readonly code: Code;
  readonly type: Type;
  details: Details;
  readonly [contract]: { readonly code: Code; readonly type: Type; readonly details: Details };
}

/** What `APIError.define` gives: a class to extend with the type of the details. */
export interface DefinedErrorClass<Code extends ErrCode, Type extends string> {
  // biome-ignore lint/complexity/noBannedTypes: an error without details is the usual one
  new <Details extends object = {}>(
    message: string,
    ...rest: keyof Details extends never ? [details?: Details, cause?: Error] : [details: Details, cause?: Error]
  ): DefinedError<Code, Type, Details>;
}

/** An error with a code, sent to the caller as `{ code, message, details }`. The cause stays in this process: it is only logged and traced. */
export class APIError extends Error {
  readonly code: ErrCode;
  details: ErrDetails | undefined;
  /** Of an error that an endpoint declares (`APIError.define`): which one; undefined for all others. */
  readonly type: string | undefined;

  constructor(code: ErrCode, message: string, cause?: Error, details?: ErrDetails, type?: string) {
    super(message, cause === undefined ? undefined : { cause });
    // As with the errors of JavaScript itself, it does not show among the fields.
    Object.defineProperty(this, "name", { value: "APIError", configurable: true, writable: true });
    this.code = code;
    this.details = details;
    this.type = type;
  }

  /** Adds details to the error and gives it back. */
  withDetails(details: ErrDetails): this {
    this.details = details;
    return this;
  }

  /**
   * Makes an error with details of its own type, which an endpoint can declare. `type` is a word by which callers know it, also those in
   * other languages; `instanceof` knows it by that in callers of other services, too.
   *
   * ```ts
   * export class OutOfStock extends APIError.define("failed_precondition", "out_of_stock")<{ left: number }> {}
   * export const order = api({ errors: [OutOfStock] }, async () => {
   *   throw new OutOfStock("only two are left", { left: 2 });
   * });
   * ```
   */
  static define<Code extends ErrCode, Type extends string>(code: Code, type: Type): DefinedErrorClass<Code, Type> {
    class DefinedAPIError extends APIError {
      static override [Symbol.hasInstance](value: unknown): boolean {
        return value instanceof APIError && value.type === type;
      }

      constructor(message: string, details?: ErrDetails, cause?: Error) {
        super(code, message, cause, details, type);
      }
    }
    return DefinedAPIError as unknown as DefinedErrorClass<Code, Type>;
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
