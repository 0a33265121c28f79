// Starts the cron jobs whose endpoints this process hosts; what runs them is loaded only where there are any.
import type { Graph } from "@tenon/model";
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import { HostError } from "../lifecycle/host-error.ts";
import type { CronConfig } from "./cron-config.ts";
import type { CronStore } from "./cron-store.ts";
import type { Scheduler } from "./scheduler.ts";

/**
 * `shared`: the store of workers of one machine, for an app without a database; `isTold`: another clock tells of ticks. undefined: there are
 * no jobs. Throws HostError `cron_store_unavailable`.
 */
export async function startCron(
  graph: Graph,
  hosted: ReadonlyMap<string, HostedEndpoint>,
  config: CronConfig | undefined,
  { shared, isTold = false }: { readonly shared?: CronStore | undefined; readonly isTold?: boolean } = {},
): Promise<Scheduler | undefined> {
  const jobs = (graph.cronJobs ?? []).filter(({ service, endpoint }) => hosted.has(`${service}.${endpoint}`));
  if (jobs.length === 0) return undefined;
  const [store, { runJob }, { Scheduler }] = await Promise.all([
    openStore(config, shared),
    import("./run-job.ts"),
    import("./scheduler.ts"),
  ]);
  const scheduler = new Scheduler(jobs, store, (job, tickAt) =>
    runJob(hosted.get(`${job.service}.${job.endpoint}`)!, job, tickAt),
  );
  try {
    await (isTold ? scheduler.prepare() : scheduler.start());
  } catch (error) {
    await scheduler.stop(0).catch(() => {});
    throw new HostError("cron_store_unavailable", { reason: (error as Error).message }, error);
  }
  return scheduler;
}

async function openStore(config: CronConfig | undefined, shared: CronStore | undefined): Promise<CronStore> {
  if (config?.kind === "postgres") {
    const { createPostgresStore } = await import("./postgres-store.ts");
    return createPostgresStore(config.connectionString);
  }
  if (shared !== undefined) return shared;
  const { createMemoryStore } = await import("./memory-store.ts");
  return createMemoryStore();
}
