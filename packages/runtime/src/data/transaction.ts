// A transaction on a connection of its own, and transactions within it (savepoints). Left without commit (an error, a forgotten call) each
// is rolled back when disposed of.
import { currentCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { ExclusiveRunner } from "./exclusive-runner.ts";
import { toDatabaseError } from "./postgres-error.ts";
import { QueryExecutor } from "./query-executor.ts";
import type { StatementRunner } from "./statement.ts";

export interface TransactionOptions {
  /** Default: the server's, usually "read committed". */
  readonly isolationLevel?: "read committed" | "repeatable read" | "serializable";
  /** Writes are refused. Default false. */
  readonly readOnly?: boolean;
}

/** More than a pool has connections by default, as all of them may be dead. */
const mostAttempts = 12;

/** The connection of a transaction, for parts of Tenon that put something of their own into it. */
export let runnerOf: (transaction: Transaction) => ExclusiveRunner;

/** Where a transaction within another one begins. */
interface Savepoint {
  readonly parent: Transaction;
  /** An identifier that needs no quotes. */
  readonly name: string;
}

export class Transaction extends QueryExecutor implements AsyncDisposable {
  static {
    runnerOf = (transaction) => transaction.#runner;
  }

  readonly #runner: ExclusiveRunner;
  readonly #span: RecordingSpan;
  readonly #savepoint: Savepoint | undefined;
  /** One at a time: savepoints are a stack. */
  #nested: Transaction | undefined;
  #finished = false;

  private constructor(runner: ExclusiveRunner, span: RecordingSpan, savepoint?: Savepoint) {
    super();
    this.#runner = runner;
    this.#span = span;
    this.#savepoint = savepoint;
  }

  /** For SQLDatabase. */
  static async begin(pool: ConnectionPool, options: TransactionOptions): Promise<Transaction> {
    const call = currentCall();
    const span = startSpan({
      name: "transaction",
      kind: "client",
      service: call?.service ?? pool.database,
      parent: call?.span,
      attributes: {
        "db.system.name": "postgresql",
        "db.namespace": pool.target.namespace,
        "db.operation.name": "BEGIN",
      },
    });
    try {
      const client = await beginOn(pool, options);
      return new Transaction(new ExclusiveRunner(pool, client, span), span);
    } catch (cause) {
      const error = toDatabaseError(cause, pool.database);
      span.fail(error);
      span.end();
      throw error;
    }
  }

  async commit(): Promise<void> {
    this.#refuseWhileNested();
    if (this.#savepoint !== undefined) return this.#endNested(this.#savepoint, "commit");
    const { companion } = this.#runner;
    try {
      await companion?.beforeCommit();
    } catch (error) {
      await this[Symbol.asyncDispose]().catch(() => {});
      throw error;
    }
    await this.#end("committed", async (client) => {
      // COMMIT of a failed transaction answers ROLLBACK without an error: that must not look like success.
      if (client.transactionFailed) {
        await client.control("ROLLBACK");
        throw new DatabaseError("transaction_failed", this.#runner.database, "nothing was committed");
      }
      await client.control("COMMIT");
    });
    await companion?.afterCommit();
  }

  async rollback(): Promise<void> {
    if (this.#savepoint !== undefined) return this.#endNested(this.#savepoint, "rollback");
    await this.#end("rolled back", async (client) => {
      try {
        await client.control("ROLLBACK");
      } catch (error) {
        // The connection is gone, and the server rolls back by itself.
        if (!client.retired) throw error;
      }
    });
  }

  /**
   * A transaction within this one (a savepoint): its statements are undone together when `run` throws, and this one goes on. Use the `tx`
   * it gives you for them, and await it before the next one.
   */
  async transaction<T>(run: (tx: Transaction) => Promise<T>): Promise<T> {
    const nested = await this.#beginNested();
    let result: T;
    try {
      result = await run(nested);
    } catch (error) {
      // The reason why is worth more than a second error about a connection that broke.
      await nested[Symbol.asyncDispose]().catch(() => {});
      throw error;
    }
    if (!nested.#finished) await nested.commit();
    return result;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#savepoint === undefined ? !this.#runner.finished : !this.#finished) await this.rollback();
  }

  protected runner(): StatementRunner {
    if (this.#finished) throw new DatabaseError("transaction_finished", this.#runner.database);
    return this.#runner;
  }

  async #beginNested(): Promise<Transaction> {
    this.#refuseWhileNested();
    this.runner();
    const parent = this.#savepoint?.name ?? "tenon";
    const savepoint: Savepoint = { parent: this, name: `${parent}_1` };
    const nested = new Transaction(this.#runner, this.#span, savepoint);
    this.#nested = nested;
    try {
      await this.#runner.control((client) => client.control(`SAVEPOINT ${savepoint.name}`));
    } catch (error) {
      this.#nested = undefined;
      throw toDatabaseError(error, this.#runner.database);
    }
    return nested;
  }

  async #endNested({ parent, name }: Savepoint, outcome: "commit" | "rollback"): Promise<void> {
    this.runner();
    this.#finished = true;
    parent.#nested = undefined;
    const undo = `ROLLBACK TO SAVEPOINT ${name}; RELEASE SAVEPOINT ${name}`;
    try {
      await this.#runner.control(async (client) => {
        if (outcome === "rollback") return client.control(undo);
        if (!client.transactionFailed) return client.control(`RELEASE SAVEPOINT ${name}`);
        await client.control(undo);
        throw new DatabaseError("transaction_failed", this.#runner.database, "nothing of the inner one was kept");
      });
    } catch (error) {
      throw toDatabaseError(error, this.#runner.database);
    }
  }

  #refuseWhileNested(): void {
    if (this.#nested !== undefined) throw new DatabaseError("transaction_nested", this.#runner.database);
  }

  async #end(outcome: string, lastWords: (client: DatabaseClient) => Promise<void>): Promise<void> {
    try {
      await this.#runner.finish(lastWords);
      this.#span.set("tenon.transaction.outcome", outcome);
    } catch (cause) {
      const error = toDatabaseError(cause, this.#runner.database);
      this.#span.fail(error);
      throw error;
    } finally {
      this.#finished = true;
      this.#span.end();
    }
  }
}

/** A connection that turns out to be dead is replaced: nothing has been done on it yet. */
async function beginOn(pool: ConnectionPool, options: TransactionOptions): Promise<DatabaseClient> {
  const level = options.isolationLevel ? ` ISOLATION LEVEL ${options.isolationLevel.toUpperCase()}` : "";
  const begin = `BEGIN${level}${options.readOnly ? " READ ONLY" : ""}`;
  for (let attempt = 1; ; attempt++) {
    const client = await pool.acquire();
    try {
      await client.begin(begin, currentCall());
      return client;
    } catch (cause) {
      client.retired = true;
      pool.release(client);
      const error = toDatabaseError(cause, pool.database);
      if (error.code !== "connection_lost" || attempt >= mostAttempts) throw error;
    }
  }
}
