import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import { type Generated, Kysely, PostgresDialect, sql } from "kysely";
import { Pool } from "pg";
import type { Book, Books, NewBook } from "../book";

const DB = new SQLDatabase("kysely_books", { migrations: "./migrations" });
const pool = new Pool({ connectionString: DB.connectionString, max: 3 });
const db = new Kysely<{ books: { id: Generated<number>; title: string; pages: number } }>({
  dialect: new PostgresDialect({ pool }),
});

export const add = api(
  { expose: true, method: "POST", path: "/kysely/books" },
  async (book: NewBook): Promise<Book> => {
    return db
      .transaction()
      .execute((tx) => tx.insertInto("books").values(book).returningAll().executeTakeFirstOrThrow());
  },
);

export const list = api({ expose: true, method: "GET", path: "/kysely/books" }, async (): Promise<Books> => {
  return { books: await db.selectFrom("books").selectAll().orderBy("id").execute() };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/kysely/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => db.selectFrom("books").selectAll().where("id", "=", index).execute()),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/kysely/broken" }, async (): Promise<void> => {
  await sql`SELECT nothing FROM nowhere`.execute(db);
});
