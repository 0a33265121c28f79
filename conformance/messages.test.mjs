// Topics and subscriptions over PostgreSQL in both topologies: fan-out, retries, dead letters and their replay, order by key, filters,
// batches, delays, repeats, one trace, and what a handler learns of its message.
import assert from "node:assert/strict";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
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

    test("a message that always fails holds back its own key until it is dead, and no other", async () => {
      const orders = [
        { id: "hal-poison", customer: "hal", sequence: 1, failures: 99 },
        { id: "hal-next", customer: "hal", sequence: 2 },
        ...Array.from({ length: 10 }, (_, i) => ({ id: `other-${i}`, customer: `other-${i}`, sequence: 3 })),
      ];
      await app.request("POST", "/moves", { orders });
      for (let i = 0; i < 10; i++) await noteOf(`follow other-${i}`, `other-${i}`);
      await noteOf("follow hal", "hal-next");
      assert.deepEqual(
        (await notesOf("follow hal")).map(({ id }) => id),
        ["hal-next"],
      );
      const { deadLetters } = await app.fromDashboard("/api/topics/order-moved/follow/dead-letters");
      assert.deepEqual(
        deadLetters.map(({ message, attempts }) => [message.id, attempts]),
        [["hal-poison", 6]],
      );
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
      const { stdout } = await topic("replay", name, ids.get("mended-1"));
      assert.match(stdout, /^1 replayed; trace [0-9a-f]{32}\n$/);
      assert.equal((await noteOf("mail", "mended-1")).attempt, 1);
      const links = await eventually("the span that is linked to the replay", async () => {
        const { spans } = await app.fromDashboard(`/api/traces/${one.traceId}`);
        return spans.map((span) => span.links ?? []).find((found) => found.length > 1);
      });
      const [byPublish, byReplay] = links.map((link) => [link.attributes["tenon.link"], link.traceId]);
      assert.deepEqual(byPublish, ["publish", one.traceId]);
      assert.deepEqual(byReplay, ["replay", stdout.slice(-33, -1)]);
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
      const spans = await eventually("the spans", async () => {
        const answer = await fetch(`${app.dashboard}/api/traces/${traceId}`);
        if (!answer.ok) return false;
        const { spans: arrived } = await answer.json();
        const names = new Set(arrived.map(({ name }) => name));
        const wanted = ["publish order-placed", "order-placed/send-mail", "journal.note"];
        return wanted.every((name) => names.has(name)) && arrived;
      });
      const publish = spans.find(({ name }) => name === "publish order-placed");
      const handled = spans.find(({ name }) => name === "order-placed/send-mail");
      assert.deepEqual(handled.links, [{ traceId, spanId: publish.spanId, attributes: { "tenon.link": "publish" } }]);
      for (const span of [publish, handled]) assert.equal(span.attributes["messaging.system"], "postgresql");
    });

    const remind = async (reminders, options = {}) => {
      const { status, body } = await app.request("POST", "/reminders", { reminders, ...options });
      assert.equal(status, 200, JSON.stringify(body));
      return body.messageIds;
    };
    const fine = (id, region = "us") => ({ id, region, kind: "fine" });

    test("a subscription with a filter gets what it asks for and nothing else", async () => {
      await remind([fine("f1"), fine("f2", "eu"), fine("f3"), fine("f4", "eu")]);
      await noteOf("europe", "f4");
      const europe = (await notesOf("europe")).map(({ id }) => id);
      assert.deepEqual(europe.filter((id) => id.startsWith("f")).sort(), ["f2", "f4"]);
      const { topics } = await app.fromDashboard("/api/graph");
      const { subscriptions } = topics.find(({ name }) => name === "reminders");
      assert.deepEqual(subscriptions.find(({ name }) => name === "europe").filter, { region: ["eu"] });
    });

    test("what is published twice under one key is one message", async () => {
      const once = { once: true };
      const first = await remind([fine("r1", "eu"), fine("r2", "eu"), fine("r1", "eu")], once);
      assert.equal(first[0], first[2]);
      assert.deepEqual(await remind([fine("r2", "eu"), fine("r3", "eu")], once).then(([again]) => again), first[1]);
      for (const id of ["r1", "r2", "r3"]) await noteOf("europe", id);
      const europe = (await notesOf("europe")).map(({ id }) => id);
      assert.deepEqual(europe.filter((id) => id.startsWith("r")).sort(), ["r1", "r2", "r3"]);
    });

    test("a delayed message is given to nobody before its time", async () => {
      const deliverAt = new Date(Date.now() + 1_000);
      await remind([fine("d1", "eu")], { deliverAt });
      assert.ok(Number((await noteOf("europe", "d1")).text) >= deliverAt.getTime());
      assert.deepEqual((await app.request("POST", "/reminders/wrong")).body.codes, [
        "publish_option_invalid",
        "publish_option_invalid",
      ]);
    });

    test("a poison message takes no other of its batch with it, and the dead-letter handler is told", async () => {
      const ids = ["t1", "t2", "t3", "t4", "t5", "t6", "t7"];
      const poison = { id: "t-poison", region: "us", kind: "poison" };
      await remind([...ids.slice(0, 3).map((id) => fine(id)), poison, ...ids.slice(3).map((id) => fine(id))]);
      const dead = await noteOf("dead", "t-poison");
      assert.deepEqual([dead.attempt, dead.text], [3, "Error: it cannot be handled"]);
      for (const id of ids) await noteOf("together", id);
      const notes = (await notesOf("together")).filter(({ id }) => ids.includes(id));
      assert.equal(notes.length, ids.length);
      for (const { attempt, text } of notes) if (attempt > 1) assert.equal(text, "1");
      const letters = await eventually("the dead letter", async () => {
        const { deadLetters } = await app.fromDashboard("/api/topics/reminders/together/dead-letters");
        return deadLetters.length > 0 && deadLetters;
      });
      assert.deepEqual(
        letters.map(({ message, attempts }) => [message.id, attempts]),
        [["t-poison", 3]],
      );
    });

    test("messages of one publish are handled in batches", async () => {
      const ids = Array.from({ length: 20 }, (_, i) => `b${i}`);
      await remind(ids.map((id) => fine(id)));
      for (const id of ids) await noteOf("together", id);
      const sizes = (await notesOf("together")).filter(({ id }) => ids.includes(id)).map(({ text }) => Number(text));
      assert.equal(Math.max(...sizes), 5);
    });

    test("a handler whose time is over acknowledges nothing; one that asked for more has it", async () => {
      await remind([{ id: "s1", region: "us", kind: "slow" }]);
      await eventually("the second attempt", async () =>
        (await notesOf("slow")).some(({ text }) => text === "in time"),
      );
      assert.deepEqual(
        (await notesOf("slow")).map(({ attempt, text }) => [attempt, text]),
        [
          [1, "begun"],
          [2, "begun"],
          [2, "in time"],
        ],
      );
      await eventually("an empty backlog", async () => {
        const { topics } = await app.fromDashboard("/api/topics");
        const { subscriptions } = topics.find(({ name }) => name === "reminders");
        const { backlog, deadLetters } = subscriptions.find(({ name }) => name === "slow");
        assert.equal(deadLetters, 0);
        return backlog === 0;
      });
    });

    test("each attempt waits as long as the retry policy says", async () => {
      await remind([{ id: "w1", region: "us", kind: "retried" }]);
      const notes = await eventually("five attempts", async () => {
        const found = await notesOf("retried");
        return found.length === 5 && found;
      });
      const gapsMs = notes.slice(1).map(({ text }, i) => Number(text) - Number(notes[i].text));
      // A fifth less at most, so that messages which failed together do not come back together.
      for (const [i, leastMs] of [80, 160, 240, 240].entries()) {
        assert.ok(gapsMs[i] >= leastMs, `gap ${i + 1} is ${gapsMs[i]} ms`);
      }
    });

    test("a message of before a change of its type is a dead letter with the reason, and the consumer lives on", async () => {
      await remind([{ id: "o1", region: "us", kind: "old" }]);
      await noteOf("old", "o1");
      const file = join(copy.dir, "orders/reminders.ts");
      const source = await readFile(file, "utf8");
      await writeFile(file, source.replace("  id: string;", "  id: string;\n  language: string;"));
      const readLetter = async () => {
        const { deadLetters } = await app.fromDashboard("/api/topics/reminders/old/dead-letters");
        return deadLetters[0];
      };
      const letter = await eventually("the dead letter", readLetter, { deadlineMs: 60_000 });
      assert.equal(letter.message.id, "o1");
      assert.match(letter.reason, /^it does not match its type: language /);
      await remind([{ id: "new", region: "us", kind: "old", language: "de" }]);
      await noteOf("old", "new");
    });
  });
}
