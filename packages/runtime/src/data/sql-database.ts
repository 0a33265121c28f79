// What a service declares to have a database, and how it uses it; as `encore.dev/storage/sqldb`, with more.
import { currentCall } from "../call/context.ts";
import { poolOf } from "./configure-databases.ts";
import { Connection } from "./connection.ts";
import { copyOut } from "./copy-out.ts";
import { runInTransaction } from "./current-transaction.ts";
import type { ListenEvent } from "./notification-hub.ts";
import { QueryExecutor } from "./query-executor.ts";
import { type RetriedTransactionOptions, retryTransaction } from "./retry-transaction.ts";
import type { StatementRunner } from "./statement.ts";
import { Transaction, type TransactionOptions } from "./transaction.ts";

export interface SQLMigrationsConfig {
  readonly path: string;
  readonly source?: "prisma" | "drizzle" | "drizzle/v1";
}

/** Read by the compiler; at run time the process is told where the database is. */
export interface SQLDatabaseConfig {
  /** Folder of `1_name.up.sql` files, relative to the declaring file. */
  readonly migrations?: string | SQLMigrationsConfig;
}

export class SQLDatabase extends QueryExecutor {
  readonly #name: string;

  constructor(name: string, _config?: SQLDatabaseConfig) {
    super();
    this.#name = name;
  }

  /** A database that is declared elsewhere in the service. */
  static named(name: string): SQLDatabase {
    return new SQLDatabase(name);
  }

  /** For ORMs and tools: postgres://user:password@host:port/name. */
  get connectionString(): string {
    return poolOf(this.#name).tcpConnectionString;
  }

  /** End it with commit or rollback, or declare it with `await using`. */
  async begin(options: TransactionOptions = {}): Promise<Transaction> {
    return Transaction.begin(poolOf(this.#name), options);
  }

  /**
   * Commits when `run` returns and rolls back when it throws. What `run` publishes to topics is published if and only if it commits.
   * `retries` (default 0): how often it is run again, from the beginning, when it got in the way of another transaction.
   */
  async transaction<T>(run: (tx: Transaction) => Promise<T>, options: RetriedTransactionOptions = {}): Promise<T> {
    return retryTransaction(this.#name, options.retries ?? 0, () => this.#transactOnce(run, options));
  }

  async #transactOnce<T>(run: (tx: Transaction) => Promise<T>, options: TransactionOptions): Promise<T> {
    const tx = await this.begin(options);
    let result: T;
    try {
      result = await runInTransaction(tx, () => run(tx));
    } catch (error) {
      // The reason why is worth more than a second error about a connection that broke.
      await tx[Symbol.asyncDispose]().catch(() => {});
      throw error;
    }
    await tx.commit();
    return result;
  }

  /** A connection of one's own; give it back with close, or declare it with `await using`. */
  async acquire(): Promise<Connection> {
    return Connection.acquire(poolOf(this.#name));
  }

  /**
   * What is notified on a channel (`NOTIFY`, `pg_notify`), as long as the loop runs: until `signal` aborts, the call is over or the process
   * stops. Begins with `{ type: "listening" }`, and says so again after a gap; uses one connection for all channels, beside `maxConnections`.
   */
  listen(channel: string, options: { readonly signal?: AbortSignal } = {}): AsyncGenerator<ListenEvent> {
    const signals = [currentCall()?.signal, options.signal].filter((signal) => signal !== undefined);
    return poolOf(this.#name).listen(channel, signals);
  }

  /** Runs a `COPY ... TO STDOUT` of your own and gives its bytes as they arrive, in the format it names. */
  rawCopyTo(statement: string): AsyncGenerator<Buffer> {
    return copyOut(poolOf(this.#name), statement);
  }

  protected runner(): StatementRunner {
    return poolOf(this.#name);
  }
}
