import { api } from "encore.dev/api";
import type { Book, Books, NewBook } from "../book";
import { BookEntity } from "./book-entity";
import { source } from "./database";

export const add = api(
  { expose: true, method: "POST", path: "/typeorm/books" },
  async (book: NewBook): Promise<Book> => {
    const added = await source.transaction((manager) => manager.save(manager.create(BookEntity, book)));
    return { id: added.id, title: added.title, pages: added.pages };
  },
);

export const list = api({ expose: true, method: "GET", path: "/typeorm/books" }, async (): Promise<Books> => {
  const books = await source.getRepository(BookEntity).find({ order: { id: "ASC" } });
  return { books };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/typeorm/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => source.getRepository(BookEntity).findOneBy({ id: index + 1 })),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/typeorm/broken" }, async (): Promise<void> => {
  await source.query("SELECT nothing FROM nowhere");
});
