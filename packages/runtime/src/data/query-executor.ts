// The ways to write a statement, the same on a database, in a transaction and on an acquired connection; as in Encore.ts.
import { type CopyChunks, copyIn } from "./copy-in.ts";
import { type CopyRows, copyStatement, encodeRows, jsonColumns } from "./copy-rows.ts";
import type { DatabaseClient } from "./database-client.ts";
import type { Primitive } from "./parameters.ts";
import { type Row, rawStatement, type StatementRunner, templateStatement } from "./statement.ts";
import { traceStatement } from "./trace-statement.ts";

export abstract class QueryExecutor {
  /** Looked up at each use: declarations are evaluated before the process knows where its databases are. */
  protected abstract runner(): StatementRunner;

  /** Rows one by one: db.query`SELECT ... WHERE id = ${id}`. Values become parameters, never text. */
  async *query<T extends Row = Row>(strings: TemplateStringsArray, ...values: Primitive[]): AsyncGenerator<T> {
    const runner = this.runner();
    yield* runner.stream(templateStatement(strings, values, runner.database)) as AsyncGenerator<T>;
  }

  /** The first row, or null when there is none. */
  async queryRow<T extends Row = Row>(strings: TemplateStringsArray, ...values: Primitive[]): Promise<T | null> {
    const rows = await this.queryAll<T>(strings, ...values);
    return rows[0] ?? null;
  }

  async queryAll<T extends Row = Row>(strings: TemplateStringsArray, ...values: Primitive[]): Promise<T[]> {
    const runner = this.runner();
    const { rows } = await runner.run(templateStatement(strings, values, runner.database));
    return rows as T[];
  }

  /** Returns how many rows were inserted, updated or deleted. */
  async exec(strings: TemplateStringsArray, ...values: Primitive[]): Promise<number> {
    const runner = this.runner();
    const { rowCount } = await runner.run(templateStatement(strings, values, runner.database));
    return rowCount;
  }

  /** Like `query`, with the parameters as $1, $2 ... in the text. */
  async *rawQuery<T extends Row = Row>(query: string, ...params: Primitive[]): AsyncGenerator<T> {
    const runner = this.runner();
    yield* runner.stream(rawStatement(query, params, runner.database)) as AsyncGenerator<T>;
  }

  async rawQueryRow<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T | null> {
    const rows = await this.rawQueryAll<T>(query, ...params);
    return rows[0] ?? null;
  }

  async rawQueryAll<T extends Row = Row>(query: string, ...params: Primitive[]): Promise<T[]> {
    const runner = this.runner();
    const { rows } = await runner.run(rawStatement(query, params, runner.database));
    return rows as T[];
  }

  async rawExec(query: string, ...params: Primitive[]): Promise<number> {
    const runner = this.runner();
    const { rowCount } = await runner.run(rawStatement(query, params, runner.database));
    return rowCount;
  }

  /**
   * Inserts many rows with COPY, several times as fast as INSERT; all of them or none. Each row has a property for each of the columns.
   * Returns how many there were.
   */
  async copyFrom(table: string, columns: readonly string[], rows: CopyRows): Promise<number> {
    const text = copyStatement(table, columns);
    return this.#copy(text, async (client, database) => {
      const isJson = await jsonColumns(client, database, table, columns);
      return encodeRows(rows, columns, isJson, database);
    });
  }

  /** Runs a `COPY ... FROM STDIN` of your own, in any of its formats (CSV, text, binary). Returns how many rows there were. */
  async rawCopyFrom(statement: string, chunks: CopyChunks): Promise<number> {
    return this.#copy(statement, async () => chunks);
  }

  #copy(text: string, chunksFor: (client: DatabaseClient, database: string) => Promise<CopyChunks>): Promise<number> {
    const runner = this.runner();
    const { database, target, parent } = runner;
    return traceStatement(target, text, parent, (countRows) =>
      runner.borrow(async (client) => {
        const rows = await copyIn(client, database, text, await chunksFor(client, database));
        countRows(rows);
        return rows;
      }),
    );
  }
}
