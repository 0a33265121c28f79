import { PrismaPg } from "@prisma/adapter-pg";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { PrismaClient } from "./generated/client";

const DB = new SQLDatabase("prisma_books", { migrations: { path: "./migrations", source: "prisma" } });

export const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: DB.connectionString, max: 3 }),
});
