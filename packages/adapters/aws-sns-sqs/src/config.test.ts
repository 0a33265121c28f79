// Where a topic and a queue are, by their names alone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { isFifo, queueBeside, regionOfQueue, regionOfTopic } from "./config.ts";

const topic = { arn: "arn:aws:sns:eu-central-1:123456789012:orders.fifo", subscriptions: {} };

test("regions are those of ARNs and URLs", () => {
  assert.equal(regionOfTopic(topic), "eu-central-1");
  const regions = {
    "https://sqs.us-east-1.amazonaws.com/1/orders": "us-east-1",
    "https://sqs-fips.us-gov-west-1.amazonaws.com/1/orders": "us-gov-west-1",
    "https://sqs.cn-north-1.amazonaws.com.cn/1/orders": "cn-north-1",
    "https://vpce-0a1b.sqs.eu-west-1.vpce.amazonaws.com/1/orders": "eu-west-1",
    "https://eu-west-2.queue.amazonaws.com/1/orders": "eu-west-2",
    "http://127.0.0.1:5000/1/orders": "eu-central-1",
  };
  for (const [url, region] of Object.entries(regions)) assert.equal(regionOfQueue(url, topic), region, url);
});

test("a queue of dead letters is beside its queue", () => {
  const dead = "arn:aws:sqs:eu-central-1:123456789012:orders-dead";
  const url = "https://sqs.eu-central-1.amazonaws.com/123456789012/orders";
  assert.equal(queueBeside(url, dead), "https://sqs.eu-central-1.amazonaws.com/123456789012/orders-dead");
  assert.deepEqual([isFifo(topic.arn), isFifo(url)], [true, false]);
});
