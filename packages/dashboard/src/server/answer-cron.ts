// `GET /api/cron` and `POST /api/cron/:name/run`.
import type { ServerResponse } from "node:http";
import type { CronJob, Graph } from "@tenon/model";
import { RequestError } from "./errors.ts";
import { respondJson } from "./respond.ts";

/** What runs the app's cron jobs. */
export interface CronControl {
  /** Epoch milliseconds; null: never again. */
  nextRunAt(job: CronJob): number | null;
  /** Runs a job now and resolves when it has ended; undefined: there is none of that name. */
  run(name: string): Promise<{ readonly traceId: string; readonly ok: boolean } | undefined>;
}

export function answerCronJobs(response: ServerResponse, graph: Graph | null, cron: CronControl | undefined): void {
  const jobs = (graph?.cronJobs ?? []).map((job) => ({ ...job, nextRunAt: cron?.nextRunAt(job) ?? null }));
  respondJson(response, 200, { jobs });
}

export async function runCronJob(response: ServerResponse, name: string, cron: CronControl | undefined): Promise<void> {
  const run = await cron?.run(name);
  if (run === undefined)
    throw new RequestError("not_found", `there is no cron job "${name}"; GET /api/cron lists them`);
  respondJson(response, 200, run);
}
