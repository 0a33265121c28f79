import { drizzle } from "drizzle-orm/postgres-js";
import { SQLDatabase } from "encore.dev/storage/sqldb";

const DB = new SQLDatabase("drizzlejs_books", { migrations: { path: "./drizzle", source: "drizzle/v1" } });

export const db = drizzle(DB.connectionString);
