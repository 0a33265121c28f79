import { CronJob } from "encore.dev/cron";
import { fail, tick } from "./beat";

const second = "1s";

const _ = new CronJob("every-second", { title: "Counts", every: second, endpoint: tick });

export const failing = new CronJob("failing", { schedule: "0 4 1 1 *", timeZone: "Europe/Berlin", endpoint: fail });
