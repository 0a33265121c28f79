// What can go wrong between a service and its database: one stable code each, with the reason, the way out, the status a caller
// of the endpoint gets when nobody handles it, and whether trying the whole operation again can help.
import type { ErrorCode } from "@tenon/model";

interface CatalogueEntry {
  readonly message: string;
  readonly hint: string;
  readonly status: ErrorCode;
  readonly retryable: boolean;
}

export const databaseErrors = {
  database_not_configured: {
    message: "this process was not told where the database is",
    hint: "Run the service with `tenon dev` or `tenon start`; in production name the database in infra.json.",
    status: "failed_precondition",
    retryable: false,
  },
  database_config_invalid: {
    message: "the settings of the database are wrong",
    hint: "Use postgres://user:password@host:port/name and a maxConnections of at least 1.",
    status: "failed_precondition",
    retryable: false,
  },
  database_unavailable: {
    message: "no connection to the database could be made",
    hint: "Is the server running and reachable? Nothing was sent, so the same call can be made again.",
    status: "unavailable",
    retryable: true,
  },
  database_access_denied: {
    message: "the database refused this user",
    hint: "Check user, password and database name of the connection string; a service may only reach its own database.",
    status: "failed_precondition",
    retryable: false,
  },
  database_tls_failed: {
    message: "no TLS connection that can be trusted could be made",
    hint: "Check the authority (`ca`), the host's name in the server's certificate and the dates; infra.json says in `tls_config` what is asked for.",
    status: "failed_precondition",
    retryable: false,
  },
  connection_lost: {
    message: "the connection broke while the statement ran",
    hint: "Whether the statement took effect is unknown: look before you repeat a write. New statements connect anew.",
    status: "unavailable",
    retryable: false,
  },
  database_out_of_resources: {
    message: "the server has no room to work in",
    hint: "Its disk or memory is full, or a file of it cannot be read or written; the reason says which. The statement had no effect.",
    status: "unavailable",
    retryable: true,
  },
  no_free_connection: {
    message: "all connections to the database stayed busy",
    hint: "Finish transactions and close acquired connections, use the transaction for statements inside it, or raise maxConnections.",
    status: "unavailable",
    retryable: true,
  },
  statement_deadline_exceeded: {
    message: "the statement was cancelled because the call's deadline passed",
    hint: "Make the statement faster (EXPLAIN ANALYZE shows its plan), or give the call more time.",
    status: "deadline_exceeded",
    retryable: false,
  },
  statement_canceled: {
    message: "the statement was cancelled",
    hint: "The caller of the endpoint went away, or somebody cancelled the statement on the server.",
    status: "canceled",
    retryable: false,
  },
  unique_violation: {
    message: "a row with this key exists already",
    hint: "Catch the error, or write INSERT ... ON CONFLICT.",
    status: "internal",
    retryable: false,
  },
  foreign_key_violation: {
    message: "a row that this one refers to is missing, or this row is still referred to",
    hint: "Insert parents before children, delete children before parents.",
    status: "internal",
    retryable: false,
  },
  not_null_violation: {
    message: "a column that needs a value got none",
    hint: "Give a value; undefined is written as NULL.",
    status: "internal",
    retryable: false,
  },
  check_violation: {
    message: "the row breaks a rule of its table",
    hint: "The field `constraint` names the rule.",
    status: "internal",
    retryable: false,
  },
  exclusion_violation: {
    message: "the row collides with another one",
    hint: "The field `constraint` names the rule.",
    status: "internal",
    retryable: false,
  },
  serialization_failure: {
    message: "another transaction changed the same rows",
    hint: "Run the whole transaction again.",
    status: "aborted",
    retryable: true,
  },
  deadlock_detected: {
    message: "two transactions waited for each other and the server ended this one",
    hint: "Run the whole transaction again; lock rows in the same order everywhere to avoid it.",
    status: "aborted",
    retryable: true,
  },
  lock_not_available: {
    message: "somebody else holds a lock that the statement needs",
    hint: "It was asked not to wait, or not for so long (NOWAIT, lock_timeout). Run the transaction again.",
    status: "aborted",
    retryable: true,
  },
  schema_changed: {
    message: "a table changed while a prepared statement of a transaction referred to it",
    hint: "Run the whole transaction again.",
    status: "aborted",
    retryable: true,
  },
  permission_denied: {
    message: "the service's role may not do this",
    hint: "A service has all rights in its own database and none elsewhere.",
    status: "internal",
    retryable: false,
  },
  invalid_statement: {
    message: "the statement is wrong",
    hint: "`position` counts characters of the statement from 1. Is a migration missing?",
    status: "internal",
    retryable: false,
  },
  invalid_value: {
    message: "a value does not fit its type",
    hint: "docs/reference/sql.md lists which JavaScript value goes with which column type.",
    status: "internal",
    retryable: false,
  },
  unsupported_parameter: {
    message: "this JavaScript value cannot be a parameter",
    hint: "Pass strings, numbers, bigints, booleans, dates, bytes, null, plain objects (as JSON) or arrays of these.",
    status: "internal",
    retryable: false,
  },
  transaction_failed: {
    message: "an earlier statement of this transaction failed, so nothing more can be done in it",
    hint: "Roll back and start again. The first error is the one to look at.",
    status: "internal",
    retryable: false,
  },
  transaction_finished: {
    message: "the transaction or connection was used after its end",
    hint: "Await every statement before commit, rollback or close.",
    status: "internal",
    retryable: false,
  },
  transaction_nested: {
    message: "a transaction within this one is still under way",
    hint: "Inside of `tx.transaction(async (inner) => ...)` use `inner`, and await it before the next one and before commit.",
    status: "internal",
    retryable: false,
  },
  connection_copying: {
    message: "the connection is in the middle of a COPY and can do nothing else",
    hint: "Read the rows to be copied from the database object or another transaction, not from the one that copies.",
    status: "internal",
    retryable: false,
  },
  statement_failed: {
    message: "the server refused the statement",
    hint: "`sqlState` says which of PostgreSQL's error codes it is.",
    status: "internal",
    retryable: false,
  },
} as const satisfies Record<string, CatalogueEntry>;

