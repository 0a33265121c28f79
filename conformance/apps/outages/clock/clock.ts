// Writes down that the clock called.
import { api } from "tenon/api";
import { CronJob } from "tenon/cron";
import { SQLDatabase } from "tenon/storage/sqldb";

const db = new SQLDatabase("clock", { migrations: "./migrations" });

export const tick = api({}, async (): Promise<void> => {
  await db.exec`insert into ticks default values`;
});

export const job = new CronJob("every-second", { every: "1s", endpoint: tick });

export const count = api({}, async (): Promise<{ ticks: number }> => {
  const row = await db.queryRow<{ n: number }>`select count(*) as n from ticks`;
  return { ticks: row?.n ?? 0 };
});
