// Makes a span of a statement, with OpenTelemetry's names, and turns failures into DatabaseErrors. Parameters never go into it.
import { DatabaseMetrics } from "../metrics/database-metrics.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { currentCall } from "../call/context.ts";
import { toDatabaseError } from "./postgres-error.ts";
import { summarizeStatement } from "./statement-summary.ts";

export interface TraceTarget {
  /** As declared in the app. */
  readonly database: string;
  /** The name on the server. */
  readonly namespace: string;
}

const longestText = 10_000;

export async function traceStatement<T>(
  target: TraceTarget,
  text: string,
  parent: SpanContext | undefined,
  run: (countRows: (count: number) => void) => Promise<T>,
): Promise<T> {
  const summary = summarizeStatement(text);
  const call = currentCall();
  const span = startSpan({
    name: summary.name,
    kind: "client",
    // Outside of a call (start-up) nobody but the database says whose statement it is.
    service: call?.service ?? target.database,
    parent: parent ?? call?.span,
    attributes: {
      "db.system.name": "postgresql",
      "db.namespace": target.namespace,
      "db.operation.name": summary.operation,
      "db.query.text": text.length > longestText ? `${text.slice(0, longestText)}...` : text,
    },
  });
  const metrics = DatabaseMetrics.of(target.database);
  const startedAtMs = performance.now();
  let failed = false;
  metrics.begin();
  try {
    return await run((count) => span.set("db.response.returned_rows", count));
  } catch (cause) {
    failed = true;
    const error = toDatabaseError(cause, target.database);
    if (error.sqlState !== undefined) span.set("db.response.status_code", error.sqlState);
    span.set("error.type", error.sqlState ?? error.code);
    span.fail(error);
    throw error;
  } finally {
    span.end();
    metrics.end(failed, performance.now() - startedAtMs);
  }
}
