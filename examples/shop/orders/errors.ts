// Errors that callers of this service can tell apart by their type.
import { APIError } from "tenon/api";

export class SpendingLimitExceeded extends APIError.define("failed_precondition", "spending_limit_exceeded")<{
  limitCents: number;
  totalCents: number;
}> {}
