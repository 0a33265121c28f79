// What belongs to a message travels as attributes and comes back as it was, whatever the server takes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { attributesWith, readAttributes } from "./message-facts.ts";

const traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const facts = { id: "1", publishedAt: 1_767_225_600_000, key: "" };
const notEmpty = (_: string, value: string) => value !== "";

test("attributes of the app stand alone as far as there is room for them and the server takes them", () => {
  const attributes = { a: "1", empty: "", tenon: "mine", b: "2", c: "3" };
  const texts = attributesWith({ attributes, traceparent }, facts, { most: 4, fits: notEmpty });
  assert.deepEqual(Object.keys(texts).sort(), ["a", "b", "tenon", "traceparent"]);
  assert.deepEqual([texts["a"], texts["b"]], ["1", "2"]);
  const read = readAttributes(texts);
  assert.deepEqual(read.attributes, attributes);
  assert.equal(read.traceparent, traceparent);
  assert.deepEqual(read.facts, { ...facts, others: { empty: "", tenon: "mine", c: "3" } });
});

test("without a trace there is room for one more, and nothing empty is sent", () => {
  const texts = attributesWith({ attributes: { a: "1", b: "2" }, traceparent: "" }, facts, { most: 3, fits: notEmpty });
  assert.deepEqual(Object.keys(texts).sort(), ["a", "b", "tenon"]);
  assert.deepEqual(readAttributes(texts), { attributes: { a: "1", b: "2" }, traceparent: "", facts });
});

test("what somebody else has sent keeps all of its attributes, one of the same name too", () => {
  for (const tenon of ["a word", '{"id":1}', "null"]) {
    const read = readAttributes({ tenon, region: "eu" });
    assert.deepEqual(read, { facts: undefined, traceparent: "", attributes: { tenon, region: "eu" } });
  }
});
