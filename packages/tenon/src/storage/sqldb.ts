// `tenon/storage/sqldb`: a service's own PostgreSQL database.

export {
  type Connection,
  type CopyChunks,
  type CopyRow,
  type CopyRows,
  DatabaseError,
  type DatabaseErrorCode,
  type ListenEvent,
  type Primitive,
  type ResultRow,
  type RetriedTransactionOptions,
  SQLDatabase,
  type SQLDatabaseConfig,
  type SQLMigrationsConfig,
  type Transaction,
  type TransactionOptions,
} from "@tenon/runtime";
