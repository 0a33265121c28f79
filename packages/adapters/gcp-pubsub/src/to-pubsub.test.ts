// What is published is what is read again, and what Pub/Sub would refuse is refused with the numbers.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type OutgoingMessage, readPubsubMessage } from "@tenon/runtime/engine";
import { inRequests, toPubsub } from "./to-pubsub.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

function messageOf(changes: Partial<OutgoingMessage> = {}): OutgoingMessage {
  return {
    id: "0f0e",
    payload: '{"text":"späte 🎁"}',
    attributes: { region: "eu/süd", empty: "" },
    orderingKey: null,
    traceparent,
    deliverAt: null,
    mayBeRepeat: false,
    ...changes,
  };
}

const publishTime = "2026-01-01T00:00:00Z";

test("a message comes back as it was", () => {
  for (const [isOrdered, orderingKey] of [
    [false, null],
    [true, "k"],
    [true, ""],
    [true, null],
  ] as const) {
    const deliverAt = isOrdered ? null : new Date(5_000);
    const sent = toPubsub("orders", isOrdered, messageOf({ orderingKey, deliverAt }));
    assert.equal((sent.orderingKey ?? "") !== "", isOrdered, "Pub/Sub orders what has a key");
    const { id, payload, attributes, ...read } = readPubsubMessage({ ...sent, messageId: "1", publishTime });
    const original = messageOf();
    assert.deepEqual(
      { id, payload, attributes },
      { id: original.id, payload: original.payload, attributes: original.attributes },
    );
    assert.deepEqual([read.orderingKey, read.deliverAt, read.traceparent], [orderingKey, deliverAt, traceparent]);
  }
});

test("what Pub/Sub cannot take is refused, with the topic and the numbers", () => {
  const refusal = (changes: Partial<OutgoingMessage>) => {
    try {
      toPubsub("orders", false, messageOf(changes));
    } catch (error) {
      assert.equal((error as { code?: string }).code, "engine_cannot");
      return (error as Error).message;
    }
    return "";
  };
  assert.match(
    refusal({ payload: `"${"x".repeat(10_000_000)}"`, attributes: {} }),
    /orders.*9992000 bytes at most.*10000002/,
  );
  assert.match(refusal({ orderingKey: "k".repeat(1_025) }), /ordering key has 1024 bytes at most.*1025/);
  assert.match(refusal({ attributes: { region: "ü".repeat(600) } }), /1024 bytes at most, and "region" has 1200/);
  for (const name of ["traceparent", "tenon-id", "googlish", "n".repeat(257)]) {
    assert.match(refusal({ attributes: { [name]: "x" } }), /no attribute may be called/, name);
  }
  const many = Object.fromEntries(Array.from({ length: 89 }, (_, n) => [`a${n}`, ""]));
  assert.match(refusal({ attributes: many }), /88 attributes at most, and this one has 89/);
});

test("requests have a thousand messages and ten megabytes at most, in order", () => {
  const small = Array.from({ length: 2_001 }, (_, n) => ({ data: Buffer.from(String(n)).toString("base64") }));
  const requests = inRequests(small);
  assert.deepEqual(
    requests.map(({ length }) => length),
    [1_000, 1_000, 1],
  );
  assert.deepEqual(requests.flat(), small);
  const large = { data: Buffer.alloc(4_000_000).toString("base64") };
  assert.deepEqual(
    inRequests([large, large, large]).map(({ length }) => length),
    [2, 1],
  );
});
