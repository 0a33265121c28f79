// Migrations on a real server: order, once each, failures that leave no trace and say where, edits found, several runners.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { MigrationError, type MigrationErrorCode } from "../errors.ts";
import { newDatabase, startTestServer, type TestServer } from "../server.test.support.ts";
import { applyMigrations, pendingMigrations } from "./apply-migrations.ts";
import type { MigrationSource } from "./migration-layout.ts";

let server: TestServer;
let connectionString: string;
let root: string;
let folder: string;

before(async () => {
  server = await startTestServer();
});

after(() => server.stop());

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), "tenon migrations é-"));
  folder = root;
  connectionString = await newDatabase(server);
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

function apply(source?: MigrationSource): Promise<{ applied: string[]; total: number }> {
  return applyMigrations({ connectionString, folder, source, database: "shop" });
}

function pending(source?: MigrationSource): Promise<string[]> {
  return pendingMigrations({ connectionString, folder, source, database: "shop" });
}

async function query(text: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  const { rows } = await client.query(text);
  await client.end();
  return rows;
}

async function fails(running: Promise<unknown>, code: MigrationErrorCode): Promise<MigrationError> {
  const error = await running.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof MigrationError, `a MigrationError, got ${error}`);
  assert.equal(error.code, code, error.message);
  return error;
}

