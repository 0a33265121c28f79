import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { bury } from "./bury.ts";
import { handed, host, observe } from "./deliver.test.support.ts";
import type { DeadLetterContext } from "./message-context.ts";

let seen: ReturnType<typeof observe>;
beforeEach(() => {
  seen = observe();
});
afterEach(() => seen.stop());

const burial = { message: handed("a"), attempts: 3, reason: "Error: no" };

test("the handler is told of the message and why", async () => {
  const told: [unknown, DeadLetterContext][] = [];
  const hosted = host({ deadLetterHandler: (...words) => told.push(words) });
  await bury(hosted, burial);
  const context = { messageId: "a", attempts: 3, reason: "Error: no", publishedAt: new Date(0), isValid: true };
  assert.deepEqual(told, [[{ id: "a" }, context]]);
  const [span] = await seen.spans();
  assert.equal(span?.name, "placed/mail dead letter");
  assert.equal(span?.attributes["tenon.dead_letter.reason"], "Error: no");
});

test("a message that does not match its type is given as it arrived", async () => {
  const told: unknown[] = [];
  const hosted = host({ deadLetterHandler: (message, { isValid }) => told.push([message, isValid]) });
  for (const payload of ['{"id":7}', "{"]) await bury(hosted, { ...burial, message: handed("a", { payload }) });
  assert.deepEqual(told, [
    [{ id: 7 }, false],
    ["{", false],
  ]);
});

test("a handler that fails is logged, and holds up nobody", async () => {
  const hosted = host({ deadLetterHandler: async () => Promise.reject(new Error("pager is down")) });
  await bury(hosted, burial);
  assert.equal(seen.lines.length, 1);
  assert.match(String(seen.lines[0]?.["message"]), /dead-letter handler of placed\/mail failed/);
  assert.equal((await seen.spans())[0]?.status, "error");
});

test("a handler that never ends has as much time as one of messages", async () => {
  const time = new VirtualClock(0);
  const putBack = useClock(time);
  try {
    const buried = bury(host({ deadLetterHandler: () => new Promise(() => {}) }), burial);
    await time.advance(30_000);
    await buried;
    assert.equal(seen.lines.length, 1);
  } finally {
    putBack();
  }
});
