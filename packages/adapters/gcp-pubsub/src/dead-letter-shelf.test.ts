// Dead letters of the engine, and those that the service makes when a message was delivered too often.
import assert from "node:assert/strict";
import { test } from "node:test";
import { DeadLetterShelf, letterFrom } from "./dead-letter-shelf.ts";
import type { PubsubApi } from "./pubsub-api.ts";

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

test("one that comes twice is one letter, and is removed as it came last", async () => {
  const receivedAs = (ackId: string, messageId: string) => ({
    ackId,
    message: { data: "e30=", messageId, publishTime: "2026-01-01T12:00:00Z" },
  });
  const pulls = [[receivedAs("a", "7")], [receivedAs("b", "8"), receivedAs("c", "7")], []];
  const said: string[] = [];
  const api = {
    pull: async () => pulls.shift(),
    acknowledge: async (_: string, ackIds: readonly string[]) => void said.push(`acknowledge ${ackIds}`),
    modifyAckDeadline: async (_: string, ackIds: readonly string[], seconds: number) => {
      if (seconds === 0) said.push(`give back ${ackIds}`);
    },
  } as unknown as PubsubApi;
  const shelf = new DeadLetterShelf(api, "dead");
  await shelf.open(async (letters) => {
    assert.deepEqual(
      letters.map(({ read }) => read.id),
      ["7", "8"],
    );
    await shelf.remove(letters.filter(({ read }) => read.id === "7"));
  });
  assert.deepEqual(said, ["acknowledge c", "give back b"]);
});
