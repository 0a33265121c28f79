// The relay on a real server, with what can go wrong made to go wrong where it hurts: between the broker and the database.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import { useClock } from "../../clock/clock.ts";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import { readMetrics } from "../../metrics/metric-registry.ts";
import type { Broker } from "../broker.ts";
import { subscriptionOf } from "../postgres/broker.test.support.ts";
import { createPostgresBroker } from "../postgres/postgres-broker.ts";
import { Gate, ListeningBroker, moved, OutboxBench, placed } from "./outbox.test.support.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

async function publishAll(bench: OutboxBench, ids: readonly string[], customer = "ann"): Promise<void> {
  for (const id of ids) await bench.db.transaction(() => moved.publish({ id, customer }));
}

/** Asks again and again; what never becomes true fails the test. */
async function until(what: string, check: () => boolean | Promise<boolean>): Promise<void> {
  for (let attempt = 0; attempt < 1_000; attempt++) {
    if (await check()) return;
    await pause(20);
  }
  throw new Error(`never: ${what}`);
}

function repeatsOf(broker: ListeningBroker): number {
  const ids = broker.tried.flatMap(({ messages }) => messages.map(({ id }) => id));
  return ids.length - new Set(ids).size;
}

/** The connection of the relay breaks when the engine has taken what it was given. */
function cuttingBroker(engine: Broker, bench: OutboxBench): Broker {
  const broker = new ListeningBroker();
  broker.onPublish = async ({ topic, messages }) => {
    await engine.publish(topic, messages);
    await bench.cutRelays();
  };
  return broker;
}

