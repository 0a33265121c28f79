import "reflect-metadata";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { DataSource } from "typeorm";
import { BookEntity } from "./book-entity";

const DB = new SQLDatabase("typeorm_books", { migrations: "./migrations" });

export const source = new DataSource({
  type: "postgres",
  url: DB.connectionString,
  entities: [BookEntity],
  poolSize: 3,
});

await source.initialize();
