// Writes numbers down: what it acknowledged must be there whatever is killed.
import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";

const db = new SQLDatabase("ledger", { migrations: "./migrations" });

export const add = api({}, async ({ n }: { n: number }): Promise<void> => {
  await db.exec`insert into entries (n) values (${n}) on conflict do nothing`;
});

export const all = api(
  {},
  async (): Promise<number[]> =>
    (await db.queryAll<{ n: number }>`select n from entries order by n`).map((row) => row.n),
);