describe("a relay", () => {
  it("that ended between the broker and the database sends again, with the same ids and in order", async (t) => {
    const bench = await OutboxBench.create(server, t);
    await publishAll(bench, ["a", "b", "c"]);
    const { broker } = bench;
    let isCut = false;
    broker.onPublish = async () => {
      if (!isCut) await bench.cutRelays();
      isCut = true;
    };
    await bench.relay().empty();
    assert.equal(await bench.waiting(), 3, "nothing was deleted");
    await publishAll(bench, ["d"]);
    await bench.relay().empty();
    assert.equal(repeatsOf(broker), 3);
    assert.deepEqual(broker.orders, ["a", "b", "c", "d"]);
    assert.equal(await bench.waiting(), 0);
  });

  it("repeats nothing to subscribers of the PostgreSQL engine", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const engine = createPostgresBroker(bench.connectionString);
    t.after(() => engine.close());
    const subscription = subscriptionOf({ topic: "moved", name: "follow", isOrdered: true });
    await engine.declare([
      { name: "moved", isOrdered: true, deliveryGuarantee: "at-least-once", subscriptions: [subscription] },
    ]);
    await publishAll(bench, ["a", "b", "c"]);
    await bench.relay(cuttingBroker(engine, bench)).empty();
    assert.equal(await bench.waiting(), 3, "nothing was deleted");
    await publishAll(bench, ["d"]);
    await bench.relay(engine).empty();
    const handled: string[] = [];
    const consumer = engine.consume(subscription, {
      deliver: async ({ payload }) => {
        handled.push((JSON.parse(payload) as { id: string }).id);
        return { kind: "handled" };
      },
      bury: async () => {},
    });
    await until("all are handled", () => handled.includes("d"));
    await consumer.stop(1_000);
    assert.deepEqual(handled, ["a", "b", "c", "d"]);
  });

  it("that dies while it holds the lock is followed by another one", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const stuck = new ListeningBroker();
    const reached = new Gate();
    const held = new Gate();
    stuck.onPublish = () => {
      reached.open();
      return held.opened;
    };
    await publishAll(bench, ["a"]);
    const emptied = bench.relay(stuck).empty();
    await reached.opened;
    const next = bench.relay();
    next.start();
    await next.empty();
    assert.deepEqual(bench.broker.orders, [], "somebody else is at it");
    await bench.cutRelays();
    await until("the other one has taken over", () => bench.broker.orders.length === 1);
    held.open();
    await emptied;
    assert.equal(await bench.waiting(), 0);
  });

  it("shares with another one without sending anything twice", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relays = [bench.relay(), bench.relay(), bench.relay()];
    for (const relay of relays) relay.start();
    await Promise.all(
      Array.from({ length: 80 }, async (_, i) => {
        await bench.db.transaction(() => placed.publish({ id: String(i), customer: "ann" }));
        relays[i % relays.length]!.committed();
      }),
    );
    await until("all are sent", () => bench.broker.orders.length === 80);
    await Promise.all(relays.map((relay) => relay.stop(30_000)));
    assert.equal(repeatsOf(bench.broker), 0);
    assert.equal(await bench.waiting(), 0);
  });

  it("waits for a broker that is away, and loses nothing", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const { broker } = bench;
    broker.onPublish = () => {
      throw new Error("connection refused");
    };
    const ids = Array.from({ length: 25 }, (_, i) => `o${i}`);
    await publishAll(bench, ids);
    const relay = bench.relay();
    relay.start();
    await until("it has tried", () => broker.tried.length > 3);
    assert.equal(await bench.waiting(), 25);
    const backlog = readMetrics().find(({ about }) => about.name === "tenon_outbox_backlog");
    assert.equal((backlog!.all[0] as { value: number }).value, 25);
    broker.onPublish = () => {};
    await until("all are sent", () => broker.orders.length === 25);
    assert.deepEqual(broker.orders, ids);
    await relay.stop(30_000);
    assert.equal(await bench.waiting(), 0);
  });

  it("waits for a database that is away", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relay = bench.relay();
    relay.start();
    await publishAll(bench, ["a"]);
    relay.committed();
    await until("the first", () => bench.broker.orders.length === 1);
    const others = "FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname = current_database()";
    const ended = await bench.rows<{ pid: number }>(`SELECT pid, pg_terminate_backend(pid) ${others}`);
    const pids = ended.map(({ pid }) => pid);
    // Else the transaction begins on a connection that is about to break.
    await until(
      "their end",
      async () => (await bench.rows(`SELECT 1 ${others} AND pid = ANY($1)`, [pids])).length === 0,
    );
    await publishAll(bench, ["b"]);
    relay.committed();
    await until("the second", () => bench.broker.orders.length === 2);
  });

  it("sends what others left behind, without being told", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relay = bench.relay();
    relay.start();
    await relay.empty();
    await publishAll(bench, ["left by a process that was killed"]);
    await until("it has looked", () => bench.broker.orders.length === 1);
  });

  it("does not let a message that the broker refuses stand in the way of others, but for those of its key", async (t) => {
    const clock = new VirtualClock(0);
    t.after(useClock(clock));
    const bench = await OutboxBench.create(server, t);
    const { broker } = bench;
    broker.onPublish = ({ messages }) => {
      if (messages.some(({ payload }) => payload.includes("poison"))) throw new Error("message too large");
    };
    await publishAll(bench, ["a", "poison", "behind"], "ann");
    await publishAll(bench, ["b", "c"], "bob");
    const relay = bench.relay();
    await relay.empty();
    assert.deepEqual(broker.orders.toSorted(), ["a", "b", "c"]);
    assert.equal(await bench.waiting(), 2);

    for (let round = 0; round < 8; round++) {
      await clock.advance(120_000);
      await publishAll(bench, [`other ${round}`], "bob");
      await relay.empty();
    }
    const parked = await bench.rows(
      "SELECT payload, parked_reason FROM tenon_outbox.message WHERE parked_at IS NOT NULL",
    );
    assert.deepEqual(parked, [{ payload: '{"id":"poison","customer":"ann"}', parked_reason: "message too large" }]);
    await relay.empty();
    assert.ok(broker.orders.includes("behind"));

    broker.onPublish = () => {};
    await bench.relay().empty();
    assert.ok(broker.orders.includes("poison"), "a new process tries it again");
    assert.equal(await bench.waiting(), 0);
  });

  it("blames no message while the broker takes nothing at all", async (t) => {
    const clock = new VirtualClock(0);
    t.after(useClock(clock));
    const bench = await OutboxBench.create(server, t);
    bench.broker.onPublish = () => {
      throw new Error("connection refused");
    };
    await publishAll(bench, ["a", "b"]);
    const relay = bench.relay();
    for (let round = 0; round < 20; round++) {
      await clock.advance(120_000);
      await relay.empty();
    }
    assert.deepEqual(await bench.rows("SELECT 1 FROM tenon_outbox.message WHERE parked_at IS NOT NULL"), []);
    bench.broker.onPublish = () => {};
    await clock.advance(120_000);
    await relay.empty();
    assert.deepEqual(bench.broker.orders, ["a", "b"]);
  });

  it("leaves messages of topics it does not know to those that do", async (t) => {
    const bench = await OutboxBench.create(server, t);
    await bench.db.transaction(async () => {
      await placed.publish({ id: "new", customer: "ann" });
      await moved.publish({ id: "old", customer: "ann" });
    });
    const old = bench.relay(bench.broker, ["moved"]);
    await old.empty();
    assert.deepEqual(bench.broker.orders, ["old"]);
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders, ["old", "new"]);
  });

  it("brings back what an older version parks beside it, and nothing that was parked for another reason", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const current = bench.relay();
    await current.empty();
    await bench.db.transaction(async () => {
      await placed.publish({ id: "new", customer: "ann" });
      await placed.publish({ id: "poison", customer: "ann" });
    });
    await bench.rows("UPDATE tenon_outbox.message SET written_at = now() - interval '1 hour'");
    await bench.relay(bench.broker, ["moved"]).keepHouse();
    await bench.rows(
      "UPDATE tenon_outbox.message SET parked_reason = 'message too large' WHERE payload LIKE '%poison%'",
    );
    await current.empty();
    assert.deepEqual(bench.broker.orders, []);
    await current.keepHouse();
    await current.empty();
    assert.deepEqual(bench.broker.orders, ["new"]);
  });

  it("keeps large messages apart", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const text = "x".repeat(2_000_000);
    await bench.db.transaction(async () => {
      for (const id of ["a", "b", "c"]) await moved.publish({ id, customer: `${id} ${text}` });
      await moved.publishBatch(["d", "e"].map((id) => ({ id, customer: id })));
    });
    await bench.relay().empty();
    assert.deepEqual(bench.broker.orders, ["a", "b", "c", "d", "e"]);
    assert.deepEqual(
      bench.broker.tried.map(({ messages }) => messages.length),
      [1, 1, 1, 2],
    );
  });

  it("stops with nothing left of what was committed before", async (t) => {
    const bench = await OutboxBench.create(server, t);
    const relay = bench.relay();
    relay.start();
    await relay.empty();
    await publishAll(bench, ["a", "b"]);
    await relay.stop(30_000);
    assert.deepEqual(bench.broker.orders, ["a", "b"]);
  });
});
