// Which files are run again in CI: those that ran, and not what they share, which passes by itself whatever is wrong with the tests in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import failedFiles from "./failed-files.mjs";

async function told(...events) {
  const lines = [];
  const stream = (async function* () {
    for (const [type, data] of events) yield { type, data };
  })();
  for await (const line of failedFiles(stream)) lines.push(line.trimEnd());
  return lines;
}

const failed = (file, more = {}) => ["test:fail", { file, name: "is right", ...more }];
const sum = (file, success) => ["test:summary", { file, success }];

test("a test file is told once, with or without a summary", async () => {
  assert.deepEqual(await told(failed("/a.test.mjs"), failed("/a.test.mjs")), ["/a.test.mjs"]);
  const events = [failed("/a.test.mjs"), sum("/a.test.mjs", false), sum("/b.test.mjs", true), sum(undefined, false)];
  assert.deepEqual(await told(...events), ["/a.test.mjs"]);
});

test("the file that ran takes the place of a shared one, which else is told as it is", async () => {
  assert.deepEqual(await told(failed("/shared.mjs"), sum("/a.test.mjs", false)), ["/a.test.mjs"]);
  assert.deepEqual(await told(failed("/shared.mjs")), ["/shared.mjs"]);
  // It ended before it could sum up.
  assert.deepEqual(await told(failed("/shared.mjs"), sum("/b.test.mjs", true)), ["/shared.mjs"]);
});

test("a file that could not be run is told, and what is still to be done is no failure", async () => {
  assert.deepEqual(await told(["test:fail", { name: "/c.test.mjs" }]), ["/c.test.mjs"]);
  assert.deepEqual(await told(failed("/a.test.mjs", { todo: "later" })), []);
});
