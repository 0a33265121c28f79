// The pool under stress, on a real server: killed servers, deadlocks, more users than connections, statements that wait for others.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { DatabaseError } from "./errors.ts";
import { provisionDatabase } from "./provision-database.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";
import { rawStatement } from "./statement.ts";

function isCode(code: string): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DatabaseError, `a DatabaseError, got ${error}`);
    assert.equal(error.code, code, error.message);
    return true;
  };
}

describe("a pool", () => {
  let server: TestServer;
  let connectionString: string;
  const db = new SQLDatabase("main");

  before(async () => {
    server = await startTestServer();
    connectionString = await newDatabase(server);
    configureDatabases({ main: { connectionString } });
    await db.exec`CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL)`;
    await db.exec`INSERT INTO accounts SELECT n, 100 FROM generate_series(1, 10) AS n`;
  });

  after(async () => {
    await closeDatabases();
    await server.stop();
  });

  it("serves 50 concurrent transactions with 10 connections, and loses nothing", async () => {
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        db.transaction(async (tx) => {
          // Lower id first, so that no deadlock is possible.
          const [low, high] = [(index % 5) + 1, (index % 5) + 6];
          await tx.exec`UPDATE accounts SET balance = balance - 1 WHERE id = ${low}`;
          await tx.exec`UPDATE accounts SET balance = balance + 1 WHERE id = ${high}`;
        }),
      ),
    );
    assert.deepEqual(await db.queryRow`SELECT min(balance), max(balance), sum(balance) FROM accounts`, {
      min: 90,
      max: 110,
      sum: 1000,
    });
    const { n } = (await db.queryRow`SELECT count(*) AS n FROM pg_stat_activity WHERE application_name = 'tenon'`) as {
      n: number;
    };
    assert.ok(n <= 10, `${n} connections`);
  });

  it("opens ahead what it is to have at the least, and no more than it may", async () => {
    const other = await newDatabase(server);
    const pool = new ConnectionPool("other", { connectionString: other, maxConnections: 6 });
    await pool.open(20);
    const name = pool.target.namespace;
    const row = await db.queryRow<{ n: number }>`SELECT count(*) AS n FROM pg_stat_activity WHERE datname = ${name}`;
    // Three of the six are kept for plain reads.
    assert.equal(row?.n, 3);
    await pool.close(1_000);
  });

  it("reports a deadlock to one side as retryable, the other side commits", async () => {
    const [first, second] = [await db.begin(), await db.begin()];
    await first.exec`UPDATE accounts SET balance = 1 WHERE id = 1`;
    await second.exec`UPDATE accounts SET balance = 2 WHERE id = 2`;
    const outcomes = await Promise.allSettled([
      first.exec`UPDATE accounts SET balance = 1 WHERE id = 2`.finally(() => first.rollback()),
      second.exec`UPDATE accounts SET balance = 2 WHERE id = 1`.finally(() => second.rollback()),
    ]);
    const failures = outcomes.filter((outcome) => outcome.status === "rejected");
    assert.equal(failures.length, 1);
    isCode("deadlock_detected")(failures[0]!.reason);
    assert.equal((failures[0]!.reason as DatabaseError).retryable, true);
  });

  it("reports a serialization failure as retryable", async () => {
    const [first, second] = [
      await db.begin({ isolationLevel: "serializable" }),
      await db.begin({ isolationLevel: "serializable" }),
    ];
    for (const tx of [first, second]) await tx.queryAll`SELECT sum(balance) FROM accounts`;
    await first.exec`UPDATE accounts SET balance = balance + 1 WHERE id = 3`;
    await second.exec`UPDATE accounts SET balance = balance + 1 WHERE id = 4`;
    await first.commit();
    await assert.rejects(second.commit(), isCode("serialization_failure"));
  });

  it("reads on while writes wait for a lock that the reader's own transaction holds", async () => {
    await db.transaction(async (tx) => {
      await tx.exec`UPDATE accounts SET balance = 5 WHERE id = 5`;
      const waiting = db.exec`UPDATE accounts SET balance = 6 WHERE id = 5`;
      const locking = db.queryRow`SELECT * FROM accounts WHERE id = 5 FOR UPDATE`;
      // A read behind either of them on one connection would wait for this very transaction, for ever.
      for (let time = 0; time < 20; time++) await db.queryRow`SELECT balance FROM accounts WHERE id = 6`;
      setImmediate(() => Promise.all([waiting, locking]).catch(() => {}));
    });
  });

  it("gives up after a while when all connections are taken", async () => {
    const pool = new ConnectionPool(
      "main",
      { connectionString, maxConnections: 1 },
      { connectMs: 5_000, acquireMs: 50 },
    );
    const taken = await pool.acquire();
    await assert.rejects(pool.run(rawStatement("SELECT 1", [], "main")), isCode("no_free_connection"));
    pool.release(taken);
    assert.equal((await pool.run(rawStatement("SELECT 1", [], "main"))).rowCount, 1);
    await pool.close(1_000);
  });

  it("finishes what is under way when it closes, and refuses what comes after", async () => {
    const pool = new ConnectionPool("main", { connectionString });
    const holder = await db.acquire();
    await holder.exec`SELECT pg_advisory_lock(62)`;
    const running = pool.run(rawStatement("SELECT pg_advisory_lock(62)", [], "main"));
    const reading = pool.run(rawStatement("SELECT count(*) FROM generate_series(1, 1000000)", [], "main"));
    while (!(await countStatements("pg_advisory_lock(62)")));
    const closing = pool.close(20_000);
    await holder.exec`SELECT pg_advisory_unlock(62)`;
    await holder[Symbol.asyncDispose]();
    await closing;
    assert.equal((await running).rowCount, 1);
    assert.equal((await reading).rowCount, 1);
    await assert.rejects(pool.run(rawStatement("DELETE FROM accounts", [], "main")), isCode("database_unavailable"));
    await assert.rejects(pool.run(rawStatement("SELECT 1", [], "main")), isCode("database_unavailable"));
  });

  it("cuts what does not finish in time when it closes", async () => {
    const pool = new ConnectionPool("main", { connectionString });
    const running = assert.rejects(
      pool.run(rawStatement("SELECT pg_sleep(62)", [], "main")),
      isCode("connection_lost"),
    );
    while (!(await countStatements("pg_sleep(62)")));
    await pool.close(20);
    await running;
  });

  it("refuses those who still wait for a connection when it closes", async () => {
    const pool = new ConnectionPool("main", { connectionString, maxConnections: 1 });
    const taken = await pool.acquire();
    const waiting = assert.rejects(pool.acquire(), isCode("database_unavailable"));
    const closing = pool.close(20_000);
    await waiting;
    pool.release(taken);
    await closing;
  });

  it("does not let one caller's end spoil the connection that others wait for", async () => {
    const pool = new ConnectionPool("main", { connectionString });
    const controller = new AbortController();
    const context: CallContext = {
      span: startSpan({ name: "x", kind: "server", service: "x" }),
      service: "x",
      endpoint: "x",
      requestId: "x",
      deadlineAt: undefined,
      signal: controller.signal,
      caller: undefined,
    };
    const statement = rawStatement("SELECT 1", [], "main");
    const first = runInCall(context, () => assert.rejects(pool.run(statement), isCode("statement_canceled")));
    const second = pool.run(statement);
    controller.abort();
    await first;
    assert.equal((await second).rowCount, 1);
    await pool.close(1_000);
  });

  it("gives up a stream and a transaction cleanly when their connection breaks between two uses", async () => {
    const rows = db.query`SELECT n, pg_backend_pid() AS pid FROM generate_series(1, 1000000) AS n`;
    const { pid } = (await rows.next()).value as { pid: number };
    const tx = await db.begin();
    const { pid: other } = (await tx.queryRow<{ pid: number }>`SELECT pg_backend_pid() AS pid`)!;
    const admin = new pg.Client(server.adminUrl);
    await admin.connect();
    await admin.query("SELECT pg_terminate_backend($1), pg_terminate_backend($2)", [pid, other]);
    const read = async (): Promise<void> => {
      while (!(await rows.next()).done);
    };
    await assert.rejects(read(), isCode("connection_lost"));
    while ((await admin.query("SELECT FROM pg_stat_activity WHERE pid = $1", [other])).rowCount);
    await admin.end();
    await tx.rollback();
    assert.deepEqual(await db.queryRow`SELECT 1 AS one`, { one: 1 });
  });

  it("keeps its connections over a reload that changes nothing", async () => {
    const openConnections = () => db.queryAll<{ pid: number }>`
      SELECT pid FROM pg_stat_activity WHERE application_name = 'tenon' AND datname = current_database()`;
    const before = new Set((await openConnections()).map(({ pid }) => pid));
    configureDatabases({ main: { connectionString } });
    // Connections that earlier tests gave up may still be going away; none may have come.
    const opened = (await openConnections()).filter(({ pid }) => !before.has(pid));
    assert.deepEqual(opened, []);
  });

  it("says what is wrong with a connection string", async () => {
    const change = (edit: (url: URL) => void): ConnectionPool => {
      const url = new URL(connectionString);
      edit(url);
      return new ConnectionPool("main", { connectionString: url.href }, { connectMs: 5_000, acquireMs: 5_000 });
    };
    const statement = rawStatement("SELECT 1", [], "main");
    const cases: [string, (url: URL) => void][] = [
      [
        "database_access_denied",
        (url) => {
          url.password = "wrong";
        },
      ],
      [
        "database_access_denied",
        (url) => {
          url.pathname = "/postgres";
        },
      ],
      [
        "database_access_denied",
        (url) => {
          url.pathname = "/nowhere";
        },
      ],
      [
        "database_unavailable",
        (url) => {
          url.searchParams.set("host", "/nonexistent");
        },
      ],
      [
        "database_unavailable",
        (url) => {
          url.search = "";
          url.port = "1";
        },
      ],
    ];
    for (const [code, edit] of cases) await assert.rejects(change(edit).run(statement), isCode(code));
  });

  it("prepares only what comes again, and not without bound", async () => {
    const pool = new ConnectionPool("main", { connectionString, maxConnections: 1 });
    for (let index = 0; index < 400; index++) {
      for (let time = 0; time < 2; time++) await pool.run(rawStatement(`SELECT ${index}`, [], "main"));
    }
    const { rows } = await pool.run(rawStatement("SELECT count(*) AS n FROM pg_prepared_statements", [], "main"));
    assert.deepEqual(rows, [{ n: 256 }]);
    await pool.close(1_000);
  });

  async function countStatements(text: string): Promise<number> {
    const admin = new pg.Client(server.adminUrl);
    await admin.connect();
    const { rowCount } = await admin.query(
      "SELECT FROM pg_stat_activity WHERE state = 'active' AND position($1 in query) > 0 AND pid <> pg_backend_pid()",
      [text],
    );
    await admin.end();
    return rowCount ?? 0;
  }
});

