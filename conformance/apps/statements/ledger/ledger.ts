// Every way to use a database, each as a case that a request names; `batch` keeps the rows of one request apart from those of others.
import { api } from "tenon/api";
import { CronJob } from "tenon/cron";
import { DatabaseError, SQLDatabase } from "tenon/storage/sqldb";
import { ledger } from "~tenon/clients";

const db = new SQLDatabase("ledger", { migrations: "./migrations" });

async function ids(batch: string): Promise<number[]> {
  const rows = await db.queryAll<{ id: number }>`select id from entries where batch = ${batch} order by id`;
  return rows.map(({ id }) => id);
}

async function fill(batch: string, count: number): Promise<number> {
  return db.exec`insert into entries (batch, id) select ${batch}, n from generate_series(1, ${count}::int) as n`;
}

const cases: Record<string, (batch: string) => Promise<unknown>> = {
  async rows(batch) {
    const inserted = await db.exec`insert into entries (batch, id) values (${batch}, 1), (${batch}, 2)`;
    const none = await db.queryRow`select id from entries where batch = ${batch} and id = ${3}`;
    const updated = await db.rawExec("update entries set amount = $2 where batch = $1", batch, 7);
    return { inserted, none, updated, ids: await ids(batch) };
  },

  /** What comes again is prepared where that is of use. */
  async "statements that come again"(batch) {
    for (let id = 1; id <= 6; id++) await db.exec`insert into entries (batch, id) values (${batch}, ${id})`;
    const sums: unknown[] = [];
    for (let id = 1; id <= 6; id++) {
      const row = await db.queryRow`select sum(id)::int as sum from entries where batch = ${batch} and id <= ${id}`;
      sums.push(row?.sum);
    }
    for (let id = 2; id <= 6; id += 2) await db.exec`delete from entries where batch = ${batch} and id = ${id}`;
    return { sums, ids: await ids(batch) };
  },

  async "values of every kind"(batch) {
    const facts = { text: "a 'quoted' ü", list: [1, { two: 2 }], none: null };
    await db.exec`insert into entries (batch, id, facts, kinds) values (${batch}, 1, ${facts}, ${["debit", "credit"]})`;
    await db.exec`insert into entries (batch, id, facts, kinds) values (${batch}, 2, ${"text"}, ${[]})`;
    return db.queryAll`select id, facts, kinds from entries where batch = ${batch} order by id`;
  },

  async "what the server refuses"(batch) {
    await fill(batch, 1);
    const codes: string[] = [];
    for (const statement of ["insert into entries (batch, id) values ($1, 1)", "select $1::int", "select nonsense($1)"])
      codes.push(await db.rawExec(statement, batch).then(() => "done", codeOf));
    return codes;
  },

  async transactions(batch) {
    await db.transaction(async (tx) => {
      await tx.exec`insert into entries (batch, id) values (${batch}, 1)`;
      await tx
        .transaction(async (inner) => {
          await inner.exec`insert into entries (batch, id) values (${batch}, 2)`;
          throw new Error("undone");
        })
        .catch(() => {});
      await tx.queryRow`select pg_advisory_xact_lock(hashtext(${batch}))`;
    });
    const failed = await db
      .transaction(async (tx) => {
        await tx.exec`insert into entries (batch, id) values (${batch}, 3)`;
        await tx.exec`insert into entries (batch, id) values (${batch}, 1)`;
      })
      .then(() => "done", codeOf);
    return { failed, ids: await ids(batch) };
  },

  async cursors(batch) {
    await fill(batch, 1_000);
    let seen = 0;
    for await (const _ of db.query`select id from entries where batch = ${batch} order by id`)
      if (++seen === 250) break;
    const inTransaction = await db.transaction(async (tx) => {
      let updated = 0;
      for await (const { id } of tx.query`select id from entries where batch = ${batch} and id % 100 = 0`)
        updated += await tx.exec`update entries set amount = 1 where batch = ${batch} and id = ${Number(id)}`;
      return updated;
    });
    return { seen, inTransaction };
  },

  async copies(batch) {
    const rows = Array.from({ length: 300 }, (_, index) => ({ batch, id: index + 1 }));
    const copied = await db.copyFrom("entries", ["batch", "id"], rows);
    let bytes = 0;
    const text = `copy (select id from entries where batch = '${batch}' order by id) to stdout`;
    for await (const chunk of db.rawCopyTo(text)) bytes += chunk.length;
    return { copied, bytes };
  },

  async "many at once"(batch) {
    await fill(batch, 50);
    const read = (id: number) =>
      db.queryRow<{ id: number }>`select id from entries where batch = ${batch} and id = ${id}`;
    const rows = await Promise.all(Array.from({ length: 50 }, (_, index) => read(index + 1)));
    return rows.every((row, index) => row?.id === index + 1);
  },

  /** The server is told to cancel it; the connection is of use afterwards. */
  async "a statement that takes too long"(batch) {
    const isGivenUp = await ledger.wait({ timeoutMs: 500 }).then(
      () => false,
      () => true,
    );
    return { isGivenUp, inserted: await fill(batch, 1) };
  },
};

function codeOf(error: unknown): string {
  return error instanceof DatabaseError ? error.code : String(error);
}

export const wait = api({}, async (): Promise<void> => {
  await db.exec`select pg_sleep(60)`;
});

export const sweep = api({}, async (): Promise<void> => {
  await db.exec`delete from entries where batch = 'nobody''s'`;
});

new CronJob("sweep", { every: "1h", endpoint: sweep });

export const run = api(
  { method: "POST", path: "/run", expose: true },
  async ({ name, batch }: { name: string; batch: string }): Promise<{ outcome: unknown }> => ({
    outcome: await cases[name]?.(batch),
  }),
);

export const list = api({ method: "GET", path: "/cases", expose: true }, async () => Object.keys(cases));
