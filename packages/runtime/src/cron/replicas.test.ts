// Three replicas as real processes over a real PostgreSQL, a thousand virtual ticks, and one of them killed on the way.
import assert from "node:assert/strict";
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import pg from "pg";
import { newDatabase, startTestServer } from "../data/server.test.support.ts";

const replicaFile = fileURLToPath(new URL("./replica.test.support.js", import.meta.url));
const minuteMs = 60_000;
const ticks = 1_000;
const killedAfter = 400;

test("each of 1,000 ticks runs once on three replicas, one of which is killed", async (t) => {
  const server = await startTestServer();
  t.after(() => server.stop());
  const connectionString = await newDatabase(server);
  const client = new pg.Client({ connectionString });
  await client.connect();
  await client.query("CREATE TABLE ran (tick bigint NOT NULL, replica text NOT NULL)");
  const startAt = Date.UTC(2026, 0, 1);
  const replicas: ChildProcess[] = [];
  for (const label of ["a", "b", "c"]) {
    const replica = fork(replicaFile, [connectionString, String(startAt), label]);
    t.after(() => replica.kill("SIGKILL"));
    assert.deepEqual((await once(replica, "message"))[0], "ready");
    replicas.push(replica);
  }
  const advance = async (replica: ChildProcess) => {
    const advanced = once(replica, "message");
    replica.send({ advanceMs: minuteMs });
    await advanced;
  };
  const count = async () => {
    const { rows } = await client.query("SELECT count(*)::int AS runs, count(DISTINCT tick)::int AS ticks FROM ran");
    return rows[0];
  };
  /** A run that is still to be written down when its replica dies is taken over half a minute later: not what is counted here. */
  const settled = async (expected: number) => {
    for (let wait = 0; wait < 6_000 && (await count()).ticks < expected; wait++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  for (let tick = 1; tick <= ticks; tick++) {
    if (tick === killedAfter) {
      await settled(killedAfter - 1);
      const gone = once(replicas[0]!, "exit");
      replicas.shift()!.kill("SIGKILL");
      await gone;
    }
    await Promise.all(replicas.map(advance));
    // A thousand minutes at once would pile up before a slow server until their replicas seem lost.
    if (tick % 20 === 0) await settled(tick);
  }
  await settled(ticks);
  assert.deepEqual(await count(), { runs: ticks, ticks });
  const { rows } = await client.query("SELECT replica FROM ran GROUP BY replica ORDER BY replica");
  assert.deepEqual(
    rows.map(({ replica }) => replica),
    ["a", "b", "c"],
  );
  await client.end();
  for (const replica of replicas) replica.kill("SIGKILL");
});
