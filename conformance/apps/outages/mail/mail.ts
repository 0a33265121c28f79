// Handles every published note, in a database of its own.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { SQLDatabase } from "tenon/storage/sqldb";
import { noted } from "../notes/noted.ts";

const db = new SQLDatabase("mail", { migrations: "./migrations" });

export const follow = new Subscription(noted, "send-mail", {
  retryPolicy: { minBackoff: "100ms", maxBackoff: "1s", maxRetries: 1000 },
  handler: async ({ id }) => {
    await db.exec`insert into handled (id) values (${id}) on conflict do nothing`;
  },
});

export const all = api(
  {},
  async (): Promise<{ ids: number[] }> => ({
    ids: (await db.queryAll<{ id: number }>`select id from handled order by id`).map(({ id }) => id),
  }),
);
