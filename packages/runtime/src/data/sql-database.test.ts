// SQLDatabase on a real server: the ways to write a statement, values both ways, transactions, connections, spans.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Span } from "@tenon/model";
import pg from "pg";
import { type CallContext, runInCall } from "../call/context.ts";
import { Decimal } from "../codec/decimal.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { checkDatabases, closeDatabases, configureDatabases } from "./configure-databases.ts";
import { DatabaseError } from "./errors.ts";
import type { Primitive } from "./parameters.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";

let server: TestServer;
let connectionString: string;
const db = new SQLDatabase("shop");

before(async () => {
  server = await startTestServer();
  connectionString = await newDatabase(server);
  configureDatabases({ shop: { connectionString }, tiny: { connectionString, maxConnections: 1 } });
  await db.rawExec("CREATE TABLE users (id bigint PRIMARY KEY, email text NOT NULL UNIQUE, age int CHECK (age > 0))");
});

after(async () => {
  await closeDatabases();
  await server.stop();
});

function call(options: { deadlineAt?: number; signal?: AbortSignal } = {}): CallContext {
  return {
    span: startSpan({ name: "orders.create", kind: "server", service: "orders" }),
    service: "orders",
    endpoint: "create",
    requestId: "r1",
    deadlineAt: options.deadlineAt,
    signal: options.signal ?? new AbortController().signal,
    caller: undefined,
  };
}

async function collect<T>(rows: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const row of rows) all.push(row);
  return all;
}

function failsWith(code: string, more: Record<string, unknown> = {}): (error: unknown) => boolean {
  return (error) => {
    assert.ok(error instanceof DatabaseError, `a DatabaseError, got ${error}`);
    assert.equal(error.code, code, error.message);
    for (const [key, value] of Object.entries(more)) assert.equal(error[key as keyof DatabaseError], value, key);
    return true;
  };
}

describe("statements", () => {
  it("inserts, counts, reads one, all, none", async () => {
    const email = "ann@example.com'; DROP TABLE users; --";
    assert.equal(await db.exec`INSERT INTO users (id, email, age) VALUES (${1}, ${email}, ${30}), (2, 'bob', NULL)`, 2);
    assert.deepEqual(await db.queryRow<{ email: string }>`SELECT email FROM users WHERE id = ${1}`, { email });
    assert.equal(await db.queryRow`SELECT * FROM users WHERE id = ${99}`, null);
    assert.deepEqual(await db.queryAll`SELECT id FROM users ORDER BY id`, [{ id: 1 }, { id: 2 }]);
    assert.equal(await db.exec`UPDATE users SET age = 31 WHERE id = ${99}`, 0);
    assert.deepEqual(await db.rawQueryRow("SELECT id FROM users WHERE email = $1", "bob"), { id: 2 });
    assert.deepEqual(await db.rawQueryAll("SELECT id FROM users WHERE id = ANY($1) ORDER BY id", [1, 2, 3]), [
      { id: 1 },
      { id: 2 },
    ]);
    assert.deepEqual(await collect(db.rawQuery("SELECT id FROM users WHERE id = $1", 2)), [{ id: 2 }]);
    assert.equal(await db.rawExec("DELETE FROM users WHERE id = $1", 2), 1);
  });

  it("streams a large result and gives the connection back when the reader stops early", async () => {
    const one = new SQLDatabase("tiny");
    let seen = 0;
    for await (const row of one.query<{ n: number }>`SELECT n FROM generate_series(1, ${100_000}::int) AS n`) {
      assert.equal(row.n, ++seen);
      if (seen === 250) break;
    }
    assert.equal(seen, 250);
    // The only connection is free again, or this would wait for 30 s.
    assert.deepEqual(await one.queryRow`SELECT 1 AS one`, { one: 1 });
    await assert.rejects(async () => {
      for await (const _ of one.query`SELECT 1`) throw new Error("the reader's own");
    }, /the reader's own/);
    await assert.rejects(
      collect(one.query`SELECT * FROM nowhere`),
      failsWith("invalid_statement", { sqlState: "42P01" }),
    );
    assert.equal((await collect(one.query`SELECT n FROM generate_series(1, 1234) AS n`)).length, 1234);
    assert.deepEqual(await collect(one.query`SELECT 1 WHERE false`), []);
  });

  it("streams rows of a statement that writes", async () => {
    assert.deepEqual(await collect(db.query`INSERT INTO users (id, email) VALUES (50, 'eve') RETURNING id`), [
      { id: 50 },
    ]);
    assert.equal(await db.exec`DELETE FROM users WHERE id = 50`, 1);
  });

  it("refuses several statements in one text instead of running some", async () => {
    await assert.rejects(db.rawExec("SELECT 1; SELECT 2"), failsWith("invalid_statement", { sqlState: "42601" }));
  });

  it("runs 500 reads at once, each with its own answer", async () => {
    const answers = await Promise.all(
      Array.from({ length: 500 }, (_, index) => db.queryRow<{ n: number }>`SELECT ${index}::int AS n`),
    );
    assert.deepEqual(
      answers.map((row) => row?.n),
      Array.from({ length: 500 }, (_, index) => index),
    );
  });

  it("answers the others when one of many pipelined reads fails", async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 60 }, (_, index) => db.queryRow<{ n: number }>`SELECT 60 / (${index}::int % 3) AS n`),
    );
    for (const [index, outcome] of outcomes.entries()) {
      if (index % 3 === 0) {
        assert.equal(outcome.status, "rejected");
        failsWith("invalid_value", { sqlState: "22012" })((outcome as PromiseRejectedResult).reason);
      } else assert.deepEqual((outcome as PromiseFulfilledResult<unknown>).value, { n: 60 / (index % 3) });
    }
  });

  it("reads on after the tables of a prepared statement changed", async () => {
    await db.rawExec("CREATE TABLE shifting (a int)");
    await db.rawExec("INSERT INTO shifting VALUES (1)");
    for (let time = 0; time < 4; time++) await db.queryAll`SELECT * FROM shifting`;
    await db.rawExec("ALTER TABLE shifting ADD COLUMN b text DEFAULT 'x'");
    assert.deepEqual(await db.queryAll`SELECT * FROM shifting`, [{ a: 1, b: "x" }]);
  });
});

