// Acknowledges a note once it is stored and published.
import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";
import { noted } from "./noted.ts";

const db = new SQLDatabase("notes", { migrations: "./migrations" });

/** Every second message leaves in the transaction of its note, the others after it. */
export const add = api({}, async ({ id, text }: { id: number; text: string }): Promise<void> => {
  const isTogether = id % 2 === 0;
  await db.transaction(async (tx) => {
    await tx.exec`insert into notes (id, text) values (${id}, ${text}) on conflict do nothing`;
    if (isTogether) await noted.publish({ id });
  });
  if (!isTogether) await noted.publish({ id });
});

export const all = api(
  {},
  async (): Promise<{ ids: number[] }> => ({
    ids: (await db.queryAll<{ id: number }>`select id from notes order by id`).map(({ id }) => id),
  }),
);
