// A session for people and their scripts: runs any statement and shows values as PostgreSQL writes them. Not for services, whose pool this
// is no part of.
import pg from "pg";
import { Decimal } from "../../codec/decimal.ts";
import { decoderFor } from "../column-types.ts";
import { DatabaseError } from "../errors.ts";
import { sqlStateOf, toDatabaseError } from "../postgres-error.ts";

export { type LinePosition, locate, renderCodeFrame } from "../migrations/statement-position.ts";
export { dropDatabase } from "../drop-database.ts";
export { completeStatements, type StatementText } from "../migrations/split-statements.ts";

export interface ConsoleField {
  readonly name: string;
  /** The type's number in the catalogue of PostgreSQL. */
  readonly oid: number;
}

export interface ConsoleResult {
  /** "SELECT", "INSERT" ... */
  readonly command: string;
  /** Rows returned or changed; null for statements that do neither. */
  readonly rowCount: number | null;
  /** Of the rows; empty when the statement returns none. */
  readonly fields: readonly ConsoleField[];
  readonly rows: readonly (readonly (string | null)[])[];
}

export interface Console {
  /** One statement. Throws DatabaseError. */
  run(text: string, values?: readonly (string | null)[]): Promise<ConsoleResult>;
  /** "I": no transaction, "T": in one, "E": in one that failed. */
  readonly transactionStatus: "I" | "T" | "E";
  /** Ends the statement that runs now. */
  cancel(): Promise<void>;
  close(): Promise<void>;
}

const connectTimeoutMs = 10_000;
const asText = (text: string): string => text;

/** `name`: for messages. `onNotice`: what the server says beside results. Throws DatabaseError. */
export async function openConsole(
  connectionString: string,
  name: string,
  onNotice: (message: string) => void = () => {},
): Promise<Console> {
  const client = await connect(connectionString, name);
  client.on("notice", ({ severity, message }) => onNotice(`${severity ?? "NOTICE"}: ${message ?? ""}`));
  client.on("notification", ({ channel, payload }) => onNotice(`NOTIFICATION ${channel}: ${payload ?? ""}`));
  return {
    async run(text, values = []) {
      try {
        const query = { text, values: [...values], rowMode: "array" as const, types: { getTypeParser: () => asText } };
        const { command, rowCount, fields, rows } = await client.query<(string | null)[]>(query);
        return { command, rowCount, rows, fields: fields.map(({ name, dataTypeID: oid }) => ({ name, oid })) };
      } catch (error) {
        throw toDatabaseError(error, name);
      }
    },
    get transactionStatus() {
      return (client.getTransactionStatus() ?? "I") as "I" | "T" | "E";
    },
    cancel: async () => {
      const { processID } = client as unknown as { processID: number };
      const other = await connect(connectionString, name);
      await other.query("SELECT pg_cancel_backend($1)", [processID]).finally(() => other.end());
    },
    close: () => client.end(),
  };
}

/** A value as it stands in JSON: numbers, booleans, JSON and arrays as such, everything else as text. */
export function jsonValueOf(oid: number, text: string | null): unknown {
  if (text === null) return null;
  const value = decoderFor(oid)(text);
  // Dates, bytes and numerics keep the form that PostgreSQL reads.
  return value instanceof Date || Buffer.isBuffer(value) || value instanceof Decimal ? text : value;
}

async function connect(connectionString: string, name: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: "tenon db",
    keepAlive: true,
  });
  client.on("error", () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    if (sqlStateOf(error) !== undefined) throw toDatabaseError(error, name);
    throw new DatabaseError("database_unavailable", name, (error as Error).message, { cause: error });
  }
}
