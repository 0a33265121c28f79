// The database: every way to ask it, with transactions and connections of one's own.
import { APIError, api } from "encore.dev/api";
import {
  type Connection,
  type Primitive,
  type ResultRow,
  SQLDatabase,
  type SQLDatabaseConfig,
  type SQLMigrationsConfig,
  type Transaction,
} from "encore.dev/storage/sqldb";

const migrations: SQLMigrationsConfig = { path: "./migrations" };
const config: SQLDatabaseConfig = { migrations };

export const db = new SQLDatabase("library", { migrations: "./migrations" });
const same = SQLDatabase.named("library");

interface Book {
  id: number;
  title: string;
}

const titles = async (rows: AsyncIterable<ResultRow>): Promise<string[]> => {
  const found: string[] = [];
  for await (const { title } of rows) found.push(String(title));
  return found;
};

export const addBook = api({ method: "POST", path: "/books", expose: true }, async ({ title }: { title: string }) => {
  const row = await db.queryRow<Book>`insert into books (title) values (${title}) returning id, title`;
  return { id: row!.id, title: row!.title };
});

export const getBook = api(
  { method: "GET", path: "/books/:id", expose: true },
  async ({ id }: { id: number }): Promise<Book> => {
    const book = await same.queryRow<Book>`select id, title from books where id = ${id}`;
    if (book === null) throw APIError.notFound("no such book").withDetails({ id });
    return book;
  },
);

interface Shelf {
  fromGenerator: string[];
  fromRawGenerator: string[];
  all: Book[];
  rawAll: Book[];
  rawRow: string;
  kept: string | null;
  rolledBack: string | null;
  disposed: string | null;
  ownConnection: number;
  connects: boolean;
  configured: boolean;
}

async function titleOf(id: Primitive): Promise<string | null> {
  return (await db.queryRow<Book>`select title from books where id = ${id}`)?.title ?? null;
}

async function rename(tx: Transaction, id: number, title: string): Promise<void> {
  await tx.exec`update books set title = ${title} where id = ${id}`;
}

export const shelf = api(
  { method: "GET", path: "/shelf/:id", expose: true },
  async ({ id }: { id: number }): Promise<Shelf> => {
    const kept = await db.begin();
    await rename(kept, id, "kept");
    await kept.commit();
    const afterCommit = await titleOf(id);

    const undone = await db.begin();
    await rename(undone, id, "undone");
    await undone.rollback();
    const afterRollback = await titleOf(id);

    {
      await using forgotten = await db.begin();
      await rename(forgotten, id, "forgotten");
    }
    const afterDispose = await titleOf(id);

    const connection: Connection = await db.acquire();
    const own = await connection.queryRow<{ n: number }>`select 40 + 2 as n`;
    await connection.close();

    await db.exec`insert into books (title) values ('by exec')`;
    await db.rawExec("update books set title = $1 where title = $2", "by rawExec", "by exec");
    return {
      fromGenerator: await titles(db.query`select title from books order by id`),
      fromRawGenerator: await titles(db.rawQuery("select title from books where id > $1 order by id", id)),
      all: await db.queryAll<Book>`select id, title from books order by id`,
      rawAll: await db.rawQueryAll<Book>("select id, title from books where id = $1", id),
      rawRow: (await db.rawQueryRow<Book>("select title from books where title = $1", "by rawExec"))!.title,
      kept: afterCommit,
      rolledBack: afterRollback,
      disposed: afterDispose,
      ownConnection: own!.n,
      connects: db.connectionString.startsWith("postgres"),
      configured: config.migrations === migrations,
    };
  },
);
