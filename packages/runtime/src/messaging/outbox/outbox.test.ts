// Publishing in transactions, on a real server: what leaves, what does not, and in which order.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import pg from "pg";
import { type CallContext, runInCall } from "../../call/context.ts";
import { DatabaseError } from "../../data/errors.ts";
import { newDatabase, startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { HostError } from "../../lifecycle/host-error.ts";
import { startSpan } from "../../telemetry/recorder.ts";
import { MessagingError } from "../errors.ts";
import { moved, OutboxBench, placed } from "./outbox.test.support.ts";
import { createOutboxTables } from "./outbox-tables.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const order = (id: string, customer = "ann") => ({ id, customer });

function callContext(): CallContext {
  return {
    span: startSpan({ name: "test", kind: "server", service: "test" }),
    service: "test",
    endpoint: "test",
    requestId: "1",
    deadlineAt: undefined,
    signal: new AbortController().signal,
    caller: undefined,
  };
}

describe("publishing in a transaction", () => {
  it("leaves with the commit, with the id and the trace that publish had", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relay = bench.relay();
    let id = "";
    await bench.db.transaction(async () => {
      id = await placed.publish(order("a"));
      await relay.empty();
      assert.deepEqual(bench.broker.accepted, []);
    });
    await relay.empty();
    const [message] = bench.broker.accepted;
    assert.equal(message!.id, id);
    assert.equal(message!.payload, '{"id":"a","customer":"ann"}');
    assert.deepEqual(message!.attributes, { customer: "ann" });
    assert.equal(message!.orderingKey, null);
    assert.match(message!.traceparent, /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    assert.equal(message!.mayBeRepeat, true);
    assert.equal(await bench.waiting(), 0);
  });

  it("does not happen when the transaction is rolled back, nor for a savepoint that is", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const failing = bench.db.transaction(async () => {
      await placed.publish(order("lost"));
      throw new Error("no");
    });
    await assert.rejects(failing, /no/);
    await bench.db.transaction(async (tx) => {
      await placed.publish(order("a"));
      await moved.publish(order("m1"));
      await tx.exec`SAVEPOINT inner_part`;
      await placed.publish(order("undone"));
      await moved.publish(order("undone too"));
      await tx.exec`ROLLBACK TO SAVEPOINT inner_part`;
      await moved.publishBatch([order("m2"), order("m3")]);
    });
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders.toSorted(), ["a", "m1", "m2", "m3"]);
    assert.deepEqual(
      bench.broker.orders.filter((id) => id.startsWith("m")),
      ["m1", "m2", "m3"],
    );
  });

  it("follows transactions within the transaction", async (t) => {
    const bench = await OutboxBench.create(server, t);
    await bench.db.transaction(async (tx) => {
      await tx.transaction(async (inner) => {
        await placed.publish(order("found"));
        await placed.publish(order("given"), { transaction: inner });
      });
      const failing = tx.transaction(async () => {
        await placed.publish(order("undone"));
        throw new Error("no");
      });
      await assert.rejects(failing, /no/);
    });
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders, ["found", "given"]);
  });

  it("takes the transaction it is given, and none for null", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const tx = await bench.db.begin();
    await placed.publish(order("outside"));
    assert.deepEqual(bench.broker.orders, ["outside"]);
    await placed.publish(order("given"), { transaction: tx });
    await tx.commit();
    await bench.db.transaction(async () => {
      await placed.publish(order("at once"), { transaction: null });
      assert.deepEqual(bench.broker.orders, ["outside", "at once"]);
    });
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders, ["outside", "at once", "given"]);
  });

  it("is not what a service does that is called from within, wherever it runs", async (t) => {
    const bench = await OutboxBench.create(server, t);
    await bench.db.transaction(() => runInCall(callContext(), () => placed.publish(order("of another"))));
    assert.deepEqual(bench.broker.orders, ["of another"]);
    assert.equal(await bench.waiting(), 0);
  });

  it("fails behind the end of the transaction", async (t) => {
    const bench = await OutboxBench.create(server, t);
    let late: () => Promise<string> = async () => "";
    await bench.db.transaction(async () => {
      const { AsyncResource } = await import("node:async_hooks");
      late = AsyncResource.bind(() => placed.publish(order("late")));
    });
    await assert.rejects(
      late(),
      (error) => error instanceof MessagingError && error.code === "transaction_over" && /placed/.test(error.message),
    );
    assert.deepEqual(bench.broker.orders, []);
  });

  it("says what is missing where the database has no tables for it, and undoes the transaction", async (t) => {
    const bench = await OutboxBench.create(server, t, false);
    await bench.db.exec`CREATE TABLE notes (id int)`;
    const publishing = bench.db.transaction(async (tx) => {
      await tx.exec`INSERT INTO notes VALUES (1)`;
      await placed.publish(order("a"));
    });
    await assert.rejects(publishing, (error) => error instanceof MessagingError && error.code === "outbox_missing");
    assert.deepEqual(await bench.db.queryAll`SELECT * FROM notes`, []);
  });

  it("is refused in a transaction that only reads", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const publishing = bench.db.transaction(() => placed.publish(order("a")), { readOnly: true });
    await assert.rejects(publishing, (error) => error instanceof DatabaseError && error.sqlState === "25006");
  });
});

