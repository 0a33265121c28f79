// Databases of test files on a real server: made from a template, apart from each other, put back to their beginning, and gone after.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { startTestServer, type TestServer } from "../data/server.test.support.ts";
import { cloneTemplates, dropClones } from "./clone-databases.ts";
import { dropLeftovers, ensureTemplate, type TemplateSource } from "./database-templates.ts";

let server: TestServer;
let folder: string;
let source: TemplateSource;

before(async () => {
  server = await startTestServer();
  folder = await mkdtemp(join(tmpdir(), "tenon-templates-"));
  await mkdir(join(folder, "migrations"));
  await migration(
    "1_first",
    `CREATE TABLE parent (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, twice int GENERATED ALWAYS AS (id * 2) STORED, raw bytea);
     CREATE TABLE child (id serial PRIMARY KEY, parent int REFERENCES parent, at timestamptz, price numeric(40, 20), data jsonb);
     INSERT INTO parent (raw) VALUES ('\\x00ff');
     INSERT INTO child (parent, at, price, data)
       VALUES (1, '2024-02-29T01:02:03.123456Z', 12345678901234567890.12345678901234567890, '{"a": [1, null]}');`,
  );
  source = {
    database: "books",
    role: "books_test",
    password: "secret",
    migrations: join(folder, "migrations"),
    migrationSource: undefined,
    hasOutbox: true,
  };
});

after(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});

async function migration(name: string, text: string): Promise<void> {
  await writeFile(join(folder, "migrations", `${name}.up.sql`), text);
}

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function databases(): Promise<string[]> {
  const rows = await query(server.adminUrl, "SELECT datname FROM pg_database WHERE datname LIKE 'tenon%' ORDER BY 1");
  return rows.map((row) => (row as { datname: string }).datname);
}

const everything = `SELECT (SELECT json_agg(p ORDER BY id) FROM parent p) AS parents, (SELECT json_agg(c ORDER BY id) FROM child c) AS children`;

describe("templates", () => {
  it("are made once for the same migrations, by whoever comes first, and anew for others", async () => {
    const made = await Promise.all([1, 2, 3].map(() => ensureTemplate(server.adminUrl, source)));
    assert.equal(new Set(made.map(({ template }) => template)).size, 1);
    assert.deepEqual(await databases(), [made[0]!.template]);
    await migration("2_second", "CREATE TABLE more ()");
    const next = await ensureTemplate(server.adminUrl, source);
    assert.notEqual(next.template, made[0]!.template);
    await dropLeftovers(server.adminUrl, [next]);
    assert.deepEqual(await databases(), [next.template]);
  });
});

describe("clones", () => {
  it("begin as the migrations left the template, apart from each other, and are dropped", async () => {
    const template = await ensureTemplate(server.adminUrl, source);
    const clones = await Promise.all(
      [1, 2].map(() => cloneTemplates(server.adminUrl, [template], { mark: "aaa", copyFiles: true })),
    );
    const [first, second] = clones.map(({ connectionStrings }) => connectionStrings["books"]!);
    await query(first!, "INSERT INTO child DEFAULT VALUES; CREATE SCHEMA mine");
    assert.deepEqual(await query(second!, "SELECT count(*)::int AS count FROM child"), [{ count: 1 }]);
    await Promise.all(clones.map((clone) => clone.drop()));
    assert.deepEqual(await databases(), [template.template]);
  });

  it("are put back to their beginning with rows, references, generated columns and sequences", async () => {
    const template = await ensureTemplate(server.adminUrl, source);
    const clone = await cloneTemplates(server.adminUrl, [template], { mark: "bbb" });
    const url = clone.connectionStrings["books"]!;
    const before = await query(url, everything);
    for (let round = 0; round < 2; round++) {
      await query(url, "INSERT INTO parent DEFAULT VALUES; UPDATE child SET price = 0; DELETE FROM child WHERE id = 2");
      assert.notDeepEqual(await query(url, everything), before);
      await clone.reset();
      assert.deepEqual(await query(url, everything), before);
      assert.deepEqual(await query(url, "INSERT INTO child DEFAULT VALUES RETURNING id"), [{ id: 2 }]);
    }
    await clone.drop();
  });

  it("that are still in use are left to whoever comes later, and their connections are not cut", async () => {
    const template = await ensureTemplate(server.adminUrl, source);
    const open = async (mark: string) => cloneTemplates(server.adminUrl, [template], { mark });
    const used = await open("ccc");
    const client = new pg.Client({ connectionString: used.connectionStrings["books"]! });
    await client.connect();
    await used.drop();
    assert.deepEqual((await client.query("SELECT 1 AS one")).rows, [{ one: 1 }]);
    await client.end();
    await (await open("ccc")).drop();
    assert.deepEqual(await databases(), [template.template]);

    const kept = await open("ddd");
    const other = await open("eee");
    await dropClones(server.adminUrl, "ddd");
    await assert.rejects(query(kept.connectionStrings["books"]!, "SELECT 1"), { code: "3D000" });
    assert.deepEqual(await query(other.connectionStrings["books"]!, "SELECT 1 AS one"), [{ one: 1 }]);
    await other.drop();
  });
});
