// What a broker is given of a message.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Codec, Topic } from "@tenon/model";
import type { Broker, OutgoingMessage } from "./broker.ts";
import { EngineCannot } from "./errors.ts";
import { installMessaging } from "./messaging.ts";
import { publish } from "./publish.ts";

const codec: Codec = { decode: (value) => value, encode: (value) => value, copy: (value) => value };
const topic: Topic = {
  name: "renamed",
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "name",
  attributes: ["name"],
  subscriptions: [],
} as unknown as Topic;

test("attributes are well-formed text: some engines can neither store nor compare NUL and halves of a pair", async (t) => {
  const published: OutgoingMessage[] = [];
  const broker = {
    system: "test",
    async publish(_: string, messages: readonly OutgoingMessage[]) {
      published.push(...messages);
    },
  } as unknown as Broker;
  installMessaging({ broker, topics: new Map([[topic.name, { topic, codec }]]) });
  t.after(() => installMessaging(undefined));
  const name = "🎁 of 🎁".slice(0, 7);
  await publish(topic.name, [{ name }]);
  assert.equal(published[0]?.attributes["name"], "🎁 of \uFFFD");
  assert.equal(published[0]?.orderingKey, "🎁 of \uFFFD");
  assert.deepEqual(JSON.parse(published[0].payload), { name });
  await publish(topic.name, [{ name: "a\0b" }]);
  assert.equal(published[1]?.orderingKey, "a\uFFFDb");
});

function brokerThat(publishIt: () => Promise<void>, more: Partial<Broker> = {}): Broker {
  return { system: "test", publish: publishIt, ...more } as unknown as Broker;
}

const plain: Topic = { ...topic, name: "plain" };

test("a broker that remembers no ids is asked for nothing with a dedupKey", async (t) => {
  let published = 0;
  const broker = brokerThat(async () => void published++, { remembersIds: false });
  installMessaging({ broker, topics: new Map([[plain.name, { topic: plain, codec }]]) });
  t.after(() => installMessaging(undefined));
  await assert.rejects(publish(plain.name, [{ name: "a" }], { dedupKey: "1" }), (error) => {
    assert.ok(error instanceof EngineCannot);
    assert.match(error.message, /the engine test cannot give the topic "plain".*dedupKey/);
    return true;
  });
  assert.equal(published, 0);
  await publish(plain.name, [{ name: "a" }]);
  assert.equal(published, 1);
});

test("what an engine cannot do for a message is no outage: it is told as it is", async (t) => {
  const failures = [new EngineCannot("test", 'the topic "plain"', "it is too large"), new Error("away")];
  const broker = brokerThat(async () => {
    throw failures.shift();
  });
  installMessaging({ broker, topics: new Map([[plain.name, { topic: plain, codec }]]) });
  t.after(() => installMessaging(undefined));
  await assert.rejects(publish(plain.name, [{ name: "a" }]), { code: "engine_cannot" });
  await assert.rejects(publish(plain.name, [{ name: "a" }]), { code: "unavailable" });
});
