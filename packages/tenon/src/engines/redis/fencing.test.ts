// A holder of a lock that is paused for longer than its lock lives, and wakes up when somebody else has worked: a database that looks at
// the fencing token refuses what it writes. With real processes, a real PostgreSQL, and both cache servers.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { closeDatabases, configureDatabases, provisionDatabase, SQLDatabase } from "@tenon/runtime";
import { type PostgresServer, startPostgres } from "../postgres/start-postgres.ts";
import { type Engine, engines } from "./cache-servers.test.support.ts";
import { CacheWorker } from "./cache-worker.test.support.ts";

const ttlMs = 700;

describe("a paused holder", () => {
  const ledger = new SQLDatabase("ledger");
  let folder: string;
  let postgres: PostgresServer;
  let database: string;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "tenon-fencing-"));
    postgres = await startPostgres({ dataDir: join(folder, "pg") });
    const provisioned = await provisionDatabase(postgres.adminUrl, { database: "ledger", role: "ledger" });
    database = provisioned.connectionString;
    configureDatabases({ ledger: { connectionString: database } });
  });
  after(async () => {
    await closeDatabases();
    await postgres.stop();
    await rm(folder, { recursive: true, force: true });
  });

  for (const { name, start, skip } of engines) {
    it(`is stopped by its token, with ${name}`, { skip }, async (t) => {
      const engine: Engine = await start();
      t.after(() => engine.stop());
      await ledger.exec`DROP TABLE IF EXISTS ledger`;
      await ledger.exec`CREATE TABLE ledger (id int PRIMARY KEY, token bigint NOT NULL, writer text)`;
      await ledger.exec`INSERT INTO ledger VALUES (1, 0, null)`;
      const begin = (label: string) => CacheWorker.start(t, { server: engine.server, database, keys: "run", label });
      const [late, quick] = [await begin("late"), await begin("quick")];

      late.tell({ do: "write", ttlMs });
      const lateToken = (await late.expect("enter")) as number;
      late.pause();
      // It is told to go on, and knows of nothing: its time ends while it stands still.
      late.letGo();
      quick.tell({ do: "write", ttlMs: 30_000 });
      const quickToken = (await quick.expect("enter")) as number;
      assert.ok(quickToken > lateToken);
      quick.letGo();
      assert.equal(await quick.expect("wrote"), 1);
      quick.letGo();
      await quick.expect("done");

      late.wake();
      assert.equal(await late.expect("wrote"), 0);
      late.letGo();
      assert.equal(await late.expect("lost"), "cache_lock_lost");
      assert.deepEqual(await ledger.queryRow`SELECT token::text, writer FROM ledger`, {
        token: String(quickToken),
        writer: "quick",
      });
    });
  }
});
