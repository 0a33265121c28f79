// Transactions within transactions, transactions that are run again, and cursors in the middle of one, on a real server.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import { DatabaseError } from "./errors.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";
import type { Transaction } from "./transaction.ts";

let server: TestServer;
const db = new SQLDatabase("main");

before(async () => {
  server = await startTestServer();
  configureDatabases({ main: { connectionString: await newDatabase(server) } });
  await db.exec`CREATE TABLE notes (id int PRIMARY KEY)`;
  await db.exec`CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)`;
});

beforeEach(async () => {
  await db.exec`TRUNCATE notes, accounts`;
  await db.exec`INSERT INTO accounts VALUES (1, 100), (2, 100)`;
});

after(async () => {
  await closeDatabases();
  await server.stop();
});

const add = (tx: Transaction, id: number) => tx.exec`INSERT INTO notes VALUES (${id})`;
const ids = async () => (await db.queryAll<{ id: number }>`SELECT id FROM notes ORDER BY id`).map(({ id }) => id);
const isCode = (code: string) => (error: unknown) => error instanceof DatabaseError && error.code === code;

describe("a transaction within a transaction", () => {
  it("is undone alone when it throws, at any depth, and the outer one goes on", async () => {
    await db.transaction(async (tx) => {
      await add(tx, 1);
      await assert.rejects(
        tx.transaction(async (inner) => {
          await add(inner, 2);
          throw new Error("the user's own");
        }),
        /the user's own/,
      );
      await tx.transaction(async (inner) => {
        await add(inner, 3);
        await assert.rejects(
          inner.transaction((innermost) => add(innermost, 1)),
          isCode("unique_violation"),
        );
        await add(inner, 4);
      });
    });
    assert.deepEqual(await ids(), [1, 3, 4]);
  });

  it("goes with the outer one when that is rolled back", async () => {
    const tx = await db.begin();
    assert.equal(await tx.transaction((inner) => add(inner, 1)), 1);
    await tx.rollback();
    assert.deepEqual(await ids(), []);
  });

  it("refuses what would mix it up with the outer one or come after its end", async () => {
    await db.transaction(async (tx) => {
      let escaped: Transaction | undefined;
      await tx.transaction(async (inner) => {
        escaped = inner;
        await assert.rejects(
          tx.transaction(async () => {}),
          isCode("transaction_nested"),
        );
        await assert.rejects(tx.commit(), isCode("transaction_nested"));
      });
      await assert.rejects(add(escaped!, 5), isCode("transaction_finished"));
      await add(tx, 6);
    });
    assert.deepEqual(await ids(), [6]);
  });

  it("may be rolled back by hand", async () => {
    await db.transaction(async (tx) => {
      await tx.transaction(async (inner) => {
        await add(inner, 1);
        await inner.rollback();
      });
      await add(tx, 2);
    });
    assert.deepEqual(await ids(), [2]);
  });
});

describe("retries", () => {
  /** Both read everything before either writes, so that one of them has to give way. */
  async function collide(retries: number): Promise<{ runs: number; outcomes: PromiseSettledResult<void>[] }> {
    let runs = 0;
    let arrived = 0;
    let open = (): void => {};
    const both = new Promise<void>((resolve) => {
      open = resolve;
    });
    const transfer = (from: number) =>
      db.transaction(
        async (tx) => {
          runs++;
          await tx.queryAll`SELECT sum(balance) FROM accounts`;
          if (++arrived === 2) open();
          await both;
          await tx.exec`UPDATE accounts SET balance = balance - 1 WHERE id = ${from}`;
        },
        { isolationLevel: "serializable", retries },
      );
    return { outcomes: await Promise.allSettled([transfer(1), transfer(2)]), runs };
  }

  it("run a serialization failure again until it works", async () => {
    const { outcomes, runs } = await collide(5);
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ["fulfilled", "fulfilled"],
    );
    assert.ok(runs > 2, `${runs} runs`);
    assert.deepEqual(await db.queryRow`SELECT sum(balance) AS sum FROM accounts`, { sum: 198 });
  });

  it("do not happen unless asked for", async () => {
    const { outcomes, runs } = await collide(0);
    assert.equal(runs, 2);
    const failure = outcomes.find((outcome) => outcome.status === "rejected");
    assert.ok(failure !== undefined && isCode("serialization_failure")(failure.reason));
  });

  it("leave other errors alone", async () => {
    let runs = 0;
    const failing = db.transaction(
      async (tx) => {
        runs++;
        await add(tx, 1);
        await add(tx, 1);
      },
      { retries: 3 },
    );
    await assert.rejects(failing, isCode("unique_violation"));
    assert.equal(runs, 1);
    await assert.rejects(
      db.transaction(async () => {}, { retries: -1 }),
      RangeError,
    );
  });
});

describe("a query in a transaction", () => {
  it("comes in batches while other statements run on the connection, and may be left early", async () => {
    await db.exec`INSERT INTO notes SELECT n FROM generate_series(1, 1000) AS n`;
    await db.transaction(async (tx) => {
      let seen = 0;
      for await (const { id } of tx.query<{ id: number }>`SELECT id FROM notes WHERE id > ${10} ORDER BY id`) {
        if (seen === 0) {
          const { n } = (await tx.queryRow<{ n: number }>`SELECT count(*) AS n FROM pg_cursors WHERE name <> ''`)!;
          assert.equal(n, 1, "it is a cursor");
        }
        seen++;
        if (id % 100 === 0) await tx.exec`DELETE FROM notes WHERE id = ${id}`;
        for await (const inner of tx.query`SELECT 1 AS one`) assert.equal(inner["one"], 1);
        if (seen === 500) break;
      }
      assert.deepEqual(await tx.queryRow`SELECT count(*) AS n FROM pg_cursors WHERE name <> ''`, { n: 0 });
    });
    assert.equal((await ids()).length, 995);
  });

  it("says where in the user's own statement it is wrong", async () => {
    await db.transaction(async (tx) => {
      await assert.rejects(
        tx.transaction(async (inner) => {
          for await (const _ of inner.query`SELECT nothing FROM notes`);
        }),
        (error) => error instanceof DatabaseError && error.code === "invalid_statement" && error.position === 8,
      );
    });
  });
});