describe("kill -9 of PostgreSQL under load", () => {
  it("loses no acknowledged write, fails what was under way clearly, and goes on by itself after the restart", async () => {
    const dataDir = join(mkdtempSync(join(tmpdir(), "tenon-kill-")), "pg");
    let server = await startTestServer(dataDir);
    const options = { database: "load", role: "load", password: "load-password" };
    const { connectionString } = await provisionDatabase(server.adminUrl, options);
    configureDatabases({ load: { connectionString } });
    const db = new SQLDatabase("load");
    await db.exec`CREATE TABLE written (id int PRIMARY KEY)`;

    const acknowledged: number[] = [];
    const codes = new Set<string>();
    let next = 0;
    let stop = false;
    const writers = Array.from({ length: 16 }, async () => {
      while (!stop) {
        const id = next++;
        try {
          if (id % 2 === 0) await db.exec`INSERT INTO written VALUES (${id})`;
          else await db.transaction((tx) => tx.exec`INSERT INTO written VALUES (${id})`);
          acknowledged.push(id);
          await db.queryRow`SELECT ${id}::int`;
        } catch (error) {
          assert.ok(error instanceof DatabaseError, String(error));
          codes.add(error.code);
        }
      }
    });
    for (let round = 0; round < 3; round++) {
      const enough = acknowledged.length + 200;
      while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
      process.kill(server.pid, "SIGKILL");
      server = await startTestServer(dataDir);
    }
    const enough = acknowledged.length + 200;
    while (acknowledged.length < enough) await new Promise((resolve) => setTimeout(resolve, 5));
    stop = true;
    await Promise.all(writers);

    const stored = new Set((await db.queryAll<{ id: number }>`SELECT id FROM written`).map(({ id }) => id));
    assert.deepEqual(
      acknowledged.filter((id) => !stored.has(id)),
      [],
    );
    assert.ok(codes.has("connection_lost"), [...codes].join());
    for (const code of codes) assert.ok(["connection_lost", "database_unavailable"].includes(code), code);
    await closeDatabases();
    await server.stop();
  });
});
