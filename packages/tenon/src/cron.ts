// `tenon/cron`: endpoints that are called by the clock.
export { CronJob, type CronJobConfig } from "@tenon/runtime";
