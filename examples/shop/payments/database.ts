// The database of this service: only the code in this folder can reach it.
import { SQLDatabase } from "tenon/storage/sqldb";

export const db = new SQLDatabase("payments", { migrations: "./migrations" });
