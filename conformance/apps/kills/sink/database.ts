import { SQLDatabase } from "tenon/storage/sqldb";

export const db = new SQLDatabase("sink", { migrations: "./migrations" });