describe("values", () => {
  const roundTrips: [type: string, value: Primitive, expected?: unknown][] = [
    ["bool", true],
    ["int2", -5],
    ["int4", 2_147_483_647],
    ["int8", 9_007_199_254_740_991],
    ["int8", 9_007_199_254_740_993n],
    ["int8", 42n, 42],
    ["float4", 1.5],
    ["float8", 0.1],
    ["float8", Number.NaN],
    ["float8", Number.POSITIVE_INFINITY],
    ["float8", 5e-324],
    ["numeric", "12345678901234567890.123456789", new Decimal("12345678901234567890.123456789")],
    ["numeric", 1.25, new Decimal("1.25")],
    ["numeric", new Decimal("-0.10")],
    ["numeric", "NaN"],
    ["text", "grüße 🎉 \\ \" ' \n"],
    ["text", ""],
    ["varchar(5)", "abc"],
    ["char(4)", "ab", "ab  "],
    ["bytea", Buffer.from([0, 1, 255, 92, 39])],
    ["bytea", new Uint8Array([1, 2, 3]), Buffer.from([1, 2, 3])],
    ["uuid", "6d0ff60c-b9a8-4f6b-8c4f-d95b59ac5e5b"],
    ["date", "2026-02-28"],
    ["date", new Date("2026-02-28T23:59:59.999Z"), "2026-02-28"],
    ["time", "13:14:15"],
    ["timestamptz", new Date("2026-11-22T22:13:00.123Z")],
    ["timestamptz", new Date("1883-11-18T12:03:58.000Z")],
    ["timestamptz", new Date(-62_200_000_000_000)],
    ["timestamptz", new Date("+012026-01-01T00:00:00.000Z")],
    ["timestamp", new Date("2026-03-29T02:30:00.000Z")],
    ["timestamptz", "infinity", Number.POSITIVE_INFINITY],
    ["json", { a: [1, null, "x"], b: { c: true } }],
    ["jsonb", { a: 1 }],
    ["jsonb", [{ a: 1 }, { b: [2] }]],
    ["jsonb", '"text"', "text"],
    ["inet", "10.0.0.1"],
    ["cidr", "10.0.0.0/8"],
    ["text", new URL("https://example.com/a?b=c"), "https://example.com/a?b=c"],
    ["int4[]", [1, null, -3]],
    ["int8[]", [1n, 9_007_199_254_740_993n], [1, 9_007_199_254_740_993n]],
    ["text[]", ["a,b", 'q"', "\\", "NULL", "", "{}", null]],
    [
      "int4[]",
      [
        [1, 2],
        [3, 4],
      ],
    ],
    ["bool[]", [true, false, null]],
    ["timestamptz[]", [new Date("2026-11-22T22:13:00.123Z"), null]],
    ["bytea[]", [Buffer.from([0, 255])]],
    ["numeric[]", [new Decimal("1.1"), null]],
    ["text[]", []],
    ["int4", null],
    ["text", undefined, null],
    ["interval", "1 day 02:00:00"],
    ["interval[]", ["1 mon", "-00:00:01.5", null]],
    ["int4range", "[1,5)"],
    ["tstzrange", '["2026-01-01 00:00:00+00",)'],
    ["daterange[]", ["[2026-01-01,2026-02-01)", "empty"]],
    ["nummultirange", "{[1.5,2],(7,)}"],
    ["int4multirange[]", ["{[1,3),[5,7)}", "{}"]],
    ["bit(3)[]", ["101", "000"]],
    ["jsonb", null],
  ];
  for (const [type, value, expected = value] of roundTrips) {
    it(`${type} <- ${typeof value === "bigint" ? `${value}n` : JSON.stringify(value, (_, item) => (typeof item === "bigint" ? `${item}n` : item))}`, async () => {
      for (const reader of [
        (await db.rawQueryRow(`SELECT $1::${type} AS v`, value))?.["v"],
        (await collect(db.rawQuery(`SELECT $1::${type} AS v`, value)))[0]?.["v"],
      ]) {
        assert.deepEqual(reader, expected);
      }
    });
  }

  it("reads enums, domains and ranges of one's own as text, and arrays of them as arrays, also when they are new", async () => {
    await db.exec`CREATE TYPE mood AS ENUM ('glad', 'very sad')`;
    await db.exec`CREATE DOMAIN positive AS int CHECK (VALUE > 0)`;
    await db.exec`CREATE TYPE period AS RANGE (subtype = time)`;
    await db.exec`CREATE TABLE own (mood mood, moods mood[], counts positive[], periods period[], matrix mood[][])`;
    const values = {
      mood: "very sad",
      moods: ["glad", "very sad", null],
      counts: [1, 2],
      periods: ["[08:00:00,12:00:00)"],
      matrix: [["glad"], ["very sad"]],
    };
    const { mood, moods, counts, periods, matrix } = values;
    await db.exec`INSERT INTO own VALUES (${mood}, ${moods}, ${counts}, ${periods}, ${matrix})`;
    for (let time = 0; time < 3; time++) assert.deepEqual(await db.queryRow`SELECT * FROM own`, values);
    assert.deepEqual(await collect(db.query`SELECT * FROM own`), [values]);
    assert.deepEqual(await db.queryRow`SELECT mood FROM own WHERE mood = ANY(${moods})`, { mood });
    await db.transaction(async (tx) => assert.deepEqual(await collect(tx.query`SELECT * FROM own`), [values]));
  });

  it("writes strings, dates and arrays as JSON into JSON columns, and as ever into others", async () => {
    await db.exec`CREATE TABLE documents (id int, body jsonb, plain json, tags text[], note text)`;
    const at = new Date("2026-06-01T10:11:12.345Z");
    const values: Primitive[] = [
      "text",
      '{"a":1}',
      ["a", "b"],
      [1, null],
      [],
      at,
      5,
      true,
      { a: [1] },
      [{ b: 2 }],
      null,
    ];
    for (const [id, value] of values.entries()) {
      await db.exec`INSERT INTO documents VALUES (${id}, ${value}, ${value}, ${["x", "y"]}, ${'"quoted"'})`;
    }
    const rows = await db.queryAll`SELECT body, plain, tags, note FROM documents ORDER BY id`;
    const expected = values.map((value) => (value === at ? at.toISOString() : value));
    assert.deepEqual(
      rows.map(({ body }) => body),
      expected,
    );
    assert.deepEqual(
      rows.map(({ plain }) => plain),
      expected,
    );
    assert.deepEqual([rows[0]?.["tags"], rows[0]?.["note"]], [["x", "y"], '"quoted"']);
    await using tx = await db.begin();
    const changed = await tx.queryRow`UPDATE documents SET body = ${["new"]} WHERE id = 0 RETURNING body`;
    assert.deepEqual(changed, { body: ["new"] });
    assert.deepEqual(await collect(db.query`UPDATE documents SET body = ${"s"} WHERE id = 1 RETURNING body`), [
      { body: "s" },
    ]);
  });

  it("says what is wrong with a statement whose parameters it asks about", async () => {
    for (const run of [
      () => db.exec`INSERT INTO nowhere VALUES (${"x"})`,
      () => collect(db.query`INSERT INTO nowhere VALUES (${"x"})`),
    ]) {
      await assert.rejects(
        run,
        (error: DatabaseError) => error.code === "invalid_statement" && error.sqlState === "42P01",
      );
    }
    assert.deepEqual(await db.queryRow`SELECT 1 AS one`, { one: 1 });
  });

  it("reads timestamps right whatever the session's zone", async () => {
    await using connection = await db.acquire();
    for (const zone of ["Asia/Kolkata", "America/St_Johns", "Europe/Vienna"]) {
      await connection.rawExec(`SET TIME ZONE '${zone}'`);
      const at = new Date("2026-06-01T10:11:12.345Z");
      assert.deepEqual(await connection.queryRow`SELECT ${at}::timestamptz AS at`, { at });
    }
  });

  it("refuses what has no form in SQL", async () => {
    const wrong: unknown[] = [
      () => 1,
      Symbol("s"),
      new Date("nope"),
      new Map(),
      new Set(),
      "a\0b",
      { a: 1n },
      [() => 1],
    ];
    for (const value of wrong) {
      await assert.rejects(db.rawExec("SELECT $1", value as Primitive), failsWith("unsupported_parameter"));
    }
    await assert.rejects(db.queryRow`SELECT ${1.5}::int`, failsWith("invalid_value", { sqlState: "22P02" }));
  });
});

