// `tenon db`: what people and scripts see of the databases of a running app: lists, queries, the shell at a terminal, addresses, and a
// database emptied under services that go on.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import pg from "pg";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon, tenonCommand } from "./harness/tenon.mjs";

let copy;
let app;

before(async () => {
  copy = await copyApp("conformance/apps/outages");
  app = await startDev(copy.dir);
});

after(async () => {
  await app?.stop();
  await app?.cleanUp();
  await copy?.remove();
});

/** Runs it with standard input closed, or with `input` in it. */
async function db(args, input) {
  const all = ["db", ...args, "--app", copy.dir];
  if (input === undefined) return runTenon(all);
  const child = spawn(process.execPath, [tenonCommand, ...all], { env: { ...process.env, NO_COLOR: "1" } });
  let [stdout, stderr] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text) => {
    stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text) => {
    stderr += text;
  });
  child.stdin.end(input);
  const code = await new Promise((resolve) => child.on("close", resolve));
  return { code, stdout, stderr };
}

async function ok(args, input) {
  const { code, stdout, stderr } = await db(args, input);
  assert.equal(code, 0, stderr);
  return stdout;
}

describe("tenon db", () => {
  test("list: size, tables, migrations and users of each database", async () => {
    const rows = (await ok(["list", "--json"]))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const notes = rows.find(({ database }) => database === "notes");
    assert.ok(notes.sizeBytes > 1_000_000);
    assert.deepEqual(
      { ...notes, sizeBytes: 0 },
      {
        database: "notes",
        services: ["notes"],
        sizeBytes: 0,
        tables: 1,
        migrations: ["1_notes.up.sql"],
      },
    );
    assert.deepEqual(rows.map(({ database }) => database).sort(), ["clock", "mail", "notes", "tenon_messages"]);
    assert.match(
      await ok(["list"]),
      /^notes {2}\d+\.\d MB {2}1 tables {2}1 migrations, newest 1_notes\.up\.sql {2}used by notes$/m,
    );
  });

  test("query: an aligned table, CSV, JSON; several statements; NULL and what is wide", async () => {
    const statement = `select 1 as one, 'a "b"' as text, null as nothing, 9007199254740993 as big, '{"a":[1]}'::jsonb as data, 1.50 as exact, '' as empty`;
    assert.equal(
      await ok(["query", "notes", statement]),
      [
        ` one | text  | nothing |       big        |    data    | exact | empty`,
        ` ----+-------+---------+------------------+------------+-------+------`,
        `   1 | a "b" | NULL    | 9007199254740993 | {"a": [1]} |  1.50 |`,
        `(1 row)`,
        ``,
      ].join("\n"),
    );
    assert.equal(
      await ok(["query", "notes", statement, "--csv"]),
      `one,text,nothing,big,data,exact,empty\n1,"a ""b""",,9007199254740993,"{""a"": [1]}",1.50,""\n`,
    );
    assert.deepEqual(JSON.parse(await ok(["query", "notes", statement, "--json"])), {
      one: 1,
      text: 'a "b"',
      nothing: null,
      big: "9007199254740993",
      data: { a: [1] },
      exact: "1.50",
      empty: "",
    });
    assert.match(
      await ok(["query", "notes"], "create temp table t (a int); insert into t values (1), (2);\n select * from t"),
      /^CREATE\nINSERT 2\n a\n -\n 1\n 2\n\(2 rows\)\n$/,
    );
    assert.match(await ok(["shell", "notes"], "select '漢' as wide;"), /^ wide\n -{4}\n 漢\n\(1 row\)\n$/);
  });

  test("query: what is wrong is told with its place, and ends with 1", async () => {
    const { code, stderr } = await db(["query", "notes", "select 1;\nselect nothing from notes"]);
    assert.equal(code, 1);
    assert.match(
      stderr,
      /^ERROR 42703: column "nothing" does not exist\n> 1 \| select nothing from notes\n {4}\| {8}\^$/m,
    );
    const unknown = await db(["query", "nowhere", "select 1"]);
    assert.equal(unknown.code, 1);
    assert.match(unknown.stderr, /unknown_database[\s\S]*notes/);
    const several = await db(["query", "select 1"]);
    assert.match(several.stderr, /say which database is meant/);
    assert.equal((await db(["drop"])).code, 2);
  });

  test("url: as the service's own role, which can enter no other database", async () => {
    const url = (await ok(["url", "notes"])).trim();
    const client = new pg.Client(url);
    await client.connect();
    const { rows } = await client.query("select current_user as role, current_database() as name");
    assert.deepEqual(rows, [{ role: "notes", name: "notes" }]);
    await client.end();
    const other = new pg.Client(url.replace(/notes$/, "mail"));
    await assert.rejects(other.connect(), /permission denied/);
  });

  test("reset: empty, with its migrations, while the services go on", async () => {
    await eventually("a note", async () => (await app.request("POST", "/notes", { id: 1, text: "x" })).status === 200);
    assert.match(await ok(["query", "notes", "select count(*) from notes", "--csv"]), /\n1\n/);
    assert.equal(await ok(["reset", "notes"]), "notes: empty, with 1 migrations applied\n");
    assert.match(await ok(["query", "notes", "select count(*) from notes", "--csv"]), /\n0\n/);
    await eventually(
      "writes again",
      async () => (await app.request("POST", "/notes", { id: 2, text: "x" })).status === 200,
    );
    assert.equal((await db(["reset"])).code, 2);
    assert.match((await db(["reset", "tenon_messages"])).stderr, /not_resettable/);
    assert.match((await db(["reset", "notes", "--infra", "x"])).stderr, /for development/);
  });

  test("--infra: the databases of production, wherever they are", async () => {
    const { hostname, port, username, password } = new URL((await ok(["url", "mail"])).trim());
    const file = join(copy.dir, "infra.json");
    const server = {
      host: `${hostname}:${port}`,
      tls_config: { disabled: true },
      databases: { mail: { username, password } },
    };
    await writeFile(file, JSON.stringify({ sql_servers: [server] }));
    assert.equal(await ok(["query", "select current_user as me", "--csv", "--infra", file]), "me\nmail\n");
    assert.match(await ok(["list", "--infra", file]), /^mail {2}\d/);
  });

  test("without a running app it says so", async () => {
    const { code, stderr } = await runTenon(["db", "list", "--app", "examples/shop"]);
    assert.equal(code, 1);
    assert.match(stderr, /not_running/);
  });
});

