// What operators need of migrations: locks that are told and end, timeouts that do not cut a migration short, and the check for what was
// edited, lost or made by hand.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, beforeEach, describe, it } from "node:test";
import pg from "pg";
import { MigrationError } from "../errors.ts";
import { startPooler } from "../pooler.test.support.ts";
import { newDatabase, startTestServer, type TestServer } from "../server.test.support.ts";
import { type AppliedMigrations, type ApplyOptions, applyMigrations, inspectMigrations } from "./apply-migrations.ts";

const lockOfRunner = "30799015434711141";

let server: TestServer;
let connectionString: string;
let folder: string;
let other: pg.Client;

before(async () => {
  server = await startTestServer();
});

after(() => server.stop());

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "tenon-migrations-"));
  connectionString = await newDatabase(server);
  other = new pg.Client({ connectionString, application_name: "somebody else" });
  await other.connect();
});

afterEach(async () => {
  await other.end();
  rmSync(folder, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
}

const apply = (options: Partial<ApplyOptions> = {}): Promise<AppliedMigrations> =>
  applyMigrations({ connectionString, folder, database: "shop", recordsSchema: true, ...options });
const inspect = () => inspectMigrations({ connectionString, folder, database: "shop" });

describe("poolers", () => {
  it("one that shares sessions is refused before anything is done; one session each will do", async (t) => {
    write({ "1_a.up.sql": "CREATE TABLE a (id int)" });
    const sharing = await startPooler(connectionString, "transaction");
    t.after(() => sharing.stop());
    await assert.rejects(apply({ connectionString: sharing.connectionString }), (error) => {
      assert.ok(error instanceof MigrationError && error.code === "migration_session_shared", String(error));
      return true;
    });
    assert.deepEqual((await other.query("SELECT to_regclass('a') AS a")).rows, [{ a: null }]);
    const keeping = await startPooler(connectionString, "session");
    t.after(() => keeping.stop());
    assert.deepEqual((await apply({ connectionString: keeping.connectionString })).applied, ["1_a.up.sql"]);
  });
});

describe("locks", () => {
  it("another runner is waited for, told once, and given up after the time", async () => {
    write({ "1_a.up.sql": "CREATE TABLE a (id int)" });
    await other.query("SELECT pg_advisory_lock($1)", [lockOfRunner]);
    const waitedFor: string[] = [];
    const onWait = (blocker: string): void => void waitedFor.push(blocker);
    await assert.rejects(apply({ lockTimeoutMs: 2_500, onWait }), (error) => {
      assert.ok(error instanceof MigrationError && error.code === "migration_lock_timeout", String(error));
      assert.match(error.message, /process \d+ \("somebody else", role test_\d+/);
      return true;
    });
    assert.equal(waitedFor.length, 1);
    const waiting = apply({ onWait });
    await other.query("SELECT pg_advisory_unlock($1)", [lockOfRunner]);
    assert.deepEqual((await waiting).applied, ["1_a.up.sql"]);
  });

  it("a lock on a table is told too, and its timeout names the file and leaves no trace", async () => {
    write({ "1_a.up.sql": "CREATE TABLE a (id int)" });
    await apply();
    write({ "2_b.up.sql": "CREATE TABLE b (id int);\nALTER TABLE a ADD COLUMN text text;" });
    await other.query("BEGIN; SELECT FROM a");
    const waitedFor: string[] = [];
    await assert.rejects(
      apply({ lockTimeoutMs: 2_500, onWait: (blocker) => void waitedFor.push(blocker) }),
      (error) => {
        assert.ok(error instanceof MigrationError && error.code === "migration_failed", String(error));
        assert.match(error.message, /2_b\.up\.sql.*lock timeout/);
        return true;
      },
    );
    assert.match(waitedFor.join(), /"somebody else".*idle in transaction.*SELECT FROM a/);
    await other.query("ROLLBACK");
    assert.deepEqual((await apply()).applied, ["2_b.up.sql"]);
  });
});

describe("timeouts of the role", () => {
  it("do not cut a long migration short", async () => {
    const role = pg.escapeIdentifier(new URL(connectionString).username);
    await other.query(`ALTER ROLE ${role} SET statement_timeout = '500ms'`);
    write({ "1_long.up.sql": "SELECT pg_sleep(0.8); CREATE TABLE a (id int)" });
    assert.deepEqual((await apply()).applied, ["1_long.up.sql"]);
  });
});

describe("the check", () => {
  it("tells what is pending, edited and missing, and changes nothing", async () => {
    write({ "1_a.up.sql": "CREATE TABLE a (id int)", "2_b.up.sql": "CREATE TABLE b (id int)" });
    const pending = await inspect();
    assert.deepEqual(
      pending.pending.map(({ name, inTransaction }) => [name, inTransaction]),
      [
        ["1_a.up.sql", true],
        ["2_b.up.sql", true],
      ],
    );
    assert.deepEqual((await other.query("SELECT to_regclass('tenon_migrations') AS it")).rows, [{ it: null }]);
    await apply();
    rmSync(join(folder, "1_a.up.sql"));
    write({
      "2_b.up.sql": "CREATE TABLE b (id bigint)",
      "3_c.up.sql": "-- no-transaction\nCREATE INDEX CONCURRENTLY c ON b (id)",
    });
    const state = await inspect();
    assert.deepEqual(
      state.errors.map(({ code }) => code),
      ["migration_missing", "migration_edited"],
    );
    assert.deepEqual(
      state.pending.map(({ name, inTransaction }) => [name, inTransaction]),
      [["3_c.up.sql", false]],
    );
    assert.deepEqual(state.applied, ["1_a.up.sql", "2_b.up.sql"]);
  });

  it("tells what was changed by hand, line by line, until a migration takes it over", async () => {
    write({
      "1_a.up.sql": `CREATE TYPE mood AS ENUM ('glad'); CREATE TABLE a (id int PRIMARY KEY, mood mood);
        CREATE TABLE old (id int); CREATE VIEW seen AS SELECT id FROM a;
        CREATE TABLE parts (day date) PARTITION BY RANGE (day);`,
    });
    await apply();
    assert.deepEqual((await inspect()).drift, []);
    await other
      .query(`DROP TABLE old; ALTER TABLE a ALTER COLUMN id TYPE bigint; CREATE INDEX by_mood ON a (mood)`)
      .then(
        () => assert.fail("the view stands in the way"),
        () => {},
      );
    await other.query("DROP TABLE old; DROP VIEW seen; ALTER TABLE a ALTER COLUMN id TYPE bigint");
    await other.query("CREATE INDEX by_mood ON a (mood)");
    await other.query("ALTER TYPE mood ADD VALUE 'sad'");
    // Programs make partitions as they go: that is no change of the schema.
    await other.query("CREATE TABLE part_1 PARTITION OF parts FOR VALUES FROM ('2026-01-01') TO ('2026-02-01')");
    const expected = [
      "- column public.a.id integer not null",
      "- column public.old.id integer",
      "- table public.old",
      "- type public.mood 'glad'",
      /^- view public\.seen /,
      "+ column public.a.id bigint not null",
      "+ index CREATE INDEX by_mood ON public.a USING btree (mood)",
      "+ type public.mood 'glad', 'sad'",
    ];
    const { drift } = await inspect();
    assert.equal(drift.length, expected.length, drift.join("\n"));
    for (const [index, line] of expected.entries()) {
      if (typeof line === "string") assert.equal(drift[index], line);
      else assert.match(drift[index]!, line);
    }
    assert.deepEqual((await apply()).drift, drift, "a run without migrations keeps the record");
    assert.deepEqual((await inspect()).drift, drift);
    write({ "2_b.up.sql": "SELECT 1" });
    assert.deepEqual((await apply()).drift, drift);
    assert.deepEqual((await inspect()).drift, []);
  });

  it("asks whether it was made by hand when a migration makes what is there", async () => {
    write({ "1_a.up.sql": "CREATE TABLE a (id int)" });
    await other.query("CREATE TABLE a (id int)");
    await assert.rejects(apply(), /already exists.*was it made by hand\?/);
  });
});
