// Keeps what happened, in the order in which it did; also takes a subscription of its own.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { SQLDatabase } from "tenon/storage/sqldb";
import { placed } from "../orders/orders.ts";

const db = new SQLDatabase("journal", { migrations: "./migrations" });

interface Note {
  kind: string;
  id: string;
  attempt: number;
  text: string;
}

export const note = api({}, async ({ kind, id, attempt, text }: Note): Promise<void> => {
  await db.exec`insert into notes (kind, id, attempt, text) values (${kind}, ${id}, ${attempt}, ${text})`;
});

export const list = api(
  { method: "GET", path: "/notes", expose: true },
  async (): Promise<{ notes: Note[] }> => ({
    notes: await db.queryAll<Note>`select kind, id, attempt, text from notes order by place`,
  }),
);

new Subscription(placed, "count", {
  handler: async ({ id }) => note({ kind: "count", id, attempt: 1, text: "" }),
});
