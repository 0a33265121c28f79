// COPY in and out on a real server: every type of column, errors on both sides, and many rows.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { type CallContext, runInCall } from "../call/context.ts";
import { Decimal } from "../codec/decimal.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import type { CopyRow } from "./copy-rows.ts";
import { DatabaseError } from "./errors.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";

let server: TestServer;
const db = new SQLDatabase("main");

before(async () => {
  server = await startTestServer();
  configureDatabases({ main: { connectionString: await newDatabase(server), maxConnections: 4 } });
  await db.exec`CREATE TYPE mood AS ENUM ('glad', 'sad')`;
  await db.exec`CREATE TABLE things (id int PRIMARY KEY, big bigint, exact numeric, text text, at timestamptz, day date, bytes bytea,
    data jsonb, tags text[], mood mood, during int4range, took interval, "odd ""name" bool)`;
});

after(async () => {
  await closeDatabases();
  await server.stop();
});

const isCode = (code: string) => (error: unknown) => error instanceof DatabaseError && error.code === code;

async function collect(chunks: AsyncIterable<Buffer>): Promise<string> {
  const all: Buffer[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all).toString();
}

describe("copyFrom", () => {
  it("writes every kind of value as a parameter would be", async () => {
    const row = {
      id: 1,
      big: 9_007_199_254_740_993n,
      exact: new Decimal("0.1"),
      text: 'tab\t, line\n, return\r, \\N, "quotes", 💡',
      at: new Date("2026-02-28T13:14:15.678Z"),
      day: "2026-02-28",
      bytes: Buffer.from([0, 255, 92, 10]),
      data: "a text",
      tags: ["a,b", 'c"d', "\\", null],
      mood: "glad",
      during: "[1,5)",
      took: "1 day 02:00:00",
      'odd "name': true,
    };
    const columns = Object.keys(row);
    assert.equal(
      await db.copyFrom("things", columns, [row, { id: 2, data: ["x"] }, { id: 3, data: { deep: [1] } }]),
      3,
    );
    const [first, second, third] = await db.queryAll`SELECT * FROM things ORDER BY id`;
    assert.deepEqual({ ...first, exact: String(first!["exact"]) }, { ...row, exact: "0.1" });
    assert.deepEqual([second!["data"], second!["text"], third!["data"]], [["x"], null, { deep: [1] }]);
  });

  it("takes rows from a generator, a hundred thousand of them, into a schema of one's own", async () => {
    await db.exec`CREATE SCHEMA audit`;
    await db.exec`CREATE TABLE audit.events (id int, text text)`;
    async function* rows(): AsyncGenerator<CopyRow> {
      for (let id = 0; id < 100_000; id++) yield { id, text: `event ${id}` };
    }
    assert.equal(await db.copyFrom("audit.events", ["id", "text"], rows()), 100_000);
    assert.deepEqual(await db.queryRow`SELECT count(DISTINCT id) AS n, max(text) AS last FROM audit.events`, {
      n: 100_000,
      last: "event 99999",
    });
  });

  it("is part of a transaction", async () => {
    const tx = await db.begin();
    assert.equal(await tx.copyFrom("things", ["id"], [{ id: 10 }, { id: 11 }]), 2);
    assert.deepEqual(await tx.queryRow`SELECT count(*) AS n FROM things WHERE id >= 10`, { n: 2 });
    await tx.rollback();
    assert.deepEqual(await db.queryRow`SELECT count(*) AS n FROM things WHERE id >= 10`, { n: 0 });
  });

  it("keeps nothing when the source fails, a row is refused or a value cannot be written", async () => {
    const failing = function* (): Generator<CopyRow> {
      yield { id: 20 };
      throw new TypeError("the user's own");
    };
    await assert.rejects(db.copyFrom("things", ["id"], failing()), (error) => error instanceof TypeError);
    await assert.rejects(db.copyFrom("things", ["id"], [{ id: 21 }, { id: 21 }]), (error) => {
      assert.ok(isCode("unique_violation")(error));
      assert.match((error as Error).message, /COPY things, line 2/);
      return true;
    });
    await assert.rejects(
      db.copyFrom("things", ["id", "text"], [{ id: 22 }, { id: 23, text: (() => 1) as unknown as string }]),
      (error) => isCode("unsupported_parameter")(error) && /row 2, column text/.test((error as Error).message),
    );
    await assert.rejects(db.copyFrom("nowhere", ["id"], []), isCode("invalid_statement"));
    await assert.rejects(db.copyFrom("things", ["nothing"], []), isCode("invalid_statement"));
    assert.deepEqual(await db.queryRow`SELECT count(*) AS n FROM things WHERE id >= 20`, { n: 0 });
  });

  it("does not wait for itself when its source is the connection that copies", async () => {
    await db.transaction(async (tx) => {
      const rows = async function* (): AsyncGenerator<CopyRow> {
        for (const { id } of await tx.queryAll`SELECT id FROM things`) yield { id };
      };
      await assert.rejects(
        tx.transaction((inner) => inner.copyFrom("things", ["id"], rows())),
        isCode("connection_copying"),
      );
      assert.deepEqual(await tx.queryRow`SELECT 1 AS one`, { one: 1 });
    });
  });

  it("ends with the call", async () => {
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
    async function* endless(): AsyncGenerator<CopyRow> {
      yield { id: 30 };
      controller.abort();
      await sleep(60_000, undefined, { ref: false });
    }
    await assert.rejects(
      runInCall(context, () => db.copyFrom("things", ["id"], endless())),
      isCode("statement_canceled"),
    );
    assert.deepEqual(await db.queryRow`SELECT count(*) AS n FROM things WHERE id = 30`, { n: 0 });
  });
});

