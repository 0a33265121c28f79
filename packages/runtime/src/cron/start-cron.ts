// Starts the cron jobs whose endpoints this process hosts.
import type { Graph } from "@tenon/model";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { HostError } from "../lifecycle/host-error.ts";
import type { CronConfig } from "./cron-config.ts";
import { createMemoryStore } from "./memory-store.ts";
import { createPostgresStore } from "./postgres-store.ts";
import { runJob } from "./run-job.ts";
import { Scheduler } from "./scheduler.ts";

/** undefined: there are none. Throws HostError `cron_store_unavailable`. */
export async function startCron(
  graph: Graph,
  hosted: ReadonlyMap<string, HostedEndpoint>,
  config: CronConfig | undefined,
): Promise<Scheduler | undefined> {
  const jobs = (graph.cronJobs ?? []).filter(({ service, endpoint }) => hosted.has(`${service}.${endpoint}`));
  if (jobs.length === 0) return undefined;
  const store = config?.kind === "postgres" ? createPostgresStore(config.connectionString) : createMemoryStore();
  const scheduler = new Scheduler(jobs, store, (job, tickAt) =>
    runJob(hosted.get(`${job.service}.${job.endpoint}`)!, job, tickAt),
  );
  try {
    await scheduler.start();
  } catch (error) {
    await scheduler.stop(0).catch(() => {});
    throw new HostError("cron_store_unavailable", { reason: (error as Error).message }, error);
  }
  return scheduler;
}
