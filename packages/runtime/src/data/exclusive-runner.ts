// Statements on one borrowed connection, strictly one after the other, until it is given back.
import { currentCall } from "../call/context.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { ConnectionPool } from "./connection-pool.ts";
import type { DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { declareCursor } from "./declare-cursor.ts";
import { isStalePlan } from "./postgres-error.ts";
import type { Row, Statement, StatementResult, StatementRunner } from "./statement.ts";
import { summarizeStatement } from "./statement-summary.ts";
import type { TraceTarget } from "./statement-span.ts";
import { traceStatement } from "./trace-statement.ts";

/** What goes along with a transaction and has a part in its end. */
export interface Companion {
  /** On the connection, as the last before COMMIT; when it throws, the transaction is rolled back. */
  beforeCommit(): Promise<void>;
  /** What it returns is waited for; must not reject, since the transaction has happened. */
  afterCommit(): Promise<void> | undefined;
}

export class ExclusiveRunner implements StatementRunner {
  readonly database: string;
  companion: Companion | undefined;
  readonly #pool: ConnectionPool;
  readonly #client: DatabaseClient;
  readonly target: TraceTarget;
  readonly parent: SpanContext | undefined;
  #last: Promise<unknown> = Promise.resolve();
  readonly #cursors = new Set<string>();
  #finished = false;
  #isBorrowed = false;

  constructor(pool: ConnectionPool, client: DatabaseClient, parent: SpanContext | undefined) {
    this.database = pool.database;
    this.#pool = pool;
    this.#client = client;
    this.target = pool.target;
    this.parent = parent;
  }

  get finished(): boolean {
    return this.#finished;
  }

  async run(statement: Statement): Promise<StatementResult> {
    this.#refuseWhenFinished();
    const call = currentCall();
    return traceStatement(this.target, statement.text, this.parent, async (countRows) => {
      const result = await this.#inTurn(() => this.#client.run(statement, call));
      countRows(result.rows.length);
      return result;
    }).catch((error: unknown) => {
      if (error instanceof DatabaseError && isStalePlan(error.cause)) this.#pool.forgetPrepared(statement.text);
      throw error;
    });
  }

  /** The reader may use the same connection meanwhile: what no cursor of SQL can stand for is read at once. */
  async *stream(statement: Statement): AsyncGenerator<Row> {
    if (this.#client.inTransaction && summarizeStatement(statement.text).plainRead) yield* this.#fetch(statement);
    else yield* (await this.run(statement)).rows;
  }

  async *#fetch(statement: Statement): AsyncGenerator<Row> {
    const cursor = await declareCursor(this, statement, this.#freeCursor());
    this.#cursors.add(cursor.name);
    try {
      for (let rows = await cursor.fetch(); rows.length > 0; rows = await cursor.fetch()) yield* rows;
    } finally {
      this.#cursors.delete(cursor.name);
      // The end of the transaction has closed it, or a failed statement will have.
      if (!this.#finished && !this.#client.transactionFailed) await cursor.close();
    }
  }

  /** The same few names again and again, so that their statements are prepared once. */
  #freeCursor(): string {
    for (let number = 1; ; number++) {
      const name = `tenon_cursor_${number}`;
      if (!this.#cursors.has(name)) return name;
    }
  }

  /** Something that is no statement of the user's, in its turn. */
  async control(run: (client: DatabaseClient) => Promise<void>): Promise<void> {
    this.#refuseWhenFinished();
    await this.#inTurn(() => run(this.#client));
  }

  /** The whole connection for a while; statements meanwhile are refused, as they would wait for ever. */
  async borrow<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T> {
    this.#refuseWhenFinished();
    return this.#inTurn(async () => {
      this.#isBorrowed = true;
      try {
        return await run(this.#client);
      } finally {
        this.#isBorrowed = false;
      }
    });
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
    if (this.#isBorrowed) throw new DatabaseError("connection_copying", this.database);
  }
}