describe("errors", () => {
  it("names constraint, table, column and detail, and keeps data out of the message", async () => {
    await db.exec`INSERT INTO users (id, email) VALUES (10, 'secret@example.com')`;
    await assert.rejects(db.exec`INSERT INTO users (id, email) VALUES (11, 'secret@example.com')`, (error) => {
      failsWith("unique_violation", {
        sqlState: "23505",
        constraint: "users_email_key",
        table: "users",
        status: "internal",
      })(error);
      assert.match((error as DatabaseError).detail ?? "", /secret@example.com/);
      assert.doesNotMatch((error as DatabaseError).message, /secret/);
      return true;
    });
    await assert.rejects(
      db.exec`INSERT INTO users (id) VALUES (12)`,
      failsWith("not_null_violation", { column: "email" }),
    );
    await assert.rejects(
      db.exec`INSERT INTO users (id, email, age) VALUES (13, 'x', -1)`,
      failsWith("check_violation", { constraint: "users_age_check" }),
    );
    await assert.rejects(db.exec`SELEKT 1`, failsWith("invalid_statement", { sqlState: "42601", position: 1 }));
    await assert.rejects(db.exec`SELECT nope FROM users`, failsWith("invalid_statement", { sqlState: "42703" }));
  });

  it("says so when the process does not know the database", async () => {
    const unknown = new SQLDatabase("unknown");
    await assert.rejects(unknown.exec`SELECT 1`, failsWith("database_not_configured"));
    assert.throws(() => unknown.connectionString, failsWith("database_not_configured"));
    assert.equal(SQLDatabase.named("shop").connectionString, connectionString);
  });

  it("refuses bad settings without repeating the password", () => {
    for (const bad of ["", "mysql://a:hunter2@h/x", "postgres://a:hunter2@h", "hunter2"]) {
      assert.throws(
        () => configureDatabases({ shop: { connectionString: bad } }),
        (error) => failsWith("database_config_invalid")(error) && !(error as Error).message.includes("hunter2"),
      );
    }
    assert.equal(db.connectionString, connectionString, "a refused configuration changes nothing");
  });

  it("reports health", async () => {
    assert.deepEqual(await checkDatabases(), [{ database: "shop" }, { database: "tiny" }]);
  });
});

