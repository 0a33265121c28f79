// Provisioning on a real server: each role reaches its own database and nothing else, however often and by however many it is done.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { DatabaseError } from "./errors.ts";
import { provisionDatabase } from "./provision-database.ts";
import { startTestServer, type TestServer } from "./server.test.support.ts";

let server: TestServer;

before(async () => {
  server = await startTestServer();
});

after(() => server.stop());

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  client.on("error", () => {});
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

function inDatabase(connectionString: string, database: string): string {
  const url = new URL(connectionString);
  url.pathname = `/${database}`;
  return url.href;
}

describe("provisionDatabase", () => {
  it("gives a role everything in its database, extensions and schemas included", async () => {
    const { connectionString } = await provisionDatabase(server.adminUrl, { database: "users", role: "users_role" });
    await query(
      connectionString,
      "CREATE TABLE t (a int); CREATE SCHEMA other; CREATE EXTENSION pgcrypto; CREATE TYPE mood AS ENUM ('ok')",
    );
    assert.deepEqual(await query(connectionString, "SELECT current_user AS role, current_database() AS database"), [
      { role: "users_role", database: "users" },
    ]);
  });

  it("shuts a role out of every other database", async () => {
    const users = await provisionDatabase(server.adminUrl, { database: "users", role: "users_role" });
    const orders = await provisionDatabase(server.adminUrl, { database: "orders", role: "orders_role" });
    for (const database of ["users", "postgres", "template1"]) {
      await assert.rejects(
        query(inDatabase(orders.connectionString, database), "SELECT 1"),
        { code: "42501" },
        database,
      );
    }
    await assert.rejects(query(inDatabase(users.connectionString, "orders"), "SELECT 1"), { code: "42501" });
    for (const attempt of [
      "CREATE DATABASE mine",
      "CREATE ROLE mine",
      "ALTER ROLE orders_role PASSWORD 'x'",
      "COPY (SELECT 1) TO PROGRAM 'id'",
      "SET ROLE tenon",
    ]) {
      await assert.rejects(query(users.connectionString, attempt), { code: "42501" }, attempt);
    }
  });

  it("can be repeated and keeps the data", async () => {
    const first = await provisionDatabase(server.adminUrl, { database: "again", role: "again", password: "one" });
    await query(first.connectionString, "CREATE TABLE kept AS SELECT 1 AS a");
    const second = await provisionDatabase(server.adminUrl, { database: "again", role: "again", password: "one" });
    assert.equal(second.connectionString, first.connectionString);
    assert.deepEqual(await query(second.connectionString, "SELECT a FROM kept"), [{ a: 1 }]);
    const third = await provisionDatabase(server.adminUrl, { database: "again", role: "again" });
    await assert.rejects(query(first.connectionString, "SELECT 1"), { code: "28P01" });
    assert.deepEqual(await query(third.connectionString, "SELECT a FROM kept"), [{ a: 1 }]);
  });

  it("can be done by many at once", async () => {
    const all = await Promise.all(
      Array.from({ length: 12 }, (_, index) =>
        provisionDatabase(server.adminUrl, { database: `many_${index % 3}`, role: `many_${index % 3}`, password: "p" }),
      ),
    );
    for (const { connectionString } of all) assert.equal((await query(connectionString, "SELECT 1")).length, 1);
  });

  it("takes names and passwords of all kinds as they are", async () => {
    const options = { database: `a "b" c é%`, role: `r'"ole@:/%`, password: `p'a"s@s:w/o?r%d é` };
    const { connectionString } = await provisionDatabase(server.adminUrl, options);
    assert.deepEqual(await query(connectionString, "SELECT current_user AS role, current_database() AS database"), [
      { role: options.role, database: options.database },
    ]);
  });

  it("works with an administrator who is no superuser, as on managed servers", async () => {
    await query(
      server.adminUrl,
      "CREATE ROLE manager LOGIN PASSWORD 'm' CREATEDB CREATEROLE; GRANT CONNECT ON DATABASE postgres TO manager",
    );
    const url = new URL(server.adminUrl);
    url.username = "manager";
    url.password = "m";
    for (let time = 0; time < 2; time++) {
      const { connectionString } = await provisionDatabase(url.href, { database: "managed", role: "managed" });
      await query(connectionString, "CREATE TABLE IF NOT EXISTS t (a int)");
    }
  });

  it("says what is wrong", async () => {
    const wrong = new URL(server.adminUrl);
    wrong.password = "wrong";
    await assert.rejects(provisionDatabase(wrong.href, { database: "x", role: "x" }), (error) => {
      return error instanceof DatabaseError && error.code === "database_access_denied";
    });
    await assert.rejects(
      provisionDatabase("postgres://a:b@127.0.0.1:1/postgres", { database: "x", role: "x" }),
      (error) => {
        return (
          error instanceof DatabaseError && error.code === "database_unavailable" && /ECONNREFUSED/.test(error.message)
        );
      },
    );
  });
});
