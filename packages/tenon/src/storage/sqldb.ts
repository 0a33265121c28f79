// `tenon/storage/sqldb`: a service's own PostgreSQL database.

export {
  type Connection,
  DatabaseError,
  type DatabaseErrorCode,
  type Primitive,
  type ResultRow,
  SQLDatabase,
  type SQLDatabaseConfig,
  type SQLMigrationsConfig,
  type Transaction,
} from "@tenon/runtime";
