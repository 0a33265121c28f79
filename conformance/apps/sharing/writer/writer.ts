import { api } from "encore.dev/api";
import { events } from "../shared/db";
import { db } from "./db";
import { Store } from "./store";

const store = new Store(db);
await db.exec`INSERT INTO entries (text, amount) VALUES ('at start', 0)`;

export const add = api(
  { expose: true, method: "POST", path: "/entries" },
  async ({ text, amount }: { text: string; amount: number }): Promise<{ id: number }> => {
    const id = await store.add(text, amount);
    await events.exec`INSERT INTO events (what, data) VALUES ('added', ${["entry", id]})`;
    return { id };
  },
);

/** Commits, or not: left without commit it is rolled back. */
export const attempt = api(
  { expose: true, method: "POST", path: "/attempts" },
  async ({ text, how }: { text: string; how: "commit" | "rollback" | "leave" }): Promise<{ inside: number }> => {
    await using tx = await db.begin();
    await new Store(tx).add(text, 1);
    const inside = await tx.rawQueryAll("SELECT 1 FROM entries WHERE text = $1", text);
    if (how === "commit") await tx.commit();
    if (how === "rollback") await tx.rollback();
    return { inside: inside.length };
  },
);
