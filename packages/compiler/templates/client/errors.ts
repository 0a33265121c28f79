// What a call can fail with.

/** The codes of errors, as the app sends them. */
export const ErrCode = {
  OK: "ok",
  Canceled: "canceled",
  Unknown: "unknown",
  InvalidArgument: "invalid_argument",
  DeadlineExceeded: "deadline_exceeded",
  NotFound: "not_found",
  AlreadyExists: "already_exists",
  PermissionDenied: "permission_denied",
  ResourceExhausted: "resource_exhausted",
  FailedPrecondition: "failed_precondition",
  Aborted: "aborted",
  OutOfRange: "out_of_range",
  Unimplemented: "unimplemented",
  Internal: "internal",
  Unavailable: "unavailable",
  DataLoss: "data_loss",
  Unauthenticated: "unauthenticated",
} as const;

export type ErrCode = (typeof ErrCode)[keyof typeof ErrCode];

/** The body of an error as the app sends it. */
export interface APIErrorResponse {
  code: ErrCode;
  message: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the endpoint gives
  details?: any;
}

/** A call that did not give a result: the app refused it, or it was not reached (`unavailable`), or not in time (`deadline_exceeded`). */
export class APIError extends Error {
  /** Of the HTTP response; 0 when there was none. */
  readonly status: number;
  readonly code: ErrCode;
  /** What the endpoint says about it; of `invalid_argument` often `{ issues }`, one for each wrong place. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever JSON the endpoint gives
  readonly details?: any;
  /** Finds the request in the app's logs. */
  readonly requestId: string | undefined;

  constructor(
    status: number,
    response: APIErrorResponse,
    options: { cause?: unknown; requestId?: string | null } = {},
  ) {
    super(response.message, options.cause === undefined ? undefined : { cause: options.cause });
    Object.defineProperty(this, "name", { value: "APIError", configurable: true });
    this.status = status;
    this.code = response.code;
    this.details = response.details;
    this.requestId = options.requestId ?? undefined;
  }
}

/** An error of a known code, whose details have a known type. */
export interface APIErrorOf<Code extends ErrCode, Details> extends APIError {
  readonly code: Code;
  readonly details: Details;
}

/**
 * Whether a call failed with an answer of the app, or without one. With a type argument, for example `isAPIError<users.GetError>(error)`,
 * a look at `code` tells the type of `details`.
 */
export function isAPIError<Known extends APIError = APIError>(error: unknown): error is Known {
  return error instanceof APIError;
}

export function isErrCode(value: unknown): value is ErrCode {
  return Object.values(ErrCode).includes(value as ErrCode);
}

export function isErrorResponse(value: unknown): value is APIErrorResponse {
  if (typeof value !== "object" || value === null) return false;
  return "code" in value && isErrCode(value.code) && "message" in value && typeof value.message === "string";
}

/** Servers in front of the app answer in their own words. */
export function errorFromText(status: number, text: string, requestId: string | null): APIError {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  if (isErrorResponse(body)) return new APIError(status, body, { requestId });
  const said = text.trim().slice(0, 200);
  const message = `the request failed with status ${status}${said === "" ? "" : `: ${said}`}`;
  return new APIError(status, { code: codeOfStatus(status), message, details: null }, { requestId });
}

function codeOfStatus(status: number): ErrCode {
  if (status === 401) return ErrCode.Unauthenticated;
  if (status === 403) return ErrCode.PermissionDenied;
  if (status === 404) return ErrCode.NotFound;
  if (status === 429) return ErrCode.ResourceExhausted;
  return status === 502 || status === 503 ? ErrCode.Unavailable : ErrCode.Unknown;
}
