// What a function is told of a message that a process has had before it.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { FunctionHost } from "../function-host.ts";
import type { PushedMessage } from "../push-book.ts";
import { QueueNames } from "../queue-names.ts";
import { deliverQueued } from "./deliver-records.ts";

test("attempts that were made with the message that a copy has replaced count", async () => {
  const delivered: PushedMessage[] = [];
  const host = {
    concurrencyOf: () => 1,
    deliver: async (_: string, message: PushedMessage) => {
      delivered.push(message);
      return { kind: "handled" };
    },
  } as unknown as FunctionHost;
  const facts = JSON.stringify({ id: "7", publishedAt: 1_767_225_600_000, attempts: 3 });
  const record = {
    messageId: "m",
    body: "{}",
    eventSourceARN: "arn:aws:sqs:eu-central-1:1:orders-mail",
    attributes: { ApproximateReceiveCount: "2", SentTimestamp: "1767225600000" },
    messageAttributes: { tenon: { stringValue: facts, dataType: "String" } },
  };
  const queues = new QueueNames(undefined, ["orders/mail"]);
  await deliverQueued(host, queues, [record], new AbortController().signal);
  assert.deepEqual(
    delivered.map(({ id, attempt }) => [id, attempt]),
    [["7", 5]],
  );
});
