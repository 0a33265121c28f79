import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { events } from "../shared/db";

const journal = SQLDatabase.named("journal");

interface Entry {
  text: string;
  amount: number;
}

export const list = api({ expose: true, method: "GET", path: "/entries" }, async (): Promise<{ entries: Entry[] }> => {
  const entries: Entry[] = [];
  for await (const { text, amount } of journal.query`SELECT text, amount FROM entries ORDER BY id`) {
    entries.push({ text, amount: Number(amount.add("0.5").value) });
  }
  return { entries };
});

export const history = api(
  { expose: true, method: "GET", path: "/history" },
  async (): Promise<{ data: (string | number)[][] }> => {
    const connection = await events.acquire();
    try {
      const rows = await connection.queryAll<{ data: (string | number)[] }>`SELECT data FROM events ORDER BY id`;
      return { data: rows.map(({ data }) => data) };
    } finally {
      await connection.close();
    }
  },
);
