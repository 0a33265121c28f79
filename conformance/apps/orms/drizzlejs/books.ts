import { eq, sql } from "drizzle-orm";
import { api } from "encore.dev/api";
import type { Book, Books, NewBook } from "../book";
import { db } from "./database";
import { books } from "./schema";

export const add = api(
  { expose: true, method: "POST", path: "/drizzlejs/books" },
  async (book: NewBook): Promise<Book> => {
    const [added] = await db.transaction((tx) => tx.insert(books).values(book).returning());
    return added!;
  },
);

export const list = api({ expose: true, method: "GET", path: "/drizzlejs/books" }, async (): Promise<Books> => {
  return { books: await db.select().from(books).orderBy(books.id) };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/drizzlejs/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => db.select().from(books).where(eq(books.id, index))),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/drizzlejs/broken" }, async (): Promise<void> => {
  await db.execute(sql`SELECT nothing FROM nowhere`);
});