/** `script` gives a program a terminal; part of util-linux, which every Debian has. */
describe("tenon db shell at a terminal", { skip: process.platform === "linux" ? false : "needs script(1)" }, () => {
  test("statements of several lines, lists, descriptions, errors, transactions", async () => {
    const shell = openShell("notes");
    try {
      await shell.sees("notes> ");
      shell.type("select 'one;\r");
      await shell.sees("notes- ");
      shell.type("two' as text;\r");
      await shell.sees("(1 row)");
      shell.type("select nothing;\r");
      await shell.sees("ERROR 42703");
      shell.type("\\dt\r");
      await shell.sees("public | notes");
      shell.type("\\d notes\r");
      await shell.sees("notes_pkey PRIMARY KEY");
      shell.type("begin;\r");
      await shell.sees("notes*> ");
      shell.type("rollback;\r");
      await shell.sees("ROLLBACK");
      shell.type("\\c mail\r");
      await shell.sees("this is the database mail");
      shell.type("\\x\r");
      await shell.sees("expanded display is on");
      shell.type("select 1 as one;\r");
      await shell.sees("-[ 1 ]");
      shell.type("\\nothing\r");
      await shell.sees("there is no command \\nothing");
      shell.type("select pg_sleep(300);\r");
      await eventually("the statement to run", async () => /pg_sleep/.test(await running()));
      shell.type("\x03");
      await shell.sees("canceling statement due to user request");
      shell.type("\\q\r");
      assert.equal(await shell.ended, 0);
    } finally {
      shell.kill();
    }
  });
});

async function running() {
  return ok([
    "query",
    "mail",
    "select query from pg_stat_activity where state = 'active' and pid <> pg_backend_pid()",
    "--csv",
  ]);
}

function openShell(database) {
  const command = [process.execPath, tenonCommand, "db", "shell", database, "--app", copy.dir].join(" ");
  const child = spawn("script", ["-qec", command, "/dev/null"], {
    env: { ...process.env, NO_COLOR: "1", TERM: "dumb" },
  });
  let output = "";
  let seen = 0;
  child.stdout.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  return {
    ended: new Promise((resolve) => child.on("close", resolve)),
    type: (text) => child.stdin.write(text),
    kill: () => child.kill("SIGKILL"),
    /** Each only in what came after the one before. */
    async sees(text) {
      await eventually(`"${text}" on the terminal`, () => output.indexOf(text, seen) >= 0).catch((error) => {
        throw new Error(`${error.message}; it showed:\n${output}`);
      });
      seen = output.indexOf(text, seen) + text.length;
    },
  };
}
