// A cursor of SQL's own inside a transaction: its rows come in batches, and other statements may run on the connection in between.
import { DatabaseError } from "./errors.ts";
import type { Row, Statement, StatementResult } from "./statement.ts";

const batchRows = 100;

export interface SqlCursor {
  readonly name: string;
  /** The next rows; none at the end. */
  fetch(): Promise<Row[]>;
  close(): Promise<void>;
}

interface Runner {
  run(statement: Statement): Promise<StatementResult>;
}

export async function declareCursor(runner: Runner, statement: Statement, name: string): Promise<SqlCursor> {
  const prefix = `DECLARE ${name} NO SCROLL CURSOR FOR `;
  try {
    await runner.run({ ...statement, text: `${prefix}${statement.text}` });
  } catch (error) {
    throw error instanceof DatabaseError ? withoutPrefix(error, prefix.length) : error;
  }
  return {
    name,
    fetch: async () => (await runner.run({ text: `FETCH ${batchRows} FROM ${name}`, values: [] })).rows,
    close: async () => {
      await runner.run({ text: `CLOSE ${name}`, values: [] });
    },
  };
}

/** Its position is one in the user's statement. */
function withoutPrefix(error: DatabaseError, length: number): DatabaseError {
  const { code, database, cause, position, sqlState, constraint, schema, table, column, detail } = error;
  if (position === undefined) return error;
  const reason = (cause as Error | undefined)?.message;
  const facts = { sqlState, constraint, schema, table, column, detail, position: Math.max(1, position - length) };
  return new DatabaseError(code, database, reason, { cause, facts });
}
