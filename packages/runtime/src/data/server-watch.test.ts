// A server that stands still (SIGSTOP) or is full, as a pool sees it; and what the server does about a client that is gone.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:net";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type CallContext, runInCall } from "../call/context.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { closeDatabases, configureDatabases } from "./configure-databases.ts";
import { DatabaseError } from "./errors.ts";
import { probeServer } from "./probe-server.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { SQLDatabase } from "./sql-database.ts";

let server: TestServer;
let connectionString: string;
const db = new SQLDatabase("main");

before(async () => {
  server = await startTestServer();
  connectionString = await newDatabase(server);
  configureDatabases({ main: { connectionString } });
});

after(async () => {
  await closeDatabases();
  await server.stop();
});

/** As the runtime makes it: its signal aborts when the deadline comes. */
function within<T>(deadlineMs: number, run: () => Promise<T>): Promise<T> {
  const context: CallContext = {
    span: startSpan({ name: "x", kind: "server", service: "x" }),
    service: "x",
    endpoint: "x",
    requestId: "x",
    deadlineAt: Date.now() + deadlineMs,
    signal: AbortSignal.timeout(deadlineMs),
    caller: undefined,
  };
  return runInCall(context, run);
}

const codeOf = (outcome: Promise<unknown>): Promise<string> =>
  outcome.then(
    () => "answered",
    (error: unknown) => (error instanceof DatabaseError ? error.code : String(error)),
  );

describe("a server that stands still", { skip: process.platform === "linux" ? false : "needs /proc" }, () => {
  it("makes what was sent fail before its deadline as unavailable, what comes after at once, and is found again", async () => {
    await db.exec`CREATE TABLE notes (id int)`;
    const uses: (() => Promise<unknown>)[] = [
      () => db.queryRow`SELECT 1`,
      () => db.exec`INSERT INTO notes VALUES (1)`,
      () => db.transaction((tx) => tx.exec`INSERT INTO notes VALUES (2)`),
    ];
    const useAll = () => Promise.all(uses.map((use) => codeOf(within(3_000, use))));
    // So that there are connections on which the statements themselves are sent.
    for (let time = 0; time < 3; time++) assert.deepEqual(await useAll(), ["answered", "answered", "answered"]);
    const stopped = serverProcesses(server.pid);
    for (const pid of stopped) process.kill(pid, "SIGSTOP");
    try {
      const codes = await useAll();
      for (const code of codes) assert.match(code, /^(connection_lost|database_unavailable)$/);
      assert.ok(codes.includes("connection_lost"), "what was sent may have taken effect");
      assert.equal(await codeOf(db.queryRow`SELECT 1`), "database_unavailable", "without a deadline, too");
    } finally {
      for (const pid of stopped) process.kill(pid, "SIGCONT");
    }
    while ((await codeOf(db.queryRow`SELECT 1`)) !== "answered")
      await new Promise((resolve) => setTimeout(resolve, 20));
  });

  it("is not mistaken for one that only takes its time", async () => {
    assert.equal(await codeOf(within(1_500, () => db.exec`SELECT pg_sleep(30)`)), "statement_deadline_exceeded");
  });
});

describe("a server that has no connection to spare", () => {
  it("makes calls fail before their deadline as unavailable, and connections that come back serve those who wait", async () => {
    const { pathname } = new URL(connectionString);
    const admin = new pg.Client(server.adminUrl);
    await admin.connect();
    const database = pg.escapeIdentifier(pathname.slice(1));
    configureDatabases({ main: { connectionString, maxConnections: 6 } });
    const tx = await db.begin();
    await admin.query(`ALTER DATABASE ${database} CONNECTION LIMIT 1`);
    assert.equal(await codeOf(within(1_000, () => db.exec`INSERT INTO notes VALUES (3)`)), "database_unavailable");
    assert.equal(await codeOf(within(1_000, () => db.queryRow`SELECT 1`)), "database_unavailable");
    const waiting = codeOf(db.exec`INSERT INTO notes VALUES (4)`);
    await tx.commit();
    assert.equal(await waiting, "answered");
    assert.equal(await codeOf(db.queryRow`SELECT 1`), "answered", "a read takes another lane's connection");
    await admin.query(`ALTER DATABASE ${database} CONNECTION LIMIT -1`);
    await admin.end();
  });
});

describe("a client that is gone", () => {
  it("does not leave its statement running", async () => {
    const child = startSleeper();
    await untilSleepers(1);
    child.kill("SIGKILL");
    await untilSleepers(0);
  });

  it("has told the server how long a statement of a call may take, and only those", async () => {
    const shown = "current_setting('statement_timeout') AS t";
    const alone = () => db.rawQueryRow<{ t: string }>(`SELECT ${shown}, pg_backend_pid()`).then((row) => row!.t);
    const inTransaction = () =>
      db.transaction((tx) => tx.rawQueryRow<{ t: string }>(`SELECT ${shown}`)).then((row) => row!.t);
    for (const run of [alone, inTransaction]) {
      assert.equal(await within(5_000, run), "8192ms");
      assert.equal(await run(), "0");
    }
    await within(5_000, alone);
    await using connection = await db.acquire();
    assert.deepEqual(await connection.queryRow`SHOW statement_timeout`, { statement_timeout: "0" });
  });
});

describe("a probe", () => {
  it("tells a server from a door behind which nobody is", async () => {
    const url = new URL(server.adminUrl);
    assert.equal(await probeServer({ host: "127.0.0.1", port: Number(url.port) }, 5_000), true);
    const silent: Server = createServer(() => {});
    await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
    const { port } = silent.address() as { port: number };
    assert.equal(await probeServer({ host: "127.0.0.1", port }, 50), false);
    silent.close();
    assert.equal(await probeServer({ host: "127.0.0.1", port: 1 }, 5_000), true, "refused: it is down, not silent");
  });
});

function serverProcesses(postmaster: number): number[] {
  const children = readdirSync("/proc").filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return readFileSync(`/proc/${name}/stat`, "utf8").split(") ")[1]?.split(" ")[1] === String(postmaster);
    } catch {
      return false;
    }
  });
  return [postmaster, ...children.map(Number)];
}

/** Another process that runs a long statement through a pool of its own. */
function startSleeper(): ChildProcess {
  const main = new URL("../../dist/index.js", import.meta.url).href;
  const script = `import { configureDatabases, SQLDatabase } from ${JSON.stringify(main)};
    configureDatabases({ main: { connectionString: process.env.SLEEPER_URL } });
    await new SQLDatabase("main").exec\`SELECT pg_sleep(300) AS sleeper\`;`;
  return spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, SLEEPER_URL: connectionString },
    stdio: "ignore",
  });
}

async function untilSleepers(count: number): Promise<void> {
  for (;;) {
    const row = await db.queryRow<{ n: number }>`SELECT count(*) AS n FROM pg_stat_activity
      WHERE query LIKE '%AS sleeper' AND state = 'active' AND pid <> pg_backend_pid()`;
    if (row!.n === count) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
