// A transaction on a connection of its own. Left without commit (an error, a forgotten call) it is rolled back when disposed of.
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

export class Transaction extends QueryExecutor implements AsyncDisposable {
  readonly #runner: ExclusiveRunner;
  readonly #span: RecordingSpan;

  private constructor(runner: ExclusiveRunner, span: RecordingSpan) {
    super();
    this.#runner = runner;
    this.#span = span;
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
    await this.#end("committed", async (client) => {
      // COMMIT of a failed transaction answers ROLLBACK without an error: that must not look like success.
      if (client.transactionFailed) {
        await client.control("ROLLBACK");
        throw new DatabaseError("transaction_failed", this.#runner.database, "nothing was committed");
      }
      await client.control("COMMIT");
    });
  }

  async rollback(): Promise<void> {
    await this.#end("rolled back", async (client) => {
      try {
        await client.control("ROLLBACK");
      } catch (error) {
        // The connection is gone, and the server rolls back by itself.
        if (!client.retired) throw error;
      }
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#runner.finished) await this.rollback();
  }

  protected runner(): StatementRunner {
    return this.#runner;
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
      await client.control(begin);
      return client;
    } catch (cause) {
      client.retired = true;
      pool.release(client);
      const error = toDatabaseError(cause, pool.database);
      if (error.code !== "connection_lost" || attempt >= mostAttempts) throw error;
    }
  }
}
