// Exactly-once effect on a real server: what comes again does nothing, what fails leaves nothing, whoever is late waits for who was first.
import assert from "node:assert/strict";
import { after, before, describe, it, type TestContext } from "node:test";
import { startTestServer, type TestServer } from "../../data/server.test.support.ts";
import type { Transaction } from "../../data/transaction.ts";
import { MessagingError } from "../errors.ts";
import { Gate, OutboxBench, placed } from "../outbox/outbox.test.support.ts";
import { holdOpen } from "./hold-open.ts";
import { type Inbox, takeOnce } from "./take-once.ts";

let server: TestServer;
before(async () => {
  server = await startTestServer();
});
after(() => server.stop());

const inbox: Inbox = {
  database: "orders",
  topic: "placed",
  subscription: "book",
  messageRetentionMs: 60_000,
  ackDeadlineMs: 30_000,
};

function delivery(id: string, signal = new AbortController().signal) {
  return { id, signal };
}

async function create(t: TestContext): Promise<OutboxBench> {
  const bench = await OutboxBench.create(server, t);
  await bench.db.exec`CREATE TABLE bookings (id text, amount int)`;
  return bench;
}

const book = (id: string) => async (tx: Transaction) => {
  await tx.exec`INSERT INTO bookings VALUES (${id}, 1)`;
};

async function bookings(bench: OutboxBench): Promise<string[]> {
  const rows = await bench.db.queryAll`SELECT id FROM bookings ORDER BY id`;
  return rows.map(({ id }) => id as string);
}

describe("a message that is taken in a database", () => {
  it("has its effect once, however often it comes", async (t) => {
    const bench = await create(t);
    assert.equal(await takeOnce(inbox, delivery("a"), book("a")), true);
    assert.equal(await takeOnce(inbox, delivery("a"), book("a again")), false);
    assert.equal(await takeOnce(inbox, delivery("b"), book("b")), true);
    assert.deepEqual(await bookings(bench), ["a", "b"]);
  });

  it("has it once for each subscription", async (t) => {
    const bench = await create(t);
    assert.equal(await takeOnce(inbox, delivery("a"), book("first")), true);
    assert.equal(await takeOnce({ ...inbox, subscription: "other" }, delivery("a"), book("second")), true);
    assert.deepEqual(await bookings(bench), ["first", "second"]);
  });

  it("leaves nothing behind when its handler fails, and is new the next time", async (t) => {
    const bench = await create(t);
    const relay = bench.relay();
    const failing = takeOnce(inbox, delivery("a"), async (tx) => {
      await book("a")(tx);
      await placed.publish({ id: "follow-up of the failure", customer: "ann" });
      throw new Error("not today");
    });
    await assert.rejects(failing, /not today/);
    assert.deepEqual(await bookings(bench), []);
    const handle = async (tx: Transaction) => {
      await book("a")(tx);
      await placed.publish({ id: "follow-up", customer: "ann" });
    };
    assert.equal(await takeOnce(inbox, delivery("a"), handle), true);
    await relay.empty();
    assert.deepEqual(bench.broker.orders, ["follow-up"]);
  });

  for (const outcome of ["commits", "fails"] as const) {
    it(`waits for a handler that has it already, and which ${outcome}`, async (t) => {
      const bench = await create(t);
      const begun = new Gate();
      const go = new Gate();
      const first = takeOnce(inbox, delivery("a"), async (tx) => {
        begun.open();
        await go.opened;
        if (outcome === "fails") throw new Error("not today");
        await book("first")(tx);
      });
      await begun.opened;
      const second = takeOnce(inbox, delivery("a"), book("second"));
      go.open();
      await Promise.allSettled([first]);
      assert.equal(await second, outcome === "fails");
      assert.deepEqual(await bookings(bench), [outcome === "fails" ? "second" : "first"]);
    });
  }

  it("is undone when the time for it was over before the commit", async (t) => {
    const bench = await create(t);
    const controller = new AbortController();
    const late = takeOnce(inbox, delivery("a", controller.signal), async (tx) => {
      await book("late")(tx);
      controller.abort();
    });
    await assert.rejects(late, /the time for handling/);
    assert.equal(await takeOnce(inbox, delivery("a"), book("a")), true);
    assert.deepEqual(await bookings(bench), ["a"]);
  });

  it("is handled again at once when transactions waited for each other", async (t) => {
    const bench = await create(t);
    await bench.db.exec`INSERT INTO bookings VALUES ('x', 0), ('y', 0)`;
    const arrived = [new Gate(), new Gate()];
    const runs: string[] = [];
    const handle = (name: string, me: number, rows: readonly [string, string]) => async (tx: Transaction) => {
      runs.push(name);
      await tx.exec`UPDATE bookings SET amount = amount + 1 WHERE id = ${rows[0]}`;
      arrived[me]!.open();
      await arrived[1 - me]!.opened;
      await tx.exec`UPDATE bookings SET amount = amount + 1 WHERE id = ${rows[1]}`;
    };
    const taken = await Promise.all([
      takeOnce(inbox, delivery("a"), handle("a", 0, ["x", "y"])),
      takeOnce(inbox, delivery("b"), handle("b", 1, ["y", "x"])),
    ]);
    assert.deepEqual(taken, [true, true]);
    assert.equal(runs.length, 3, "one of the two ran again");
    const rows = await bench.db.queryAll`SELECT id, amount FROM bookings ORDER BY id`;
    assert.deepEqual(rows, [
      { id: "x", amount: 2 },
      { id: "y", amount: 2 },
    ]);
  });

  it("is held for as long as its handler may take, and no longer", async (t) => {
    await create(t);
    const seen: unknown[] = [];
    const look = async (tx: Transaction) => seen.push((await tx.queryRow`SHOW idle_in_transaction_session_timeout`)!);
    await takeOnce(inbox, delivery("a"), async (tx) => {
      await look(tx);
      await holdOpen(tx, "2m");
      await look(tx);
    });
    assert.deepEqual(
      seen.map((row) => Object.values(row as object)),
      [["40s"], ["130s"]],
    );
  });

  it("is refused where the database has no tables for it", async (t) => {
    await OutboxBench.create(server, t, false);
    await assert.rejects(
      takeOnce(inbox, delivery("a"), async () => {}),
      (error) => error instanceof MessagingError && error.code === "outbox_missing",
    );
  });

  it("is remembered for longer than it can come again, and no longer", async (t) => {
    const bench = await create(t);
    await takeOnce(inbox, delivery("a"), book("a"));
    const [row] = await bench.rows<{ hours: number }>(
      "SELECT extract(epoch FROM expires_at - now())::int / 3600 AS hours FROM tenon_outbox.handled",
    );
    assert.equal(row!.hours, 24);
    await bench.rows(
      `INSERT INTO tenon_outbox.handled SELECT 'old', n::text, now() - interval '1 second' FROM generate_series(1, 2500) AS n`,
    );
    await bench.relay().keepHouse();
    const left = await bench.rows("SELECT subscription FROM tenon_outbox.handled");
    assert.deepEqual(left, [{ subscription: "placed/book" }]);
  });
});
