// One SQL statement on its way to the server, and what comes back.
import { type EncodedParameter, encodeJsonParameters, encodeParameters, type Primitive } from "./parameters.ts";
import type { DatabaseClient } from "./database-client.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { TraceTarget } from "./statement-span.ts";
import { summarizeStatement } from "./statement-summary.ts";

// biome-ignore lint/suspicious/noExplicitAny: rows are untyped unless the user gives a type, as in Encore.ts
export type Row = Record<string, any>;

export interface Statement {
  /** Parameters are $1, $2 ... */
  readonly text: string;
  readonly values: readonly EncodedParameter[];
  /** In their place where the server takes a parameter for JSON; absent: they are the same, or the statement only reads. */
  readonly jsonValues?: readonly (EncodedParameter | undefined)[];
}

export interface StatementResult {
  readonly rows: Row[];
  /** Rows inserted, updated, deleted or selected. */
  readonly rowCount: number;
}

/** Something that runs statements: the pool, or one connection of it. */
export interface StatementRunner {
  readonly database: string;
  readonly target: TraceTarget;
  /** The span that its statements stand under; undefined: the call's. */
  readonly parent: SpanContext | undefined;
  run(statement: Statement): Promise<StatementResult>;
  /** Rows as they arrive; whoever stops early frees what the statement holds. */
  stream(statement: Statement): AsyncGenerator<Row>;
  /** A connection to oneself for what speaks the protocol itself. */
  borrow<T>(run: (client: DatabaseClient) => Promise<T>): Promise<T>;
}

export function templateStatement(
  strings: TemplateStringsArray,
  values: readonly Primitive[],
  database: string,
): Statement {
  let text = strings[0]!;
  for (let index = 1; index < strings.length; index++) text += `$${index}${strings[index]}`;
  return rawStatement(text, values, database);
}

export function rawStatement(text: string, values: readonly Primitive[], database: string): Statement {
  const encoded = encodeParameters(values, database);
  if (values.length === 0 || !summarizeStatement(text).writes) return { text, values: encoded };
  const jsonValues = encodeJsonParameters(values);
  return { text, values: encoded, ...(jsonValues === undefined ? {} : { jsonValues }) };
}
