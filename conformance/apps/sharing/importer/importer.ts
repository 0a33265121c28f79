import { api } from "encore.dev/api";
import { db } from "../writer/db";

export const count = api({ expose: true, method: "GET", path: "/count" }, async (): Promise<{ count: number }> => {
  const row = await db.rawQueryRow<{ count: number }>("SELECT count(*) AS count FROM entries");
  return { count: row!.count };
});
