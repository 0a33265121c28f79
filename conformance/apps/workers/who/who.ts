// Tells which process answers, takes its time, and counts: enough to see from outside what several workers do.
import { appendFileSync } from "node:fs";
import { api } from "tenon/api";
import { CronJob } from "tenon/cron";
import { Counter, Gauge } from "tenon/metrics";

const asked = new Counter("asked_total");
const pid = new Gauge("newest_pid", { acrossWorkers: "max" });
pid.set(process.pid);

export const who = api({ method: "GET", path: "/who", expose: true }, async (): Promise<{ pid: number }> => {
  asked.increment();
  return { pid: process.pid };
});

export const slow = api(
  { method: "GET", path: "/slow/:ms", expose: true },
  async ({ ms }: { ms: number }): Promise<{ pid: number }> => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    return { pid: process.pid };
  },
);

export const tick = api({}, async (): Promise<void> => {
  const file = process.env["TICKS_FILE"];
  if (file !== undefined) appendFileSync(file, `${Math.floor(Date.now() / 1000)} ${process.pid}\n`);
});

new CronJob("every-second", { every: "1s", endpoint: tick });
