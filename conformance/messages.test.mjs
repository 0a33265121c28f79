// Topics and subscriptions over PostgreSQL in both topologies: fan-out, retries, dead letters, order by key, one trace, and nothing lost
// when the consumer's process is killed.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";

const topologies = ["single", "per-service"];

for (const topology of topologies) {
  describe(topology, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/messages");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy.remove();
    });

    const notesOf = async (kind) => {
      const { body } = await app.request("GET", "/notes");
      return body.notes.filter((note) => note.kind === kind);
    };
    const noteOf = (kind, id) =>
      eventually(`${kind} of ${id}`, async () => (await notesOf(kind)).find((note) => note.id === id));

    test("a message reaches every subscription, with its types", async () => {
      const { status, body } = await app.request("POST", "/orders", { id: "a", customer: "ann", sequence: 2 });
      assert.equal(status, 200);
      assert.match(body.messageId, /^[0-9a-f-]{36}$/);
      const mail = await noteOf("mail", "a");
      assert.deepEqual(mail, { kind: "mail", id: "a", attempt: 1, text: "2026-01-02T00:00:00.000Z" });
      await noteOf("count", "a");
    });

    test("a handler that fails gets the message again", async () => {
      await app.request("POST", "/orders", { id: "b", customer: "ann", sequence: 3, failures: 2 });
      assert.equal((await noteOf("mail", "b")).attempt, 3);
    });

    test("a message that always fails holds up nobody", async () => {
      await app.request("POST", "/orders", { id: "poison", customer: "ann", sequence: 4, failures: 99 });
      await app.request("POST", "/orders", { id: "c", customer: "ann", sequence: 5 });
      await noteOf("mail", "c");
      assert.deepEqual(
        (await notesOf("mail")).filter(({ id }) => id === "poison"),
        [],
      );
    });

    test("a message that does not match its type is not published", async () => {
      const { status, body } = await app.request("POST", "/wrong");
      assert.equal(status, 500);
      assert.equal(body.code, "internal");
    });

    test("messages with one key are handled in order, through failures too", async () => {
      const customers = ["dan", "eve", "fay", "gus"];
      const orders = Array.from({ length: 40 }, (_, i) => {
        const customer = customers[i % customers.length];
        return { id: `${customer}-${i}`, customer, sequence: i + 1, failures: i % 7 === 0 ? 1 : 0 };
      });
      await app.request("POST", "/moves", { orders });
      for (const customer of customers) {
        const notes = await eventually(`all of ${customer}`, async () => {
          const found = await notesOf(`follow ${customer}`);
          return found.length === 10 && found;
        });
        const expected = orders.filter((order) => order.customer === customer).map(({ id }) => id);
        assert.deepEqual(
          notes.map(({ id }) => id),
          expected,
        );
      }
    });

    test("publisher and handlers are one trace", async () => {
      const { headers } = await app.request("POST", "/orders", { id: "traced", customer: "ann", sequence: 6 });
      await noteOf("mail", "traced");
      const traceId = headers.get("traceresponse").split("-")[1];
      const names = await eventually("the consumer's spans", async () => {
        const answer = await fetch(`${app.dashboard}/api/traces/${traceId}`);
        if (!answer.ok) return false;
        const { spans } = await answer.json();
        const found = new Set(spans.map(({ name }) => name));
        return found.has("order-placed/send-mail") && found.has("journal.note") && found;
      });
      assert.ok(names.has("publish order-placed"));
    });
  });
}
