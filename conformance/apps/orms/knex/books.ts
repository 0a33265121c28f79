import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import knex from "knex";
import type { Book, Books, NewBook } from "../book";

const SiteDB = new SQLDatabase("siteDB", { migrations: "./migrations" });
const orm = knex({ client: "pg", connection: SiteDB.connectionString, pool: { min: 2, max: 3 } });
const books = () => orm<Book>("books");

export const add = api({ expose: true, method: "POST", path: "/knex/books" }, async (book: NewBook): Promise<Book> => {
  const [added] = await orm.transaction((trx) => trx<Book>("books").insert(book).returning(["id", "title", "pages"]));
  return added as Book;
});

export const list = api({ expose: true, method: "GET", path: "/knex/books" }, async (): Promise<Books> => {
  return { books: await books().select("id", "title", "pages").orderBy("id") };
});

/** More statements at once than the pool has connections. */
export const crowd = api({ expose: true, method: "GET", path: "/knex/crowd" }, async (): Promise<{ count: number }> => {
  const found = await Promise.all(Array.from({ length: 25 }, (_, index) => books().where("id", index).first()));
  return { count: found.length };
});

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/knex/broken" }, async (): Promise<void> => {
  await orm.raw("SELECT nothing FROM nowhere");
});
