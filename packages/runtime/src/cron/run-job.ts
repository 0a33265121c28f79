// One run of a job: a call of its endpoint like any other, by the caller "cron", in a trace of its own and without a deadline.
import type { CronJob } from "@tenon/model";
import { Cancellation } from "../call/cancellation.ts";
import { type CallContext, runInCall } from "../call/context.ts";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { newRequestId } from "../call/request-id.ts";
import { callInProcess } from "../call/transport-in-process.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { JobRun } from "./scheduler.ts";

/** Never rejects: the endpoint has logged what went wrong. */
export async function runJob(hosted: HostedEndpoint, job: CronJob, tickAt: number | null): Promise<JobRun> {
  const span = startSpan({
    name: `cron ${job.name}`,
    kind: "internal",
    service: job.service,
    attributes: {
      "tenon.cron.job": job.name,
      "tenon.cron.trigger": tickAt === null ? "manual" : "schedule",
      ...(tickAt === null ? {} : { "tenon.cron.tick": new Date(tickAt).toISOString() }),
    },
  });
  const cancellation = new Cancellation(undefined);
  const context: CallContext = {
    span,
    service: "cron",
    endpoint: job.name,
    requestId: newRequestId(),
    deadlineAt: undefined,
    signal: cancellation.signal,
    caller: undefined,
  };
  try {
    await runInCall(context, () =>
      callInProcess(hosted, {}, span, context, Number.POSITIVE_INFINITY, cancellation, undefined),
    );
    return { ok: true, traceId: span.traceId };
  } catch (error) {
    span.fail(error);
    return { ok: false, traceId: span.traceId };
  } finally {
    cancellation.release();
    span.end();
  }
}
