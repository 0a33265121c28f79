// The span of one SQL statement, with OpenTelemetry's names. Parameters never go into it.
import { currentCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan, SpanContext } from "../telemetry/span.ts";
import { summarizeStatement } from "./statement-summary.ts";

export interface TraceTarget {
  /** As declared in the app. */
  readonly database: string;
  /** The name on the server; absent where a driver does not tell. */
  readonly namespace?: string | undefined;
}

const longestText = 10_000;

/** `parent`: a transaction; without one it is the call that the running code serves. */
export function startStatementSpan(target: TraceTarget, text: string, parent?: SpanContext): RecordingSpan {
  const summary = summarizeStatement(text);
  const call = currentCall();
  return startSpan({
    name: summary.name,
    kind: "client",
    // Outside of a call (start-up) nobody but the database says whose statement it is.
    service: call?.service ?? target.database,
    parent: parent ?? call?.span,
    attributes: {
      "db.system.name": "postgresql",
      ...(target.namespace === undefined ? {} : { "db.namespace": target.namespace }),
      "db.operation.name": summary.operation,
      "db.query.text": text.length > longestText ? `${text.slice(0, longestText)}...` : text,
    },
  });
}
