// Everything the dashboard's server refuses, and why it may not start. Answers carry a code of the model's table; some need an HTTP
// status that the table does not have.
import { type ErrorCode, httpStatusOf } from "@tenon/model";

/** A request that gets an error as its answer. */
export class RequestError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(code: ErrorCode, message: string, options: { status?: number; headers?: Record<string, string> } = {}) {
    super(message);
    this.name = "RequestError";
    this.code = code;
    this.status = options.status ?? httpStatusOf[code];
    this.headers = options.headers ?? {};
  }
}

export const dashboardStartCodes = ["port_in_use", "not_loopback", "cannot_listen"] as const;
export type DashboardStartCode = (typeof dashboardStartCodes)[number];

/** The dashboard cannot start. */
export class DashboardStartError extends Error {
  readonly code: DashboardStartCode;

  constructor(code: DashboardStartCode, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "DashboardStartError";
    this.code = code;
  }
}