describe("transactions", () => {
  it("commits, rolls back, rolls back on disposal", async () => {
    const tx = await db.begin();
    await tx.exec`INSERT INTO users (id, email) VALUES (100, 'tx')`;
    assert.equal(await db.queryRow`SELECT 1 FROM users WHERE id = 100`, null, "not visible outside before commit");
    assert.deepEqual(await collect(tx.query`SELECT id FROM users WHERE id = 100`), [{ id: 100 }]);
    await tx.commit();
    assert.ok(await db.queryRow`SELECT 1 FROM users WHERE id = 100`);
    await assert.rejects(tx.exec`SELECT 1`, failsWith("transaction_finished"));
    await assert.rejects(tx.commit(), failsWith("transaction_finished"));

    const undone = await db.begin();
    await undone.exec`DELETE FROM users WHERE id = 100`;
    await undone.rollback();
    {
      await using left = await db.begin();
      await left.exec`DELETE FROM users WHERE id = 100`;
    }
    assert.ok(await db.queryRow`SELECT 1 FROM users WHERE id = 100`);
  });

  it("transaction() commits what returns and undoes what throws", async () => {
    const result = await db.transaction(async (tx) => {
      await tx.exec`INSERT INTO users (id, email) VALUES (101, 't101')`;
      return "done";
    });
    assert.equal(result, "done");
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.exec`DELETE FROM users WHERE id = 101`;
        throw new Error("changed my mind");
      }),
      /changed my mind/,
    );
    assert.ok(await db.queryRow`SELECT 1 FROM users WHERE id = 101`);
  });

  it("does not report a commit that was none", async () => {
    const attempt = db.transaction(async (tx) => {
      await tx.exec`INSERT INTO users (id, email) VALUES (102, 't102')`;
      await tx.exec`SELECT 1 / 0`.catch(() => {});
      await assert.rejects(tx.exec`SELECT 1`, failsWith("transaction_failed"));
    });
    await assert.rejects(attempt, failsWith("transaction_failed"));
    assert.equal(await db.queryRow`SELECT 1 FROM users WHERE id = 102`, null);
  });

  it("honours isolation level and readOnly", async () => {
    await db.transaction(
      async (tx) =>
        assert.deepEqual(await tx.queryRow`SHOW transaction_isolation`, { transaction_isolation: "serializable" }),
      { isolationLevel: "serializable" },
    );
    await assert.rejects(
      db.transaction((tx) => tx.exec`DELETE FROM users`, { readOnly: true }),
      failsWith("statement_failed", { sqlState: "25006" }),
    );
  });

  it("takes statements that are not awaited one after the other", async () => {
    await db.transaction(async (tx) => {
      const counts = await Promise.all(
        [1, 2, 3].map((id) => tx.exec`INSERT INTO users (id, email) VALUES (${id + 200}, ${`p${id}`})`),
      );
      assert.deepEqual(counts, [1, 1, 1]);
      for await (const { id } of tx.query<{ id: number }>`SELECT id FROM users WHERE id > 200`) {
        assert.equal(await tx.exec`DELETE FROM users WHERE id = ${id}`, 1);
      }
    });
  });
});

