// Makes a span of a statement of our own pool, and turns failures into DatabaseErrors.
import { DatabaseMetrics } from "../metrics/database-metrics.ts";
import type { SpanContext } from "../telemetry/span.ts";
import { toDatabaseError } from "./postgres-error.ts";
import { SourceFailure } from "./source-failure.ts";
import { startStatementSpan, type TraceTarget } from "./statement-span.ts";

export async function traceStatement<T>(
  target: TraceTarget,
  text: string,
  parent: SpanContext | undefined,
  run: (countRows: (count: number) => void) => Promise<T>,
): Promise<T> {
  const span = startStatementSpan(target, text, parent);
  const metrics = DatabaseMetrics.of(target.database);
  const startedAtMs = performance.now();
  let failed = false;
  metrics.begin();
  try {
    return await run((count) => span.set("db.response.returned_rows", count));
  } catch (cause) {
    failed = true;
    if (cause instanceof SourceFailure) {
      span.fail(cause.cause);
      throw cause.cause;
    }
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
