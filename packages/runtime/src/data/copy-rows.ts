// Rows -> the text form of COPY, in chunks. Values are written as parameters are; what is a JSON column only the server knows.
import type { DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { type EncodedParameter, encodeJsonParameters, encodeParameters, type Primitive } from "./parameters.ts";
import { quoteIdentifier, quoteTable } from "./quote-identifier.ts";
import { rawStatement } from "./statement.ts";

export type CopyRow = Readonly<Record<string, Primitive>>;
export type CopyRows = AsyncIterable<CopyRow> | Iterable<CopyRow>;

const chunkCharacters = 1 << 16;
const jsonTypes = new Set([114, 3802]);
const escapes: Readonly<Record<string, string>> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

/** Any other format would need the types of all columns. */
export function copyStatement(table: string, columns: readonly string[]): string {
  return `COPY ${quoteTable(table)} (${columns.map(quoteIdentifier).join(", ")}) FROM STDIN`;
}

/** For each column; a column or table that is not there is for the COPY itself to report. */
export async function jsonColumns(client: DatabaseClient, database: string, table: string, columns: readonly string[]) {
  const text = `SELECT attname AS name, atttypid::int4 AS type FROM pg_attribute
    WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped`;
  const { rows } = await client.run(rawStatement(text, [quoteTable(table)], database), undefined);
  const types = new Map(rows.map(({ name, type }) => [name as string, type as number]));
  return columns.map((column) => jsonTypes.has(types.get(column) ?? 0));
}

export async function* encodeRows(
  rows: CopyRows,
  columns: readonly string[],
  isJson: readonly boolean[],
  database: string,
): AsyncGenerator<string> {
  const hasJson = isJson.includes(true);
  let chunk = "";
  let number = 0;
  for await (const row of rows) {
    number++;
    const values = columns.map((column) => row[column]);
    try {
      chunk += encodeLine(values, hasJson ? isJson : undefined, database);
    } catch (error) {
      throw inRow(error, number, columns, database);
    }
    if (chunk.length < chunkCharacters) continue;
    yield chunk;
    chunk = "";
  }
  if (chunk !== "") yield chunk;
}

function encodeLine(values: readonly Primitive[], isJson: readonly boolean[] | undefined, database: string): string {
  const encoded = encodeParameters(values, database);
  const asJson = isJson && encodeJsonParameters(values);
  const fields = encoded.map((value, index) => encodeField(isJson?.[index] ? (asJson?.[index] ?? value) : value));
  return `${fields.join("\t")}\n`;
}

function encodeField(value: EncodedParameter): string {
  if (value === null) return "\\N";
  if (typeof value !== "string") return `\\\\x${value.toString("hex")}`;
  return value.replace(/[\\\n\r\t]/g, (character) => escapes[character]!);
}

/** `$2` of a statement is a column here. */
function inRow(error: unknown, row: number, columns: readonly string[], database: string): unknown {
  if (!(error instanceof DatabaseError) || error.code !== "unsupported_parameter") return error;
  const [, number, reason] = /\$(\d+) (.*)$/s.exec(error.message) ?? [];
  const column = number === undefined ? "" : `, column ${columns[Number(number) - 1]}`;
  return new DatabaseError("unsupported_parameter", database, `row ${row}${column} ${reason ?? error.message}`);
}
