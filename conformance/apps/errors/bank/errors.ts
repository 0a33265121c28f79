import { APIError } from "tenon/api";

export interface Shortage {
  missing: bigint;
  /** When the account can be charged again. */
  retryAt: Date;
}

/** There is less on the account than was asked for. */
export class InsufficientFunds extends APIError.define("failed_precondition", "insufficient_funds")<Shortage> {}

export class Closed extends APIError.define("failed_precondition", "closed") {}
