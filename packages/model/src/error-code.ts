// The codes a service answers with, their numbers as HTTP status (reference: the gRPC status names), and the wire form.

export const httpStatusOf = {
  ok: 200,
  canceled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
} as const satisfies Record<string, number>;

export type ErrorCode = keyof typeof httpStatusOf;

export function isErrorCode(value: unknown): value is ErrorCode {
  return typeof value === "string" && Object.hasOwn(httpStatusOf, value);
}

/** The body of every error response. */
export interface ErrorBody {
  readonly code: ErrorCode;
  readonly message: string;
  /** JSON; null when there are none. Validation failures: `{ issues: Issue[] }`. */
  readonly details: unknown;
  /** Only of errors that an endpoint declares: which of them it is. */
  readonly type?: string;
}

/** One thing wrong with a value. */
export interface Issue {
  /** Where in the value: "lines[0].quantity"; "" is the value itself. */
  readonly path: string;
  /** A stable word: see docs/reference/errors.md. */
  readonly code: IssueCode;
  /** For people: "must be a number, got a string". */
  readonly message: string;
}

export type IssueCode =
  | "required"
  | "invalid_type"
  | "invalid_literal"
  | "invalid_enum"
  | "invalid_format"
  | "invalid_union"
  | "invalid_discriminant"
  | "invalid_length"
  | "duplicate_key"
  | "not_finite"
  | "not_integer"
  | "not_multiple"
  | "out_of_range"
  | "duplicate_item"
  | "invalid_value"
  | "unknown_field"
  | "too_deep"
  | "not_allowed";
