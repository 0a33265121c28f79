// The span of a statement that a library of the app (an ORM, a query builder, a driver) sends by itself.
import type { RecordingSpan } from "../../telemetry/span.ts";
import { declaredNameOf } from "../configure-databases.ts";
import { sqlStateOf } from "../postgres-error.ts";
import { startStatementSpan } from "../statement-span.ts";

/** `namespace`: the database's name on the server, where the driver tells it. */
export function startDriverSpan(text: string, namespace: string | undefined): RecordingSpan {
  const database = (namespace === undefined ? undefined : declaredNameOf(namespace)) ?? namespace ?? "postgresql";
  return startStatementSpan({ database, namespace }, text);
}

/** `rows`: how many came back; undefined where that is not known. */
export function endDriverSpan(span: RecordingSpan, rows: number | undefined): void {
  if (rows !== undefined) span.set("db.response.returned_rows", rows);
  span.end();
}

export function failDriverSpan(span: RecordingSpan, error: unknown): void {
  const state = sqlStateOf(error);
  if (state !== undefined) span.set("db.response.status_code", state);
  span.set("error.type", state ?? (error instanceof Error ? error.name : "error"));
  span.fail(error);
  span.end();
}
