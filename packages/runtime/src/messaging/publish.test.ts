// What a broker is given of a message.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Codec, Topic } from "@tenon/model";
import type { Broker, OutgoingMessage } from "./broker.ts";
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

test("attributes are well-formed text: some engines can neither store nor compare half of a pair", async (t) => {
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
});