describe("acquired connections", () => {
  it("keep their session, and give it back clean", async () => {
    const one = new SQLDatabase("tiny");
    const connection = await one.acquire();
    await connection.exec`SET statement_timeout = 1234`;
    await connection.exec`CREATE TEMPORARY TABLE mine (a int)`;
    await connection.exec`SELECT pg_advisory_lock(7)`;
    assert.deepEqual(await connection.queryRow`SHOW statement_timeout`, { statement_timeout: "1234ms" });
    await connection.exec`BEGIN`;
    await connection.close();
    await assert.rejects(connection.exec`SELECT 1`, failsWith("transaction_finished"));
    assert.deepEqual(await one.queryRow`SHOW statement_timeout`, { statement_timeout: "0" });
    await assert.rejects(one.exec`SELECT * FROM mine`, failsWith("invalid_statement"));
    assert.deepEqual(await one.queryRow`SELECT count(*) AS n FROM pg_locks WHERE locktype = 'advisory'`, { n: 0 });
  });
});

describe("spans", () => {
  it("have OpenTelemetry's names, the call as parent, and no parameters", async () => {
    const spans: Span[] = [];
    configureTelemetry({
      otlpEndpoint: null,
      sample: 1,
      flushIntervalMs: 1,
      sink: (batch) => void spans.push(...batch),
    });
    const context = call();
    await runInCall(context, async () => {
      await db.queryAll`SELECT id FROM users WHERE email <> ${"hidden-parameter"} LIMIT 2`;
      await assert.rejects(db.exec`INSERT INTO users (id, email) VALUES (${10}, ${"hidden-parameter"})`);
      await db.transaction((tx) => tx.exec`UPDATE users SET age = ${5} WHERE id = ${10}`);
      await collect(db.query`SELECT n FROM generate_series(1, 150) AS n`);
    });
    await flushTelemetry();
    configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 1 });
    assert.deepEqual(
      spans.map((span) => span.name),
      ["SELECT users", "INSERT users", "UPDATE users", "transaction", "SELECT generate_series"],
    );
    const [select, insert, update, transaction, streamed] = spans as [Span, Span, Span, Span, Span];
    const namespace = new URL(connectionString).pathname.slice(1);
    assert.deepEqual(select.attributes, {
      "db.system.name": "postgresql",
      "db.namespace": namespace,
      "db.operation.name": "SELECT",
      "db.query.text": "SELECT id FROM users WHERE email <> $1 LIMIT 2",
      "db.response.returned_rows": 2,
    });
    assert.deepEqual([select.kind, select.service, select.traceId], ["client", "orders", context.span.traceId]);
    assert.equal(select.parentSpanId, context.span.spanId);
    assert.equal(insert.status, "error");
    assert.equal(insert.attributes["db.response.status_code"], "23505");
    assert.equal(update.parentSpanId, transaction.spanId);
    assert.equal(transaction.parentSpanId, context.span.spanId);
    assert.equal(transaction.attributes["tenon.transaction.outcome"], "committed");
    assert.equal(streamed.attributes["db.response.returned_rows"], 150);
    assert.doesNotMatch(JSON.stringify(spans), /hidden-parameter/);
  });
});

