// Books behind a query builder, which has its own connections.
import { drizzle } from "drizzle-orm/node-postgres";
import { pgTable, serial, text } from "drizzle-orm/pg-core";
import { api } from "tenon/api";
import { SQLDatabase } from "tenon/storage/sqldb";

const database = new SQLDatabase("shelf", { migrations: "./migrations" });
const orm = drizzle(database.connectionString);
const books = pgTable("books", { id: serial().primaryKey(), title: text().notNull() });

interface Book {
  id: number;
  title: string;
}

export const add = api({}, async ({ title }: { title: string }): Promise<Book> => {
  const [book] = await orm.insert(books).values({ title }).returning();
  return book!;
});

export const list = api({}, async (): Promise<{ books: Book[] }> => {
  return { books: await orm.select().from(books).orderBy(books.id) };
});
