// Topics and subscriptions over PostgreSQL in both topologies: fan-out, retries, dead letters and their replay, order by key, one
// trace, and what a handler learns of its message.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";

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

    test("the handler sees which message it is, and middleware of subscriptions runs around it", async () => {
      const order = { id: "seen", customer: "ann", sequence: 7, failures: 1 };
      const { body, headers } = await app.request("POST", "/orders", order);
      await noteOf("mail", "seen");
      assert.deepEqual((await app.request("GET", "/seen")).body.seen, {
        names: "mail order-placed send-mail",
        messageId: body.messageId,
        deliveryAttempt: "2",
        payload: "seen true",
        traceId: headers.get("traceresponse").split("-")[1],
        app: "messages",
        marked: "order-placed/send-mail",
      });
    });

    test("dead letters are counted, listed and replayed", async () => {
      const name = "order-placed/send-mail";
      const ids = new Map();
      for (const id of ["mended-1", "mended-2", "mended-3", "skipped"]) {
        const { body } = await app.request("POST", "/orders", { id, customer: "ann", sequence: 8 });
        ids.set(id, body.messageId);
      }
      const lettersOf = async () => (await app.fromDashboard(`/api/topics/${name}/dead-letters`)).deadLetters;
      const ours = await eventually("the dead letters", async () => {
        const found = (await lettersOf()).filter(({ messageId }) => [...ids.values()].includes(messageId));
        return found.length === 4 && found;
      });
      const one = ours.find(({ messageId }) => messageId === ids.get("mended-1"));
      assert.equal(one.reason, "Error: it is broken");
      assert.equal(one.attempts, 3);
      assert.equal(one.message.id, "mended-1");
      const skipped = ours.find(({ messageId }) => messageId === ids.get("skipped"));
      assert.equal(skipped.reason, "Error: the middleware refuses");

      const { topics } = await app.fromDashboard("/api/topics");
      const placed = topics.find((topic) => topic.name === "order-placed");
      assert.ok(placed.publishers.includes("orders"));
      const [mail] = placed.subscriptions.filter((subscription) => subscription.name === "send-mail");
      assert.equal(mail.deadLetters, (await lettersOf()).length);
      assert.equal(mail.service, "mail");

      await app.request("POST", "/mend");
      const topic = (...args) => runTenon(["topic", ...args, "--app", copy.dir]);
      const listed = await topic("dlq", name);
      assert.ok(listed.stdout.includes(ids.get("mended-1")), listed.stdout);
      assert.match((await topic("list")).stdout, /order-placed\/send-mail {2}mail {2}\d+ waiting.* {2}\d+ dead/);
      assert.equal((await topic("replay", name, ids.get("mended-1"))).stdout, "1 replayed\n");
      assert.equal((await noteOf("mail", "mended-1")).attempt, 1);
      assert.equal((await topic("replay", name, ids.get("mended-1"))).code, 1);
      assert.equal((await topic("replay", name)).code, 2);
      assert.equal((await topic("replay", name, "--all")).code, 0);
      await noteOf("mail", "mended-2");
      await noteOf("mail", "mended-3");
      assert.equal((await fetch(`${app.dashboard}/api/topics/order-placed/nobody/dead-letters`)).status, 404);
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
