import { api } from "encore.dev/api";
import type { Book, Books, NewBook } from "../book";
import { prisma } from "./database";

export const add = api(
  { expose: true, method: "POST", path: "/prisma/books" },
  async (book: NewBook): Promise<Book> => {
    return prisma.$transaction(async (tx) => tx.book.create({ data: book }));
  },
);

export const list = api({ expose: true, method: "GET", path: "/prisma/books" }, async (): Promise<Books> => {
  return { books: await prisma.book.findMany({ orderBy: { id: "asc" } }) };
});

/** More statements at once than the pool has connections. */
export const crowd = api(
  { expose: true, method: "GET", path: "/prisma/crowd" },
  async (): Promise<{ count: number }> => {
    const found = await Promise.all(
      Array.from({ length: 25 }, (_, index) => prisma.book.findFirst({ where: { id: index } })),
    );
    return { count: found.length };
  },
);

/** Fails in the database. */
export const broken = api({ expose: true, method: "GET", path: "/prisma/broken" }, async (): Promise<void> => {
  await prisma.$queryRawUnsafe("SELECT nothing FROM nowhere");
});
