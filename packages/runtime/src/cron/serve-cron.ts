// Runs a cron job because somebody asked for it, or another clock told of its tick: POST /__tenon/cron/<job> on the internal door, answered when the run has ended.
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { RequestError } from "../call/request-error.ts";
import { respond, respondError } from "../call/respond.ts";
import type { Scheduler } from "./scheduler.ts";

export const CRON_PATH = "/__tenon/cron/";

export async function serveCron(scheduler: Scheduler | undefined, request: IncomingRequest): Promise<OutgoingResponse> {
  const name = decodeURIComponent(request.path.slice(CRON_PATH.length));
  if (request.method !== "POST" || scheduler === undefined || !scheduler.has(name)) {
    return respondError(new RequestError("cron_job_unknown", { job: name }));
  }
  // Google's clock says which tick it tells of; one that it tells of twice runs once.
  const scheduledAt = Date.parse(request.header("x-cloudscheduler-scheduletime") ?? "");
  if (!Number.isNaN(scheduledAt)) {
    return respond(JSON.stringify({ outcome: await scheduler.runTick(name, scheduledAt) }));
  }
  return respond(JSON.stringify(await scheduler.runNow(name)));
}
