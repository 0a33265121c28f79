// Dead letters of the engine, and those that the service makes when a message was delivered too often.
import assert from "node:assert/strict";
import { test } from "node:test";
import { letterFrom } from "./dead-letter-shelf.ts";

test("one of the service tells its count, and when the message was published", () => {
  const { reason, attempts, publishedAt, diedAt, read } = letterFrom({
    ackId: "a",
    message: {
      data: "e30=",
      attributes: {
        region: "eu",
        CloudPubSubDeadLetterSourceDeliveryCount: "100",
        CloudPubSubDeadLetterSourceSubscription: "orders-mail",
        CloudPubSubDeadLetterSourceTopicPublishTime: "2026-01-01T10:00:00.5+00:00",
      },
      messageId: "7",
      publishTime: "2026-01-01T12:00:00Z",
    },
  });
  assert.equal(reason, "Pub/Sub has delivered it 100 times, each time without an outcome");
  assert.equal(attempts, 100);
  assert.deepEqual([publishedAt, diedAt], [new Date("2026-01-01T10:00:00.5Z"), new Date("2026-01-01T12:00:00Z")]);
  assert.deepEqual(read.attributes, { region: "eu" });
});
