import { api } from "encore.dev/api";
import type { Book, Books, NewBook } from "../book";
import { BookModel, sequelize } from "./database";

export const add = api(
  { expose: true, method: "POST", path: "/sequelize/books" },
  async (book: NewBook): Promise<Book> => {
    const added = await sequelize.transaction((transaction) => BookModel.create(book, { transaction }));
    return added.toJSON();
  },
);

export const list = api({ expose: true, method: "GET", path: "/sequelize/books" }, async (): Promise<Books> => {
  const found = await BookModel.findAll({ order: ["id"] });
  return { books: found.map((book) => book.toJSON()) };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/sequelize/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => BookModel.findByPk(index).then((book) => book?.title)),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/sequelize/broken" }, async (): Promise<void> => {
  await sequelize.query("SELECT nothing FROM nowhere");
});
