// Statements on one borrowed connection, strictly one after the other, until it is given back.
import { currentCall } from "../call/context.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { isStalePlan } from "./postgres-error.ts";
import type { Row, Statement, StatementResult, StatementRunner } from "./statement.ts";
import { traceStatement } from "./trace-statement.ts";

export class ExclusiveRunner implements StatementRunner {
  readonly database: string;
  readonly #pool: ConnectionPool;
  readonly #client: DatabaseClient;
  readonly #parent: SpanContext | undefined;
  #last: Promise<unknown> = Promise.resolve();
  #finished = false;

  constructor(pool: ConnectionPool, client: DatabaseClient, parent: SpanContext | undefined) {
    this.database = pool.database;
    this.#pool = pool;
    this.#client = client;
    this.#parent = parent;
  }

  get finished(): boolean {
    return this.#finished;
  }

  async run(statement: Statement): Promise<StatementResult> {
    this.#refuseWhenFinished();
    const call = currentCall();
    return traceStatement(this.#pool.target, statement.text, this.#parent, async (countRows) => {
      const result = await this.#inTurn(() => this.#client.run(statement, call));
      countRows(result.rows.length);
      return result;
    }).catch((error: unknown) => {
      if (error instanceof DatabaseError && isStalePlan(error.cause)) this.#pool.forgetPrepared(statement.text);
      throw error;
    });
  }

  /** All rows are read before the first is handed over: the reader may use the same connection meanwhile. */
  async *stream(statement: Statement): AsyncGenerator<Row> {
    yield* (await this.run(statement)).rows;
  }

  /** The last words on this connection; afterwards it is the pool's again. */
  async finish(lastWords: (client: DatabaseClient) => Promise<void>): Promise<void> {
    this.#refuseWhenFinished();
    this.#finished = true;
    try {
      await this.#inTurn(() => lastWords(this.#client));
    } finally {
      if (this.#client.inTransaction) this.#client.retired = true;
      this.#pool.release(this.#client);
    }
  }

  #inTurn<T>(run: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(run);
    this.#last = turn.catch(() => {});
    return turn;
  }

  #refuseWhenFinished(): void {
    if (this.#finished) throw new DatabaseError("transaction_finished", this.database);
  }
}
