import { api } from "encore.dev/api";
import { SQLDatabase } from "encore.dev/storage/sqldb";
import postgres from "postgres";
import type { Book, Books, NewBook } from "../book";

const DB = new SQLDatabase("postgresjs_books", { migrations: "./migrations" });
const sql = postgres(DB.connectionString, { max: 3 });

export const add = api(
  { expose: true, method: "POST", path: "/postgresjs/books" },
  async (book: NewBook): Promise<Book> => {
    const [added] = await sql.begin((tx) => tx<Book[]>`INSERT INTO books ${tx({ ...book })} RETURNING *`);
    return added!;
  },
);

export const list = api({ expose: true, method: "GET", path: "/postgresjs/books" }, async (): Promise<Books> => {
  const books: Book[] = [];
  for await (const rows of sql<Book[]>`SELECT id, title, pages FROM books ORDER BY id`.cursor(10)) books.push(...rows);
  return { books };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/postgresjs/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => sql`SELECT * FROM books WHERE id = ${index}`),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/postgresjs/broken" }, async (): Promise<void> => {
  await sql`SELECT nothing FROM nowhere`;
});