describe("order in the outbox", () => {
  it("of one key is the order of commits, whatever was written first", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const [first, second] = [await bench.db.begin(), await bench.db.begin()];
    await moved.publish(order("written first"), { transaction: first });
    await moved.publish(order("written second"), { transaction: second });
    await second.commit();
    await first.commit();
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders, ["written second", "written first"]);
  });

  it("skips nothing that commits late with a lower place", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relay = bench.relay();
    const slow = await bench.db.begin();
    await placed.publish(order("slow"), { transaction: slow });
    for (const id of ["a", "b", "c"]) {
      await bench.db.transaction(() => placed.publish(order(id)));
      await relay.empty();
    }
    assert.deepEqual(bench.broker.orders, ["a", "b", "c"]);
    await slow.commit();
    await relay.empty();
    assert.deepEqual(bench.broker.orders, ["a", "b", "c", "slow"]);
  });

  it("agrees with what concurrent transactions did, for many keys and two relays", async (t) => {
    const bench = await OutboxBench.create(server, t);
    await bench.db.exec`CREATE TABLE counters (customer text PRIMARY KEY, n int NOT NULL)`;
    await bench.db.exec`CREATE TABLE log (id text, customer text, n int)`;
    const customers = ["ann", "bob", "cat"];
    for (const customer of customers) await bench.db.exec`INSERT INTO counters VALUES (${customer}, 0)`;
    const relays = [bench.relay(), bench.relay()];
    for (const relay of relays) relay.start();
    await Promise.all(
      Array.from({ length: 60 }, (_, i) =>
        bench.db.transaction(async (tx) => {
          const customer = customers[i % customers.length]!;
          // Written before the row is locked that decides who is first.
          await moved.publish(order(`o${i}`, customer));
          const row = await tx.queryRow`UPDATE counters SET n = n + 1 WHERE customer = ${customer} RETURNING n`;
          await tx.exec`INSERT INTO log VALUES (${`o${i}`}, ${customer}, ${row!["n"]})`;
        }),
      ),
    );
    await Promise.all(relays.map((relay) => relay.stop(30_000)));
    assert.equal(await bench.waiting(), 0);
    for (const customer of customers) {
      const done = await bench.db.queryAll`SELECT id FROM log WHERE customer = ${customer} ORDER BY n`;
      const sent = bench.broker.accepted.filter(({ orderingKey }) => orderingKey === customer);
      assert.deepEqual(
        sent.map(({ payload }) => (JSON.parse(payload) as { id: string }).id),
        done.map(({ id }) => id),
      );
    }
  });
});

describe("the tables of the outbox", () => {
  it("are made once, by whoever comes first", async () => {
    const place = { database: "orders", connectionString: await newDatabase(server) };
    const made = await Promise.all([1, 2, 3, 4].map(() => createOutboxTables(place)));
    assert.ok(made.includes(true));
    assert.equal(await createOutboxTables(place), false);
  });

  it("a role that may not make them is told what to run", async () => {
    const connectionString = await newDatabase(server);
    const admin = new URL(server.adminUrl);
    admin.pathname = new URL(connectionString).pathname;
    const client = new pg.Client({ connectionString: admin.href });
    await client.connect();
    const database = decodeURIComponent(admin.pathname.slice(1));
    await client.query(
      `REVOKE CREATE ON DATABASE ${pg.escapeIdentifier(database)} FROM ${pg.escapeIdentifier(database)}`,
    );
    await client.end();
    await assert.rejects(createOutboxTables({ database: "orders", connectionString }), (error) => {
      assert.ok(error instanceof HostError);
      assert.equal(error.code, "outbox_unprepared");
      assert.match(error.hint, /tenon migrate/);
      return true;
    });
  });
});