describe("COPY with statements of one's own", () => {
  it("goes in and out as CSV", async () => {
    await db.exec`CREATE TABLE people (id int, name text)`;
    const csv = 'id,name\n1,"Ann, the first"\n2,\n';
    assert.equal(
      await db.rawCopyFrom("COPY people FROM STDIN WITH (FORMAT csv, HEADER)", [csv.slice(0, 12), csv.slice(12)]),
      2,
    );
    assert.equal(await collect(db.rawCopyTo("COPY people TO STDOUT WITH (FORMAT csv, HEADER)")), csv);
    assert.equal(await collect(db.rawCopyTo("COPY (SELECT WHERE false) TO STDOUT")), "");
  });

  it("goes from one database object to another in binary, without being held in memory", async () => {
    await db.exec`CREATE TABLE target (id int, text text)`;
    const out = db.rawCopyTo("COPY audit.events TO STDOUT WITH (FORMAT binary)");
    assert.equal(await db.rawCopyFrom("COPY target FROM STDIN WITH (FORMAT binary)", out), 100_000);
  });

  it("frees the connection of a reader that stops early", async () => {
    for await (const chunk of db.rawCopyTo("COPY (SELECT generate_series(1, 10000000)) TO STDOUT")) {
      assert.ok(chunk.length > 0);
      break;
    }
    assert.deepEqual(await db.queryRow`SELECT 1 AS one`, { one: 1 });
    await db.exec`DELETE FROM people`;
  });

  it("refuses what is no such statement", async () => {
    await assert.rejects(db.rawCopyFrom("SELECT 1", ["x"]), isCode("invalid_statement"));
    await assert.rejects(db.rawCopyFrom("COPY people TO STDOUT", ["x"]), isCode("invalid_statement"));
    await assert.rejects(collect(db.rawCopyTo("SELECT 1")), isCode("invalid_statement"));
    await assert.rejects(collect(db.rawCopyTo("COPY people FROM STDIN")), DatabaseError);
    await assert.rejects(collect(db.rawCopyTo("COPY nowhere TO STDOUT")), isCode("invalid_statement"));
    assert.deepEqual(await db.queryRow`SELECT 1 AS one`, { one: 1 });
  });
});