describe("applyMigrations", () => {
  it("runs files in order of number, gaps and all, each once, and leaves .down.sql alone", async () => {
    write({
      "10_b.up.sql": "INSERT INTO log VALUES ('ten'); INSERT INTO log VALUES ('ten again')",
      "2_a.up.sql": "INSERT INTO log VALUES ('two')",
      "0001_first.up.sql": "CREATE TABLE log (text text)",
      "2_a.down.sql": "DROP TABLE log",
      "README.md": "not SQL",
    });
    const names = ["0001_first.up.sql", "2_a.up.sql", "10_b.up.sql"];
    assert.deepEqual(await pending(), names);
    assert.deepEqual(await apply(), { applied: names, total: 3 });
    assert.deepEqual(await query("SELECT text FROM log"), [{ text: "two" }, { text: "ten" }, { text: "ten again" }]);
    assert.deepEqual(await apply(), { applied: [], total: 3 });
    assert.deepEqual(await pending(), []);
    write({ "11_c.up.sql": "-- nothing but a comment", "5_late.up.sql": "INSERT INTO log VALUES ('late')" });
    assert.deepEqual((await apply()).applied, ["5_late.up.sql", "11_c.up.sql"]);
  });

  it("runs what Drizzle writes: numbered files with breakpoints, its own files beside them", async () => {
    mkdirSync(join(folder, "meta"));
    write({
      "0001_fill.sql": "INSERT INTO log VALUES ('one');--> statement-breakpoint\nINSERT INTO log VALUES ('more');",
      "0000_superb_komodo.sql": "CREATE TABLE log (text text);",
      "meta/_journal.json": "{}",
    });
    const applied = ["0000_superb_komodo.sql", "0001_fill.sql"];
    assert.deepEqual(await pending("drizzle"), applied);
    assert.deepEqual((await apply("drizzle")).applied, applied);
    assert.deepEqual(await query("SELECT text FROM log"), [{ text: "one" }, { text: "more" }]);
    const error = await fails(apply(), "migration_name_invalid");
    assert.equal(error.file, join(folder, "0000_superb_komodo.sql"));
  });

  for (const source of ["prisma", "drizzle/v1"] as const) {
    it(`runs what ${source} writes: a folder for each migration, whatever lies beside them`, async () => {
      for (const name of ["20260102000000_fill", "20260101000000_init", "empty"]) mkdirSync(join(folder, name));
      write({
        "20260102000000_fill/migration.sql": "INSERT INTO log VALUES ('filled')",
        "20260101000000_init/migration.sql": "CREATE TABLE log (text text)",
        "20260101000000_init/snapshot.json": "{}",
        "migration_lock.toml": 'provider = "postgresql"',
      });
      const applied = ["20260101000000_init/migration.sql", "20260102000000_fill/migration.sql"];
      assert.deepEqual((await apply(source)).applied, applied);
      assert.deepEqual(await query("SELECT text FROM log"), [{ text: "filled" }]);
      write({ "20260102000000_fill/migration.sql": "INSERT INTO log VALUES ('edited')" });
      const edited = await fails(apply(source), "migration_edited");
      assert.equal(edited.file, join(folder, applied[1]!));
      mkdirSync(join(folder, "later"));
      write({ "later/migration.sql": "SELECT 1" });
      await fails(apply(source), "migration_name_invalid");
    });
  }

  it("takes an empty folder, and an empty file", async () => {
    assert.deepEqual(await apply(), { applied: [], total: 0 });
    write({ "1_empty.up.sql": "" });
    assert.deepEqual((await apply()).applied, ["1_empty.up.sql"]);
  });

  it("undoes a failed file as a whole and says file, line, column and SQLSTATE", async () => {
    write({
      "1_ok.up.sql": "CREATE TABLE users (id int)",
      "2_bad.up.sql":
        "INSERT INTO users VALUES (1);\r\n\r\n-- 🎉 ünïcode\r\nCREATE TABLE broken (\r\n\tid bigint PRIMRY KEY\r\n);\r\n",
      "3_never.up.sql": "INSERT INTO users VALUES (3)",
    });
    const error = await fails(apply(), "migration_failed");
    assert.deepEqual(
      [error.file, error.line, error.column, error.sqlState],
      [join(folder, "2_bad.up.sql"), 5, 12, "42601"],
    );
    assert.match(error.message, /2_bad\.up\.sql:5:12: syntax error at or near "PRIMRY" \[SQLSTATE 42601\]/);
    assert.equal(
      error.codeFrame,
      [
        "  3 | -- 🎉 ünïcode",
        "  4 | CREATE TABLE broken (",
        "> 5 | \tid bigint PRIMRY KEY",
        "    | \t          ^",
        "  6 | );",
        "  7 |",
      ].join("\n"),
    );
    assert.deepEqual(await query("SELECT * FROM users"), []);
    assert.deepEqual(await pending(), ["2_bad.up.sql", "3_never.up.sql"]);
    write({ "2_bad.up.sql": "INSERT INTO users VALUES (2)" });
    assert.deepEqual((await apply()).applied, ["2_bad.up.sql", "3_never.up.sql"]);
  });

  it("names the file when the failure has no position", async () => {
    write({ "1_bad.up.sql": "CREATE TABLE t (a int UNIQUE); INSERT INTO t VALUES (1), (1)" });
    const error = await fails(apply(), "migration_failed");
    assert.deepEqual([error.line, error.codeFrame, error.sqlState], [undefined, undefined, "23505"]);
    assert.match(
      error.message,
      /1_bad\.up\.sql: duplicate key .* \[SQLSTATE 23505\] \(Key \(a\)=\(1\) already exists\.\)/,
    );
  });

  it("runs files marked -- no-transaction outside of one", async () => {
    write({
      "1_table.up.sql": "CREATE TABLE t (a int, b text)",
      "2_index.up.sql":
        "-- no-transaction\nCREATE INDEX CONCURRENTLY t_a ON t (a); -- first; of two\nCREATE INDEX CONCURRENTLY t_b ON t (b);\n",
    });
    assert.equal((await apply()).applied.length, 2);
    assert.equal((await query("SELECT FROM pg_indexes WHERE tablename = 't'")).length, 2);
    write({ "3_half.up.sql": "-- no-transaction\nINSERT INTO t VALUES (1, ';');\nINSERT INTO t\n  VALUES (nope);\n" });
    const error = await fails(apply(), "migration_failed_halfway");
    assert.deepEqual([error.line, error.column], [4, 11]);
    assert.equal((await query("SELECT FROM t")).length, 1);
    assert.deepEqual(await pending(), ["3_half.up.sql"]);
  });

  it("finds a file that was edited after it ran, however its lines end", async () => {
    write({ "1_a.up.sql": "CREATE TABLE t (a int);\nCREATE TABLE u (a int);\n" });
    await apply();
    write({ "1_a.up.sql": "\uFEFFCREATE TABLE t (a int);\r\nCREATE TABLE u (a int);\r\n" });
    assert.deepEqual((await apply()).applied, []);
    write({
      "1_a.up.sql": "CREATE TABLE t (a bigint);\nCREATE TABLE u (a int);\n",
      "2_b.up.sql": "CREATE TABLE never (a int)",
    });
    for (const error of [await fails(apply(), "migration_edited"), await fails(pending(), "migration_edited")]) {
      assert.equal(error.file, join(folder, "1_a.up.sql"));
      assert.match(error.message, /when it ran: sha256 [0-9a-f]{64}; now: sha256 [0-9a-f]{64}/);
      assert.match(error.hint, /new migration/);
    }
    assert.deepEqual(await query("SELECT to_regclass('never') AS never"), [{ never: null }]);
  });

  it("finds a file that ran and is gone, and follows one that was renamed", async () => {
    write({ "1_a.up.sql": "CREATE TABLE t (a int)" });
    await apply();
    renameSync(join(folder, "1_a.up.sql"), join(folder, "1_better_name.up.sql"));
    assert.deepEqual((await apply()).applied, []);
    rmSync(join(folder, "1_better_name.up.sql"));
    const error = await fails(apply(), "migration_missing");
    assert.equal(error.file, join(folder, "1_a.up.sql"));
  });

  it("refuses wrong names, double numbers and a missing folder before it changes anything", async () => {
    write({ "1_a.up.sql": "CREATE TABLE t (a int)", "create.sql": "", "2-b.up.sql": "", "x_c.up.sql": "" });
    const wrong = await fails(apply(), "migration_name_invalid");
    for (const name of ["create.sql", "2-b.up.sql", "x_c.up.sql"]) assert.ok(wrong.message.includes(name), name);
    for (const name of ["create.sql", "2-b.up.sql", "x_c.up.sql"]) rmSync(join(folder, name));
    write({ "01_other.up.sql": "" });
    const double = await fails(apply(), "migration_number_duplicate");
    assert.match(double.message, /01_other\.up\.sql and .*1_a\.up\.sql/);
    folder = join(folder, "nowhere");
    assert.equal((await fails(apply(), "migrations_folder_missing")).file, folder);
    assert.deepEqual(await query("SELECT to_regclass('t') AS t"), [{ t: null }]);
  });

  it("lets several runners at once do the work once", async () => {
    const count = 30;
    write({ "1_t.up.sql": "CREATE TABLE t (a int); SELECT pg_sleep(0.1)" });
    for (let number = 2; number <= count; number++)
      write({ [`${number}_n.up.sql`]: `INSERT INTO t VALUES (${number})` });
    const outcomes = await Promise.all([apply(), apply(), apply()]);
    assert.deepEqual(
      outcomes.map(({ applied }) => applied.length).sort((a, b) => a - b),
      [0, 0, count],
    );
    assert.equal((await query("SELECT FROM t")).length, count - 1);
  });

  it("says so when the database cannot be reached", async () => {
    mkdirSync(join(folder, "subfolder"));
    const url = new URL(connectionString);
    url.password = "wrong";
    connectionString = url.href;
    assert.equal((await fails(apply(), "migration_database_unreachable")).sqlState, "28P01");
    connectionString = "postgres://a:b@127.0.0.1:1/x";
    assert.match((await fails(apply(), "migration_database_unreachable")).message, /ECONNREFUSED/);
  });
});
