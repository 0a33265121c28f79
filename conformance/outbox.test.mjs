// Messages that leave in a transaction and are taken in one, over PostgreSQL in both topologies: neither half happens without the other, and
// what fails or is killed in the middle has its effect once all the same.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { startBuild } from "./harness/start.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const { provisionDatabase } = await import(join(root, "packages/runtime/dist/index.js"));
const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

for (const topology of ["single", "per-service"]) {
  describe(topology, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/outbox");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy.remove();
    });

    const place = (body) => app.request("POST", "/orders", body);
    const allBooked = (customer, count) =>
      eventually(`${count} bookings of ${customer}`, async () => {
        // A process that was killed is on its way back.
        const { body } = await app.request("GET", `/bookings/${customer}`).catch(() => ({ body: undefined }));
        return body?.bookings?.length >= count && body.bookings;
      });
    const confirmed = (id) =>
      eventually(`confirmation of ${id}`, async () => {
        const { body } = await app.request("GET", "/orders");
        return body.confirmations.includes(id) && body.confirmations;
      });

    test("a committed order is told of, and what its handler publishes comes back", async () => {
      const { status, body } = await place({ ids: ["a"], customer: "ann" });
      assert.equal(status, 200);
      assert.match(body.messageIds[0], /^[0-9a-f-]{36}$/);
      assert.deepEqual(await allBooked("ann", 1), [{ id: "a", runs: 1 }]);
      await confirmed("a");
    });

    test("readiness tells how much waits", async () => {
      const { status, body } = await app.request("GET", "/__tenon/readyz");
      assert.equal(status, 200);
      for (const database of ["orders", "books"]) {
        const line = body.checks.find(({ name }) => name === `outbox ${database}`);
        assert.equal(line?.status, "ok", JSON.stringify(body.checks));
        assert.match(line.detail, /^\d+ waiting/);
      }
    });

    test("an order that is rolled back is told of to nobody", async () => {
      const { status } = await place({ ids: ["lost"], customer: "bob", rollsBack: true });
      assert.equal(status, 409);
      await place({ ids: ["kept"], customer: "bob" });
      assert.deepEqual(await allBooked("bob", 1), [{ id: "kept", runs: 1 }]);
      const { orders } = (await app.request("GET", "/orders")).body;
      assert.ok(orders.includes("kept") && !orders.includes("lost"), orders.join());
    });

    test("what a failed attempt did is undone, its messages too", async () => {
      await place({ ids: ["hard"], customer: "cat", failures: 2 });
      assert.deepEqual(await allBooked("cat", 1), [{ id: "hard", runs: 3 }]);
      const confirmations = await confirmed("hard");
      assert.equal(confirmations.filter((id) => id === "hard").length, 1);
    });

    test("messages of one key are handled in the order of their transactions", async () => {
      const ids = Array.from({ length: 20 }, (_, i) => `dan-${i}`);
      for (const id of ids.slice(0, 10)) await place({ ids: [id], customer: "dan", failures: id === "dan-3" ? 1 : 0 });
      await place({ ids: ids.slice(10), customer: "dan" });
      const bookings = await allBooked("dan", 20);
      assert.deepEqual(
        bookings.map(({ id }) => id),
        ids,
      );
    });

    test("the relayed message is in the trace of the request", async () => {
      const { headers } = await place({ ids: ["traced"], customer: "eve" });
      await confirmed("traced");
      const traceId = headers.get("traceresponse").split("-")[1];
      await eventually("all spans", async () => {
        const answer = await fetch(`${app.dashboard}/api/traces/${traceId}`);
        if (!answer.ok) return false;
        const names = (await answer.json()).spans.map(({ name }) => name);
        const wanted = [
          "publish order-placed",
          "relay order-placed",
          "order-placed/book",
          "relay booked",
          "booked/confirm",
        ];
        return wanted.every((name) => names.includes(name));
      });
    });

    test("what was committed when its process is killed arrives all the same, and once", async () => {
      const { pid } = (await app.request("GET", "/orders/process")).body;
      const ids = ["fay-0", "fay-1", "fay-2"];
      for (const id of ids) assert.equal((await place({ ids: [id], customer: "fay" })).status, 200);
      process.kill(pid, "SIGKILL");
      const bookings = await allBooked("fay", 3);
      assert.deepEqual(
        bookings.map(({ id }) => id),
        ids,
      );
      const confirmations = await eventually("confirmations", async () => {
        const { body } = await app.request("GET", "/orders").catch(() => ({ body: undefined }));
        const found = (body?.confirmations ?? []).filter((id) => ids.includes(id));
        return found.length >= 3 && found;
      });
      assert.deepEqual(confirmations, ids);
    });
  });
}

test("the graph says which effect is exactly once, and where", async (t) => {
  const copy = await copyApp("conformance/apps/outbox");
  t.after(() => copy.remove());
  const { stdout } = await runTenon(["graph", copy.dir]);
  const { topics } = JSON.parse(stdout);
  const [booked, placed] = topics;
  assert.deepEqual(
    [booked, placed].map(({ name, subscriptions: [{ effect, database, maxConcurrency }] }) => [
      name,
      effect,
      database,
      maxConcurrency,
    ]),
    [
      ["booked", "exactly-once", "orders", 5],
      ["order-placed", "exactly-once", "books", 5],
    ],
  );
});

test("a production build has its tables by tenon migrate, and its messages through the database of its broker", async (t) => {
  const copy = await copyApp("conformance/apps/outbox");
  t.after(() => copy.remove());
  const folder = await mkdtemp(join(tmpdir(), "tenon-outbox-"));
  const server = await startPostgres({ dataDir: join(folder, "pg") });
  t.after(async () => {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  });
  const env = {};
  for (const database of ["orders", "books", "tenon_messages"]) {
    const { connectionString } = await provisionDatabase(server.adminUrl, { database, role: database });
    env[`${database.toUpperCase()}_DATABASE_URL`] = connectionString;
  }
  const built = await runTenon(["build", copy.dir]);
  assert.equal(built.code, 0, built.stderr);
  const buildDir = join(copy.dir, ".tenon/build");
  const migrate = (...args) => runTenon(["migrate", buildDir, ...args], { env });

  const first = await migrate();
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout, /^orders: tables for its messages made$/m);
  assert.match(first.stdout, /^books: tables for its messages made$/m);
  const checked = await migrate("--check", "--json");
  assert.equal(checked.code, 0, checked.stderr);
  assert.match(checked.stdout, /^\{"database":"orders","outbox":"up to date"\}$/m);

  const app = await startBuild(buildDir, { cwd: copy.dir, env });
  t.after(() => app.stop());
  const body = JSON.stringify({ ids: ["a"], customer: "ann" });
  const placed = await fetch(`${app.gateway}/orders`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body,
  });
  assert.equal(placed.status, 200, await placed.text());
  await eventually("the confirmation", async () => {
    const { confirmations } = await (await fetch(`${app.gateway}/orders`)).json();
    return confirmations.includes("a");
  });
});
