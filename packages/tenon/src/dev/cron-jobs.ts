// The cron jobs of the running app, for the dashboard and `tenon cron`: when each runs next, and running one because somebody asks.
import { request as sendRequest } from "node:http";
import type { CronJob, Graph } from "@tenon/model";
import { CRON_PATH, createSchedule, type JobRun, parseAddress } from "@tenon/runtime";

export interface CronJobsOptions {
  readonly credential: string;
  getGraph(): Graph | null;
  /** Address of the process that hosts a service. */
  locate(service: string): Promise<string>;
}

export class CronJobs {
  readonly #options: CronJobsOptions;

  constructor(options: CronJobsOptions) {
    this.#options = options;
  }

  /** Epoch milliseconds. */
  nextRunAt(job: CronJob): number | null {
    return createSchedule(job.schedule).next(Date.now());
  }

  /** undefined: there is no such job. Resolves when the run has ended. */
  async run(name: string): Promise<JobRun | undefined> {
    const job = this.#options.getGraph()?.cronJobs?.find((one) => one.name === name);
    if (job === undefined) return undefined;
    const address = await this.#options.locate(job.service);
    return post(address, `${CRON_PATH}${encodeURIComponent(name)}`, this.#options.credential);
  }
}

function post(address: string, path: string, credential: string): Promise<JobRun> {
  return new Promise((resolve, reject) => {
    const headers = { "x-tenon-credential": credential, "content-length": 0 };
    const request = sendRequest({ ...parseAddress(address), method: "POST", path, headers }, async (response) => {
      try {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        if (response.statusCode === 200) resolve(JSON.parse(text) as JobRun);
        else reject(new Error(`the service answered ${response.statusCode}: ${text}`));
      } catch (error) {
        reject(error);
      }
    });
    request.on("error", reject);
    request.end();
  });
}
