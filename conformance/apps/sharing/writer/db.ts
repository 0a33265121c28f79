import { SQLDatabase } from "encore.dev/storage/sqldb";

export const db = new SQLDatabase("journal", { migrations: "migrations" });
