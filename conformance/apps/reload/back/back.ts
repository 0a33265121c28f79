// The callee, and all the ways for a process to come to an end.
import { api } from "tenon/api";
import log from "tenon/log";
import { SQLDatabase } from "tenon/storage/sqldb";

const db = new SQLDatabase("back", { migrations: "./migrations" });

const backVersion = "back-0";

export const version = api({}, async () => ({ version: backVersion }));

export const pid = api({ method: "GET", path: "/pid", expose: true }, async () => ({ pid: process.pid }));

export const names = api({ method: "GET", path: "/names", expose: true }, async () => ({
  names: (await db.queryAll<{ name: string }>`select name from names order by name`).map(({ name }) => name),
}));

export const say = api({ method: "POST", path: "/say", expose: true }, async ({ text }: { text: string }) => {
  log.info(text, { said: true });
  console.log(`printed ${text}`);
});

export const die = api(
  { method: "POST", path: "/die", expose: true },
  async ({ how }: { how: "exit" | "timer" | "rejection" }): Promise<void> => {
    if (how === "exit") process.exit(7);
    if (how === "timer") setTimeout(() => JSON.parse("{"), 1);
    if (how === "rejection") void Promise.reject(new Error("nobody handles this"));
    await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
);
