// Behind a pooler in transaction mode the sessions of the server go from one process to the next, with all that was prepared in them.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { configureLog } from "../log/output.ts";
import { ConnectionPool } from "./connection-pool.ts";
import { type Pooler, startPooler } from "./pooler.test.support.ts";
import { newDatabase, startTestServer, type TestServer } from "./server.test.support.ts";
import { rawStatement } from "./statement.ts";

let server: TestServer;
let pooler: Pooler;

before(async () => {
  server = await startTestServer();
  pooler = await startPooler(await newDatabase(server), "transaction");
});
after(async () => {
  await pooler.stop();
  await server.stop();
});

it("a statement that comes again is the process's own, whatever others have run in the session", async (t) => {
  const processes = Array.from({ length: 2 }, () => {
    const { connectionString } = pooler;
    return new ConnectionPool("main", { connectionString, maxConnections: 1 });
  });
  t.after(() => Promise.all(processes.map((pool) => pool.close(1_000))));
  const pids = new Set<unknown>();
  for (let time = 0; time < 4; time++) {
    for (const [index, pool] of processes.entries()) {
      const { rows } = await pool.run(rawStatement(`SELECT ${index} AS own, pg_backend_pid() AS pid`, [], "main"));
      assert.equal(rows[0]?.["own"], index);
      pids.add(rows[0]?.["pid"]);
    }
  }
  assert.equal(pids.size, 1, "they share a session");
});

it("listen is told that it may hear nothing", async (t) => {
  const lines: string[] = [];
  configureLog({ pretty: false, level: "warn", write: (line) => lines.push(line) });
  t.after(() => configureLog({ pretty: false }));
  const { connectionString } = pooler;
  const pool = new ConnectionPool("main", { connectionString });
  t.after(() => pool.close(1_000));
  const events = pool.listen("orders", []);
  assert.deepEqual((await events.next()).value, { type: "listening" });
  await events.return(undefined);
  assert.match(lines.join("\n"), /behind a pooler/);
});
