import { SQLDatabase } from "encore.dev/storage/sqldb";

export const events = new SQLDatabase("app_events", { migrations: "./migrations" });
