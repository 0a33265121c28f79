// The server killed and started again under load: consumers go on by themselves, nothing acknowledged is lost, keys stay in order, and
// who publishes meanwhile is told so.
import assert from "node:assert/strict";
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { Codec, Topic } from "@tenon/model";
import { APIError } from "../../call/api-error.ts";
import { startTestServer } from "../../data/server.test.support.ts";
import type { Broker } from "../broker.ts";
import { installMessaging } from "../messaging.ts";
import { publish } from "../publish.ts";
import { consume, messageOf, numberOf, subscriptionOf, TestDatabase, until } from "./broker.test.support.ts";

const keys = ["a", "b", "c", "d"];

/** Publishes one message per key in turn until told to stop; gives the numbers that were acknowledged. */
function startLoad(broker: Broker): { readonly acknowledged: number[]; stop(): Promise<void> } {
  const acknowledged: number[] = [];
  let running = true;
  let next = 0;
  const writers = keys.map(async (key) => {
    while (running) {
      const n = next++;
      const accepted = await broker.publish("orders", [messageOf(n, key)]).then(
        () => true,
        () => false,
      );
      if (accepted) acknowledged.push(n);
      await new Promise((resolve) => setTimeout(resolve, accepted ? 2 : 50));
    }
  });
  return {
    acknowledged,
    async stop() {
      running = false;
      await Promise.all(writers);
    },
  };
}

/** The code of the first publish that fails: children of a killed server go on for a moment. */
async function codeOfPublishing(broker: Broker): Promise<string | undefined> {
  const topic = { name: "orders", attributes: [] } as unknown as Topic;
  const codec = { encode: (value: unknown) => value } as unknown as Codec;
  installMessaging({ broker, topics: new Map([["orders", { topic, codec }]]) });
  try {
    for (let attempt = 0; attempt < 1_000; attempt++) await publish("orders", [{ n: -1 }]);
  } catch (error) {
    return error instanceof APIError ? error.code : String(error);
  } finally {
    installMessaging(undefined);
  }
}

test("the server is killed under load", async (t) => {
  const dataDir = join(mkdtempSync(join(tmpdir(), "tenon-messages-")), "pg");
  const first = await startTestServer(dataDir);
  const database = await TestDatabase.create(first, t);
  // What was taken when the server died, with no answer, comes back after this.
  const ordered = subscriptionOf({ isOrdered: true, ackDeadlineMs: 2_000 });
  const broker = await database.broker(ordered);
  const seenOf = new Map(keys.map((key) => [key, [] as number[]]));
  const consumer = consume(broker, ordered, async (delivery) => {
    seenOf.get(delivery.orderingKey ?? "")?.push(numberOf(delivery));
    return { kind: "handled" };
  });
  const seen = () => new Set([...seenOf.values()].flat());
  const load = startLoad(broker);
  await until("messages", () => seen().size > 100);

  process.kill(first.pid, "SIGKILL");
  assert.equal(await codeOfPublishing(broker), "unavailable");

  const second = await startTestServer(dataDir);
  t.after(() => second.stop());
  const before = seen().size;
  await until("messages after the restart", () => seen().size > before + 100);
  await load.stop();
  await until("all that was acknowledged", () => {
    const now = seen();
    return load.acknowledged.every((n) => now.has(n));
  });
  for (const numbers of seenOf.values()) {
    const firsts = [...new Set(numbers)];
    assert.deepEqual(
      firsts,
      firsts.toSorted((a, b) => a - b),
    );
  }
  await until("no message left", async () => (await database.waiting()) === 0);
  assert.deepEqual(await database.deadLetters(), []);
  await consumer.stop(1_000);
});