export type DatabaseErrorCode = keyof typeof databaseErrors;

/** What PostgreSQL said besides the message. `detail` may hold data of the row, so it is not part of the message. */
export interface PostgresFacts {
  readonly sqlState?: string | undefined;
  readonly constraint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly detail?: string | undefined;
  /** In characters of the statement, from 1. */
  readonly position?: number | undefined;
}

export class DatabaseError extends Error {
  readonly code: DatabaseErrorCode;
  readonly database: string;
  readonly hint: string;
  /** What the caller of the endpoint gets when nobody handles the error. */
  readonly status: ErrorCode;
  /** Trying the whole operation again can help, and does no harm. */
  readonly retryable: boolean;
  readonly sqlState: string | undefined;
  readonly constraint: string | undefined;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly detail: string | undefined;
  readonly position: number | undefined;

  constructor(
    code: DatabaseErrorCode,
    database: string,
    reason?: string,
    options: { cause?: unknown; facts?: PostgresFacts } = {},
  ) {
    const { message, hint, status, retryable } = databaseErrors[code];
    super(
      `database "${database}": ${message}${reason ? `: ${reason}` : ""}`,
      options.cause === undefined ? {} : { cause: options.cause },
    );
    this.name = "DatabaseError";
    this.code = code;
    this.database = database;
    this.hint = hint;
    this.status = status;
    this.retryable = retryable;
    const facts = options.facts ?? {};
    this.sqlState = facts.sqlState;
    this.constraint = facts.constraint;
    this.schema = facts.schema;
    this.table = facts.table;
    this.column = facts.column;
    this.detail = facts.detail;
    this.position = facts.position;
  }
}

export const migrationErrors = {
  migrations_folder_missing: {
    message: "the folder of migrations does not exist",
    hint: "Make it, or correct `migrations` in the declaration of the database.",
  },
  migration_name_invalid: {
    message: "files in the folder of migrations are not named like migrations",
    hint: "Name them <number>_<name>.up.sql, for example 1_create_users.up.sql. Of other tools: <number>_<name>.sql (drizzle), <number>_<name>/migration.sql (prisma, drizzle/v1), with `source` in the declaration.",
  },
  migration_number_duplicate: {
    message: "two migrations have the same number",
    hint: "Give the newer one the next free number.",
  },
  migration_failed: {
    message: "a migration failed and left no trace",
    hint: "Correct the file; it runs again at the next start.",
  },
  migration_failed_halfway: {
    message: "a migration marked `-- no-transaction` failed",
    hint: "Statements before the failing one may have taken effect: undo them by hand or make the file safe to repeat, then start again.",
  },
  migration_edited: {
    message: "a migration was changed after it ran",
    hint: "Restore the file and put the change into a new migration; or, in development, reset the database with `tenon db reset`.",
  },
  migration_missing: {
    message: "a migration ran on this database, but its file is gone",
    hint: "Restore the file; or, in development, reset the database with `tenon db reset`.",
  },
  migration_history_failed: {
    message: "what ran before cannot be read or written down",
    hint: "The role needs the right to create tables in the database's first schema, and to use the table tenon_migrations.",
  },
  migration_lock_timeout: {
    message: "another runner applies migrations to this database and did not come to an end in time",
    hint: "Wait for it, or end its process on the server if it hangs (`SELECT pg_terminate_backend(pid)`), and run this again.",
  },
  migration_session_shared: {
    message: "a pooler in between gives the session to others, so that the lock of the runner does not hold",
    hint: "Apply migrations over an address of the server itself, or of a pooler in session mode.",
  },
  migration_database_unreachable: {
    message: "the database could not be reached for its migrations",
    hint: "Is the server running, and are user, password and database name right?",
  },
} as const satisfies Record<string, { readonly message: string; readonly hint: string }>;

export type MigrationErrorCode = keyof typeof migrationErrors;

/** Where in a migration file, both from 1. */
export interface MigrationPlace {
  /** The folder as given, and the file's name. */
  readonly file: string;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

export class MigrationError extends Error {
  readonly code: MigrationErrorCode;
  readonly database: string;
  readonly hint: string;
  readonly file: string | undefined;
  readonly line: number | undefined;
  readonly column: number | undefined;
  readonly sqlState: string | undefined;
  /** The lines around the place, with a mark under it. */
  readonly codeFrame: string | undefined;

  constructor(
    code: MigrationErrorCode,
    database: string,
    reason: string,
    options: {
      cause?: unknown;
      place?: MigrationPlace | undefined;
      sqlState?: string | undefined;
      codeFrame?: string | undefined;
    } = {},
  ) {
    const { message, hint } = migrationErrors[code];
    super(`database "${database}": ${message}: ${reason}`, options.cause === undefined ? {} : { cause: options.cause });
    this.name = "MigrationError";
    this.code = code;
    this.database = database;
    this.hint = hint;
    this.file = options.place?.file;
    this.line = options.place?.line;
    this.column = options.place?.column;
    this.sqlState = options.sqlState;
    this.codeFrame = options.codeFrame;
  }
}
