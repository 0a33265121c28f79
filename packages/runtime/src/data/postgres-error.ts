// Turns what the PostgreSQL driver throws into a DatabaseError with a stable code.
import { DatabaseError, type DatabaseErrorCode } from "./errors.ts";

/** SQLSTATE (PostgreSQL manual, appendix A) -> code; whole classes by their first two letters. */
const codeOfState: Readonly<Record<string, DatabaseErrorCode>> = {
  "0A000": "statement_failed",
  "08": "connection_lost",
  "22": "invalid_value",
  "23502": "not_null_violation",
  "23503": "foreign_key_violation",
  "23505": "unique_violation",
  "23514": "check_violation",
  "23P01": "exclusion_violation",
  "25P02": "transaction_failed",
  "28": "database_access_denied",
  "3D000": "database_access_denied",
  "40001": "serialization_failure",
  "40P01": "deadlock_detected",
  "42501": "permission_denied",
  "42": "invalid_statement",
  "53": "database_out_of_resources",
  "53300": "database_unavailable",
  "55P03": "lock_not_available",
  "58": "database_out_of_resources",
  "57014": "statement_canceled",
  "57P01": "connection_lost",
  "57P02": "connection_lost",
  "57P03": "database_unavailable",
  "57P05": "connection_lost",
};

/** The driver's errors: from the server with SQLSTATE in `code`, from the socket with an errno name, its own with neither. */
interface DriverError extends Error {
  readonly code?: string;
  readonly severity?: string;
  readonly constraint?: string;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly detail?: string;
  readonly position?: string;
}

/** SQLSTATE of an error from the server, also of one that toDatabaseError made. */
export function sqlStateOf(error: unknown): string | undefined {
  if (error instanceof DatabaseError) return error.sqlState;
  if (!(error instanceof Error)) return undefined;
  const { code, severity } = error as DriverError;
  return severity !== undefined ? code : undefined;
}

/** A prepared statement's table changed under it: it must be prepared anew. */
export function isStalePlan(error: unknown): boolean {
  return sqlStateOf(error) === "0A000" && /cached plan/.test((error as Error).message);
}

/** The driver knows that the connection is gone and sent nothing. */
export function wasNotSent(error: unknown): boolean {
  return error instanceof Error && /is not queryable$/.test(error.message);
}

export function toDatabaseError(error: unknown, database: string): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const driverError = error as DriverError;
  const sqlState = sqlStateOf(error);
  if (sqlState === undefined) {
    const code = wasNotSent(error) ? "database_unavailable" : "connection_lost";
    return new DatabaseError(code, database, driverError.message, { cause: error });
  }
  const code = isStalePlan(error)
    ? "schema_changed"
    : (codeOfState[sqlState] ?? codeOfState[sqlState.slice(0, 2)] ?? "statement_failed");
  const { constraint, schema, table, column, detail } = driverError;
  const position = driverError.position === undefined ? undefined : Number(driverError.position);
  return new DatabaseError(code, database, driverError.message, {
    cause: error,
    facts: { sqlState, constraint, schema, table, column, detail, position },
  });
}
