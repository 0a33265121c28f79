// What travels with a message comes back; messages of Encore.ts are read, anything else is not taken for one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { decode, encode, envelopeOf, messageOf } from "./envelope.ts";

const message = {
  id: "7",
  payload: JSON.stringify({ text: 'späte "Grüße"\n\u2028 🎁', list: [1, null], "9": 1, a: 2 }),
  attributes: { region: "eu/süd", empty: "" },
  orderingKey: "k",
  traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  deliverAt: null,
  mayBeRepeat: false,
};

test("a message comes back as it was published", () => {
  const data = encode(envelopeOf(message, 1_700_000_000_000));
  const enveloped = decode(data, 5)!;
  assert.deepEqual(messageOf(enveloped), { ...message, publishedAt: new Date(1_700_000_000_000) });
  assert.deepEqual(enveloped.travel.since, 1_700_000_000_000);
});

test("a delayed one knows when it is due, and waits from then", () => {
  const deliverAt = new Date(1_700_000_060_000);
  const { travel } = decode(encode(envelopeOf({ ...message, deliverAt }, 1_700_000_000_000)), 5)!;
  assert.deepEqual([travel.due, travel.since], [deliverAt.getTime(), deliverAt.getTime()]);
  const past = decode(encode(envelopeOf({ ...message, deliverAt }, 1_800_000_000_000)), 5)!;
  assert.equal(past.travel.due, undefined);
});

test("messages of Encore.ts are read, with the server's time", () => {
  const text = '{"id":"cq1","attrs":{"region":"eu"},"body":{"n":1}}';
  assert.deepEqual(decode(Buffer.from(text), 1_700_000_000_000), {
    id: "cq1",
    attributes: { region: "eu" },
    payload: '{"n":1}',
    travel: { key: null, trace: "", publishedAt: 1_700_000_000_000, since: 1_700_000_000_000 },
  });
});

test("anything else is no message", () => {
  for (const text of [
    "",
    "hello",
    "null",
    "[]",
    '{"id":1,"attrs":{},"body":1}',
    '{"id":"1","body":1}',
    '{"id":"1","attrs":{"a":1},"body":1}',
    '{"id":"1","attrs":{}}',
    '{"id":"1","attrs":{},"tenon":{},"body":1}',
    '{"id":"1","attrs":{},"tenon":[],"body":1}',
  ]) {
    assert.equal(decode(Buffer.from(text), 1), undefined, text);
  }
});