describe("the end of a call", () => {
  it("cancels a write on the server when the deadline passes", async () => {
    const controller = new AbortController();
    const running = runInCall(call({ deadlineAt: Date.now() - 1, signal: controller.signal }), () =>
      db.transaction(async (tx) => {
        await tx.exec`UPDATE users SET age = 77 WHERE id = 10`;
        await tx.exec`SELECT pg_sleep(60)`;
      }),
    );
    await untilRunning(/pg_sleep\(60\)/);
    controller.abort();
    await assert.rejects(running, failsWith("statement_deadline_exceeded", { status: "deadline_exceeded" }));
    await untilNotRunning(/pg_sleep\(60\)/);
    assert.notDeepEqual(await db.queryRow`SELECT age FROM users WHERE id = 10`, { age: 77 });
  });

  it("cancels a streamed read and a single statement when the caller goes away", async () => {
    for (const start of [() => db.exec`SELECT pg_sleep(61)`, () => collect(db.query`SELECT pg_sleep(61)`)]) {
      const controller = new AbortController();
      const running = runInCall<Promise<unknown>>(call({ signal: controller.signal }), start);
      await untilRunning(/pg_sleep\(61\)/);
      controller.abort();
      await assert.rejects(running, failsWith("statement_canceled"));
      await untilNotRunning(/pg_sleep\(61\)/);
    }
  });

  it("does not harm other reads on the same connection", async () => {
    const slow = "SELECT count(*) FROM generate_series(1, 300000000) AS slow_read";
    const controller = new AbortController();
    const running = runInCall(call({ signal: controller.signal }), () => db.rawQueryRow(slow));
    const others = Array.from({ length: 20 }, (_, index) => db.queryRow<{ n: number }>`SELECT ${index}::int AS n`);
    await untilRunning(/slow_read/);
    controller.abort();
    await assert.rejects(running, failsWith("statement_canceled"));
    assert.deepEqual(
      (await Promise.all(others)).map((row) => row?.n),
      Array.from({ length: 20 }, (_, index) => index),
    );
    await untilNotRunning(/slow_read/);
  });

  it("refuses at once when the call is already over", async () => {
    await assert.rejects(
      runInCall(call({ signal: AbortSignal.abort() }), () => db.exec`DELETE FROM users`),
      failsWith("statement_canceled"),
    );
  });
});

async function activeStatements(): Promise<string[]> {
  const admin = new pg.Client(server.adminUrl);
  await admin.connect();
  const { rows } = await admin.query<{ query: string }>(
    "SELECT query FROM pg_stat_activity WHERE state = 'active' AND pid <> pg_backend_pid()",
  );
  await admin.end();
  return rows.map(({ query }) => query);
}

async function untilRunning(pattern: RegExp): Promise<void> {
  while (!(await activeStatements()).some((query) => pattern.test(query)));
}

async function untilNotRunning(pattern: RegExp): Promise<void> {
  while ((await activeStatements()).some((query) => pattern.test(query)));
}
