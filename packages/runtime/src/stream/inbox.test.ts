import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { APIError } from "../call/api-error.ts";
import { Inbox } from "./inbox.ts";

const filled = (count: number): Inbox => {
  const inbox = new Inbox();
  for (let n = 1; n <= count; n++) inbox.push(n);
  return inbox;
};

async function all(inbox: Inbox): Promise<unknown[]> {
  const taken: unknown[] = [];
  for await (const message of inbox) taken.push(message);
  return taken;
}

describe("what has arrived on a stream", () => {
  it("is given in order, whether it is asked for before or after, and by how many", async () => {
    const inbox = new Inbox();
    const early = [inbox.take(), inbox.take()];
    for (let n = 1; n <= 100; n++) inbox.push(n);
    inbox.end(undefined);
    assert.deepEqual(
      await Promise.all(early),
      [1, 2].map((message) => ({ done: false, message })),
    );
    assert.deepEqual(
      await all(inbox),
      Array.from({ length: 98 }, (_, index) => index + 3),
    );
    assert.equal(inbox.received, 100);
  });

  it("is full with 16 messages and has room again with 8", async () => {
    const inbox = filled(15);
    let rooms = 0;
    inbox.onRoom = () => rooms++;
    assert.equal(inbox.isFull, false);
    inbox.push(16);
    assert.equal(inbox.isFull, true);
    for (let taken = 0; taken < 7; taken++) await inbox.take();
    assert.equal(rooms, 0);
    await inbox.take();
    assert.equal(rooms, 1);
  });

  it("ends behind the last message, with what has ended it", async () => {
    const ended = filled(2);
    ended.end(undefined);
    ended.end(APIError.canceled("too late to count"));
    ended.push("too late");
    assert.deepEqual(await all(ended), [1, 2]);
    assert.deepEqual(await ended.take(), { done: true });

    const broken = filled(1);
    const reason = APIError.canceled("gone");
    broken.end(reason);
    const taken: unknown[] = [];
    await assert.rejects(async () => {
      for await (const message of broken) taken.push(message);
    }, reason);
    assert.deepEqual(taken, [1]);
    await assert.rejects(broken.take(), reason);
  });

  it("tells all who wait", async () => {
    const inbox = new Inbox();
    const waiting = [inbox.take(), inbox.take()];
    inbox.end(undefined);
    assert.deepEqual(await Promise.all(waiting), [{ done: true }, { done: true }]);
  });

  it("goes on behind a loop that was left", async () => {
    const inbox = filled(3);
    for await (const message of inbox) if (message === 2) break;
    assert.deepEqual(await inbox.take(), { done: false, message: 3 });
  });
});
