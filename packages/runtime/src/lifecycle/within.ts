// Runs a service's own code with a limited time, outside of requests but within a span of its own, so that what it does is traced.
import { type CallContext, runInCall } from "../call/context.ts";
import { newRequestId } from "../call/request-id.ts";
import { newSpanId, newTraceId } from "../telemetry/ids.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { HookContext } from "./service-hooks.ts";

export interface WithinOptions {
  readonly service: string;
  /** "init"; the span is named "users.init". */
  readonly what: string;
  readonly timeoutMs: number;
  /** false: nothing of it is recorded; what is asked every few seconds would bury the traces of requests. */
  readonly isTraced?: boolean;
}

/** The time was over; the code may still be running, but nobody waits for it. */
export class TimeOver extends Error {
  override readonly name = "TimeOver";

  constructor(timeoutMs: number) {
    super(`it took longer than ${timeoutMs} ms`);
  }
}

/** Rejects with what the code threw, or with TimeOver. */
export async function within<T>(
  { service, what, timeoutMs, isTraced = true }: WithinOptions,
  run: (context: HookContext) => T | Promise<T>,
): Promise<T> {
  const parent: SpanContext | undefined = isTraced
    ? undefined
    : { traceId: newTraceId(), spanId: newSpanId(), sampled: false };
  const span = startSpan({ name: `${service}.${what}`, kind: "internal", service, parent });
  const controller = new AbortController();
  const deadlineAt = Date.now() + timeoutMs;
  const { signal } = controller;
  const context: CallContext = {
    span,
    service,
    endpoint: what,
    requestId: newRequestId(),
    deadlineAt,
    signal,
    caller: undefined,
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const error = new TimeOver(timeoutMs);
      controller.abort(error);
      reject(error);
    }, timeoutMs);
  });
  try {
    return await Promise.race([runInCall(context, async () => run({ signal, deadlineAt })), late]);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    clearTimeout(timer);
    span.end();
  }
}
