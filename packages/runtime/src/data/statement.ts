// One SQL statement on its way to the server, and what comes back.
import type { EncodedParameter, Primitive } from "./parameters.ts";
import { encodeParameters } from "./parameters.ts";

// biome-ignore lint/suspicious/noExplicitAny: rows are untyped unless the user gives a type, as in Encore.ts
export type Row = Record<string, any>;

export interface Statement {
  /** Parameters are $1, $2 ... */
  readonly text: string;
  readonly values: readonly EncodedParameter[];
}

export interface StatementResult {
  readonly rows: Row[];
  /** Rows inserted, updated, deleted or selected. */
  readonly rowCount: number;
}

/** Something that runs statements: the pool, or one connection of it. */
export interface StatementRunner {
  readonly database: string;
  run(statement: Statement): Promise<StatementResult>;
  /** Rows as they arrive; whoever stops early frees what the statement holds. */
  stream(statement: Statement): AsyncGenerator<Row>;
}

export function templateStatement(
  strings: TemplateStringsArray,
  values: readonly Primitive[],
  database: string,
): Statement {
  let text = strings[0]!;
  for (let index = 1; index < strings.length; index++) text += `$${index}${strings[index]}`;
  return { text, values: encodeParameters(values, database) };
}

export function rawStatement(text: string, values: readonly Primitive[], database: string): Statement {
  return { text, values: encodeParameters(values, database) };
}
