// Messages of Pub/Sub, ours and others'.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPubsubMessage } from "./pubsub-message.ts";

const data = Buffer.from('{"n":1}').toString("base64");

test("a message of anybody has the service's id and time, and all of its attributes", () => {
  const message = { data, attributes: { region: "eu" }, messageId: "77", publishTime: "2026-01-01T00:00:00.5Z" };
  const at = new Date("2026-01-01T00:00:00.5Z");
  assert.deepEqual(readPubsubMessage(message), {
    id: "77",
    payload: '{"n":1}',
    attributes: { region: "eu" },
    orderingKey: null,
    traceparent: "",
    publishedAt: at,
    deliverAt: null,
    onlyFor: null,
    waitsSince: at,
    attemptsBefore: 0,
    replayTraceparent: null,
  });
});

test("what the engine wrote is taken out of the attributes, and so is what the service adds to dead letters", () => {
  const attributes = {
    region: "eu",
    traceparent: "00-a-b-01",
    "tenon-id": "id",
    "tenon-deliver-at": "1000",
    "tenon-for": "mail",
    "tenon-published-at": "2000",
    "tenon-waits-since": "3000",
    "tenon-attempts": "4",
    "tenon-replay": "00-c-d-01",
    CloudPubSubDeadLetterSourceDeliveryCount: "5",
  };
  const read = readPubsubMessage({
    data,
    attributes,
    messageId: "78",
    publishTime: "2026-01-01T00:00:00Z",
    orderingKey: "k",
  });
  assert.deepEqual(read, {
    id: "id",
    payload: '{"n":1}',
    attributes: { region: "eu" },
    orderingKey: "k",
    traceparent: "00-a-b-01",
    publishedAt: new Date(2000),
    deliverAt: new Date(1000),
    onlyFor: "mail",
    waitsSince: new Date(3000),
    attemptsBefore: 4,
    replayTraceparent: "00-c-d-01",
  });
});

test("an empty ordering key, and none on a topic with an order, come back as they were", () => {
  const keyOf = (key: string) =>
    readPubsubMessage({
      data,
      attributes: { "tenon-key": key },
      messageId: "1",
      publishTime: "2026-01-01T00:00:00Z",
      orderingKey: "-",
    }).orderingKey;
  assert.deepEqual([keyOf("empty"), keyOf("none")], ["", null]);
});
