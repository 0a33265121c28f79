// Functions and their databases: connections that were closed while the process was frozen, and a pooler between the two that gives a session to
// one after the other.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { builtOnce } from "./harness/built-once.mjs";
import { eventually } from "./harness/eventually.mjs";
import { startInLambda } from "./harness/functions/app-in-lambda.mjs";
import { pgBouncerMissing, startPgBouncer } from "./harness/pgbouncer.mjs";
import { startTcpGate } from "./harness/tcp-gate.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

/** What each case of apps/statements gives. */
const expected = {
  rows: { inserted: 2, none: null, updated: 2, ids: [1, 2] },
  "statements that come again": { sums: [1, 3, 6, 10, 15, 21], ids: [1, 3, 5] },
  "values of every kind": [
    { id: 1, facts: { text: "a 'quoted' ü", list: [1, { two: 2 }], none: null }, kinds: ["debit", "credit"] },
    { id: 2, facts: "text", kinds: [] },
  ],
  "what the server refuses": ["unique_violation", "invalid_value", "invalid_statement"],
  transactions: { failed: "unique_violation", ids: [1] },
  cursors: { seen: 250, inTransaction: 10 },
  copies: { copied: 300, bytes: 1092 },
  "many at once": true,
  "a statement that takes too long": { isGivenUp: true, inserted: 1 },
};

let copy;
let folder;
let server;
/** Of the database, by host and port. */
let direct;

before(async () => {
  copy = await copyApp("conformance/apps/statements");
  folder = await mkdtemp(join(tmpdir(), "tenon-functions-"));
  server = await startPostgres({ dataDir: join(folder, "pg") });
  const { connectionString } = await provisionDatabase(server.adminUrl, { database: "ledger", role: "ledger" });
  direct = new URL(connectionString);
  direct.searchParams.delete("host");
  const migrated = await runTenon(["migrate", await builtOnce(copy.dir)], {
    env: { LEDGER_DATABASE_URL: direct.href },
  });
  assert.equal(migrated.code, 0, migrated.stdout + migrated.stderr);
});
after(async () => {
  await server?.stop();
  await copy?.remove();
  if (folder !== undefined) await rm(folder, { recursive: true, force: true });
});

/** The app as one function whose database is there. */
function startAt(url) {
  return startInLambda(copy.dir, { isSplit: false, env: { LEDGER_DATABASE_URL: String(url) } });
}

async function run(app, name) {
  const response = await fetch(`${app.gateway}/run`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ name, batch: randomUUID() }),
  });
  const text = await response.text();
  assert.equal(response.status, 200, `${name}: ${text}\n${app.output().slice(-2000)}`);
  return JSON.parse(text).outcome;
}

describe("connections that are closed while the function is frozen", {
  skip: process.platform === "linux" ? false : "needs /proc",
}, () => {
  for (const how of ["politely", "by a reset"]) {
    test(`${how}: the next request has others, whatever it begins with`, async (t) => {
      const gate = await startTcpGate(Number(direct.port), direct.hostname);
      t.after(() => gate.stop());
      const url = new URL(direct);
      url.host = `127.0.0.1:${gate.port}`;
      const app = await startAt(url);
      t.after(() => app.stop());
      const lambda = app.units.get("app");
      // Reads, writes, transactions and cursors begin on a connection in ways of their own.
      for (const name of ["rows", "transactions", "cursors", "copies", "many at once"]) {
        assert.deepEqual(await run(app, name), expected[name], name);
        await eventually("the function to be frozen", () => lambda.pids.every(isFrozen));
        assert.ok(gate.count > 0, "it keeps connections");
        await gate.close(how);
      }
      assert.deepEqual(await run(app, "many at once"), true);
      assert.equal(lambda.coldStarts, 1);
    });
  }
});

function isFrozen(pid) {
  return readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].startsWith("T");
}

describe("through a pooler in transaction mode", { skip: pgBouncerMissing }, () => {
  let pooler;
  let app;
  before(async () => {
    pooler = await startPgBouncer(direct.href);
    app = await startAt(pooler.connectionString);
  });
  after(async () => {
    await app?.stop();
    await pooler?.stop();
  });

  test("the case list is what is expected here", async () => {
    const names = await (await fetch(`${app.gateway}/cases`)).json();
    assert.deepEqual(names.toSorted(), Object.keys(expected).toSorted());
  });

  for (const [name, outcome] of Object.entries(expected)) {
    test(name, async () => assert.deepEqual(await run(app, name), outcome));
  }

  test("a tick is claimed once, whichever process is told of it", async () => {
    const tick = { tenon: { cron: "sweep", tick: "2026-01-01T04:00:00Z" } };
    const lambda = app.units.get("app");
    const outcomes = await Promise.all([1, 2, 3].map(() => lambda.invoke(tick)));
    assert.deepEqual(outcomes.map(({ outcome }) => outcome).toSorted(), ["ran", "taken", "taken"]);
  });

  test("several processes at a time, each with statements of its own, never get another one's", async () => {
    const names = ["statements that come again", "many at once", "transactions", "cursors", "rows"];
    for (let round = 0; round < 4; round++) {
      const outcomes = await Promise.all(names.map((name) => run(app, name)));
      assert.deepEqual(Object.fromEntries(names.map((name, index) => [name, outcomes[index]])), pick(names));
    }
    assert.ok(app.units.get("app").coldStarts > 1);
  });
});

function pick(names) {
  return Object.fromEntries(names.map((name) => [name, expected[name]]));
}

test("past the pooler every case gives the same", async (t) => {
  const app = await startAt(direct);
  t.after(() => app.stop());
  for (const [name, outcome] of Object.entries(expected)) assert.deepEqual(await run(app, name), outcome, name);
});
