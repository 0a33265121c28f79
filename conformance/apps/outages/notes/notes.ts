// Acknowledges a note once it is stored and published.
import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";
import { noted } from "./noted.ts";

const db = new SQLDatabase("notes", { migrations: "./migrations" });

export const add = api({}, async ({ id, text }: { id: number; text: string }): Promise<void> => {
  await db.transaction((tx) => tx.exec`insert into notes (id, text) values (${id}, ${text}) on conflict do nothing`);
  await noted.publish({ id });
});

export const all = api(
  {},
  async (): Promise<{ ids: number[] }> => ({
    ids: (await db.queryAll<{ id: number }>`select id from notes order by id`).map(({ id }) => id),
  }),
);
