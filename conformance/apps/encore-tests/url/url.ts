// Short names for addresses.
import { api, APIError } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import type { MinLen } from "encore.dev/validate";
import { newId } from "./new-id";

const db = new SQLDatabase("url", { migrations: "./migrations" });

interface Shortened {
  id: string;
  url: string;
}

export const shorten = api(
  { expose: true, method: "POST", path: "/url" },
  async ({ url }: { url: string & MinLen<4> }): Promise<Shortened> => {
    const id = newId();
    await db.exec`INSERT INTO url (id, original_url) VALUES (${id}, ${url})`;
    return { id, url };
  },
);

export const get = api(
  { expose: true, method: "GET", path: "/url/:id" },
  async ({ id }: { id: string }): Promise<Shortened> => {
    const row = await db.queryRow<{ original_url: string }>`SELECT original_url FROM url WHERE id = ${id}`;
    if (!row) throw APIError.notFound("url not found");
    return { id, url: row.original_url };
  },
);

export const count = api({}, async (): Promise<{ count: number }> => {
  const row = await db.queryRow<{ count: number }>`SELECT count(*)::int AS count FROM url`;
  return { count: row!.count };
});
