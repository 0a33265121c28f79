// The relay where a pooler in transaction mode gives the sessions of the server to one client after the other.
import assert from "node:assert/strict";
import { after, before, it } from "node:test";
import { startPooler } from "../../data/pooler.test.support.ts";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { moved, OutboxBench } from "./outbox.test.support.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

it("sends everything once, one relay at a time, and leaves no lock in a session", async (t) => {
  const bench = await OutboxBench.create(server, t);
  const pooler = await startPooler(bench.connectionString, "transaction");
  t.after(() => pooler.stop());
  const relays = [0, 1].map(() => bench.relay(bench.broker, undefined, pooler.connectionString));
  for (const round of ["a", "b", "c"]) {
    for (const id of [`${round}1`, `${round}2`])
      await bench.db.transaction(() => moved.publish({ id, customer: "ann" }));
    await Promise.all(relays.map((relay) => relay.empty()));
    assert.equal(await bench.waiting(), 0);
  }
  assert.deepEqual(bench.broker.orders, ["a1", "a2", "b1", "b2", "c1", "c2"]);
  const ids = bench.broker.tried.flatMap(({ messages }) => messages.map(({ id }) => id));
  assert.equal(new Set(ids).size, ids.length);
  const held = await bench.rows(`SELECT FROM pg_locks WHERE locktype = 'advisory'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  assert.equal(held.length, 0);
});
