// How a consumer asks a queue: never for more than it has room for, and what it has asked for when it stops is not lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Polls, PollingConsumer, type Work } from "./polling-consumer.ts";

const nothing = { count: 0, work: [] };

test("asks for no more than there is room for, and for as much", async () => {
  let [asked, underWay, most] = [0, 0, 0];
  const ends: (() => void)[] = [];
  let full: () => void = () => {};
  const isFull = new Promise<void>((resolve) => {
    full = resolve;
  });
  const run: Work["run"] = async () => {
    underWay++;
    most = Math.max(most, underWay + asked);
    if (underWay === 3) full();
    await new Promise<void>((resolve) => ends.push(resolve));
    underWay--;
  };
  const consumer = new PollingConsumer({
    ...{ name: "orders/mail", capacity: 3, mostAtOnce: 1, waitMs: 0 },
    async receive(count) {
      asked += count;
      most = Math.max(most, underWay + asked);
      await new Promise((resolve) => setImmediate(resolve));
      asked -= count;
      return { count, work: [{ run, giveBack: async () => {} }] };
    },
  });
  await isFull;
  for (let round = 0; round < 20; round++) {
    for (const end of ends.splice(0)) end();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const stopped = consumer.stop(10_000);
  for (const end of ends.splice(0)) end();
  await stopped;
  assert.equal(most, 3);
});

for (const waitMs of [0, 20_000]) {
  test(`what comes when it has been told to stop is given back; requests that wait ${waitMs} ms`, async () => {
    const waiting: { answer(count: number): void; signal: AbortSignal }[] = [];
    let given = 0;
    const receive: Polls["receive"] = (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Error("broken off")));
        const work = [{ run: async () => assert.fail("it was begun"), giveBack: async () => void given++ }];
        waiting.push({ answer: (count) => resolve(count === 0 ? nothing : { count, work }), signal });
      });
    const consumer = new PollingConsumer({ name: "orders/mail", capacity: 5, mostAtOnce: 10, waitMs, receive });
    assert.equal(waiting.length, 1);
    const stopped = consumer.stop(10_000);
    assert.equal(waiting[0]!.signal.aborted, waitMs > 0);
    waiting[0]!.answer(1);
    await stopped;
    assert.deepEqual([given, waiting.length], [waitMs > 0 ? 0 : 1, 1]);
  });
}
