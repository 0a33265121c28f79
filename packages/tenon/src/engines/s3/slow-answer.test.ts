// Answers that take their time: what comes early has its status, what comes late its spaces.
import assert from "node:assert/strict";
import type { Readable } from "node:stream";
import { it } from "node:test";
import { readXml, type XmlNode } from "@tenon/runtime/objects";
import { slowAnswer, type XmlResult } from "./slow-answer.ts";

const result: XmlResult = { root: ["Result", [["ETag", "e"]]], headers: { "x-own": "1" } };
const failed = (error: unknown): XmlNode => ["Error", [["Code", (error as Error).message]]];

async function textOf(body: unknown): Promise<string> {
  let text = "";
  for await (const part of body as Readable) text += part;
  return text;
}

it("gives what is there at once as it is, and throws what failed at once", async () => {
  const answer = await slowAnswer(Promise.resolve(result), failed);
  assert.equal(typeof answer.body, "string");
  assert.equal(answer.headers["x-own"], "1");
  await assert.rejects(slowAnswer(Promise.reject(new Error("Early")), failed), /Early/);
});

it("sends spaces until the document is there", async () => {
  let finish = (_: XmlResult) => {};
  const { status, body } = await slowAnswer(new Promise<XmlResult>((resolve) => (finish = resolve)), failed, 1);
  assert.equal(status, 200);
  const parts: string[] = [];
  for await (const part of body as Readable) {
    parts.push(String(part));
    if (parts.length === 3) finish(result);
  }
  assert.ok(parts.length >= 4);
  assert.equal(readXml(parts.join("")).name, "Result");
});

it("says in the document what failed late", async () => {
  let fail = (_: Error) => {};
  const { body } = await slowAnswer(new Promise<XmlResult>((_, reject) => (fail = reject)), failed, 1);
  setImmediate(() => fail(new Error("Late")));
  const root = readXml(await textOf(body));
  assert.deepEqual([root.name, root.children[0]?.text], ["Error", "Late"]);
});
