// What SNS and SQS would refuse, or throw away, is never sent as it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesOf, carry, carryLetter, mostMessageBytes, readReceived } from "./carried-message.ts";

const message = {
  id: "8f1d2c1e-5b7a-4d1c-9c6b-0d3f7a2e4b95",
  payload: '{"n":1}',
  attributes: {},
  orderingKey: null,
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  deliverAt: null,
  mayBeRepeat: false,
};
const facts = { publishedAt: 1_767_225_600_000 };

test("attributes with names and values that SNS does not take, and more than ten of them, come back all the same", () => {
  const many = Object.fromEntries(Array.from({ length: 12 }, (_, n) => [`n${n}`, String(n)]));
  const odd = { empty: "", "a b": "1", ".a": "2", "a..b": "3", "AWS.x": "4", bell: "\u0007", last: "\uffff" };
  const attributes = { ...odd, ...many };
  const carried = carry({ ...message, attributes }, facts);
  assert.equal(Object.keys(carried.attributes).length, 10);
  for (const [name, value] of Object.entries(carried.attributes)) {
    assert.match(name, /^[\w-]+(\.[\w-]+)*$/);
    assert.ok(value !== "" && !value.includes("\u0007") && !value.includes("\uffff"), name);
  }
  const values = Object.entries(carried.attributes).map(([name, value]) => [
    name,
    { DataType: "String", StringValue: value },
  ]);
  const read = readReceived({
    Body: carried.body,
    Attributes: { SentTimestamp: "1", ApproximateReceiveCount: "2" },
    MessageAttributes: Object.fromEntries(values),
  });
  assert.deepEqual(read.message.attributes, attributes);
  assert.deepEqual([read.message.id, read.receives, read.message.orderingKey], [message.id, 2, null]);
});

test("messages of one key are of one group, those without one of none with others", () => {
  const groupOf = (orderingKey: string | null, id = message.id) => carry({ ...message, id, orderingKey }, facts).group;
  assert.equal(groupOf("", "1"), groupOf("", "2"));
  assert.notEqual(groupOf("a"), groupOf("b"));
  assert.notEqual(groupOf(null, "1"), groupOf(null, "2"));
  assert.match(groupOf("ü".repeat(500)), /^[a-f0-9]{64}$/);
});

test("a dead letter of the largest message has room for as much of its reason as fits", () => {
  const overhead = bytesOf(carry(message, facts)) - message.payload.length;
  const largest = { ...message, payload: JSON.stringify("x".repeat(mostMessageBytes - overhead - 2)) };
  assert.equal(bytesOf(carry(largest, facts)), mostMessageBytes);
  const letter = carryLetter(largest, facts, { at: 1, attempts: 3, reason: "ü".repeat(4_000) });
  assert.ok(bytesOf(letter) <= 262_144);
  assert.match(letter.attributes["tenon"]!, /"reason":"ü+"/);
});

test("what somebody else has sent to the topic or the queue is a message, too", () => {
  const Attributes = { SentTimestamp: "1767225600000", MessageGroupId: "g", ApproximateReceiveCount: "1" };
  const MessageAttributes = { region: { DataType: "String", StringValue: "eu" } };
  const plain = readReceived({ MessageId: "7", Body: "hello", Attributes, MessageAttributes });
  assert.deepEqual(
    [plain.message.id, plain.message.payload, plain.message.attributes, plain.message.orderingKey],
    ["7", "hello", { region: "eu" }, "g"],
  );
  assert.equal(plain.message.publishedAt.getTime(), 1_767_225_600_000);
  const Body = JSON.stringify({ Type: "Notification", MessageId: "8", TopicArn: "arn", Message: "{}" });
  const enveloped = readReceived({ MessageId: "7", Body, Attributes });
  assert.deepEqual([enveloped.message.id, enveloped.message.payload], ["8", "{}"]);
});
