import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { currentRequest } from "../call/request-meta.ts";
import { useClock } from "../clock/clock.ts";
import { VirtualClock } from "../clock/virtual-clock.ts";
import { middleware } from "../middleware/middleware.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { BatchCollector } from "./batch-collector.ts";
import { handed, host, observe, publisherOf } from "./deliver.test.support.ts";
import type { BatchContext } from "./message-context.ts";

const batch = { maxSize: 3, maxWaitMs: 100 };
let seen: ReturnType<typeof observe>;
let time: VirtualClock;
let putBack: () => void;
beforeEach(() => {
  seen = observe();
  time = new VirtualClock(Date.UTC(2026, 0, 1));
  putBack = useClock(time);
});
afterEach(() => {
  putBack();
  seen.stop();
});

type BatchHandler = (messages: { id: string }[], context: BatchContext) => unknown;

function collect(batchHandler: BatchHandler, middlewares: readonly Middleware[] = []): BatchCollector {
  const loaded = { batchHandler: batchHandler as (messages: unknown[], context: BatchContext) => unknown };
  return new BatchCollector(host(loaded, { batch, middlewares }), batch);
}

/** The ids of each batch, in order. */
function recorder(): { readonly batches: string[][]; readonly handle: (messages: { id: string }[]) => Promise<void> } {
  const batches: string[][] = [];
  return {
    batches,
    handle: async (messages) => {
      batches.push(messages.map(({ id }) => id));
    },
  };
}

const handled = { kind: "handled" };

test("a batch is handled when it is full, and otherwise when its first message has waited long enough", async () => {
  const { batches, handle } = recorder();
  const collector = collect(handle);
  const outcomes = ["a", "b", "c", "d"].map((id) => collector.deliver(handed(id)));
  assert.deepEqual(await Promise.all(outcomes.slice(0, 3)), [handled, handled, handled]);
  assert.deepEqual(batches, [["a", "b", "c"]]);
  await time.advance(99);
  assert.equal(batches.length, 1);
  await time.advance(1);
  assert.deepEqual(await outcomes[3], handled);
  assert.deepEqual(batches[1], ["d"]);
});

test("the timer of a batch that was full is not that of the next one", async () => {
  const { batches, handle } = recorder();
  const collector = collect(handle);
  void collector.deliver(handed("a"));
  await time.advance(60);
  for (const id of ["b", "c", "d"]) void collector.deliver(handed(id));
  await time.advance(60);
  assert.deepEqual(batches, [["a", "b", "c"]]);
  await time.advance(40);
  assert.deepEqual(batches, [["a", "b", "c"], ["d"]]);
});

test("the handler may name those that failed; the others are done", async () => {
  const collector = collect(async () => ({
    failed: [{ messageId: "b", reason: "no such mailbox" }, { messageId: "c" }],
  }));
  const outcomes = await Promise.all(["a", "b", "c"].map((id) => collector.deliver(handed(id))));
  assert.deepEqual(outcomes, [
    handled,
    { kind: "failed", reason: "no such mailbox" },
    { kind: "failed", reason: "the batch handler named it as failed" },
  ]);
  const [span] = await seen.spans();
  assert.equal(span?.status, "error");
  assert.equal(seen.lines.length, 1);
  assert.match(String(seen.lines[0]?.["message"]), /^placed\/mail failed to handle 2 messages of a batch of 3/);
});

test("an answer that names no message of the batch fails all of it, so that nothing is taken for done", async () => {
  for (const failed of [[{ messageId: "x" }], [{}], "b"]) {
    const collector = collect(async () => ({ failed }));
    const outcomes = await Promise.all(["a", "b", "c"].map((id) => collector.deliver(handed(id))));
    for (const outcome of outcomes) {
      assert.equal(outcome.kind, "failed");
      assert.match(
        outcome.kind === "failed" ? outcome.reason : "",
        /^TypeError: the batch handler gave a wrong answer/,
      );
    }
  }
});

test("when the handler throws all fail, and come alone the next time", async () => {
  const batches: string[][] = [];
  const collector = collect(async (messages) => {
    batches.push(messages.map(({ id }) => id));
    if (messages.some(({ id }) => id === "poison")) throw new Error("cannot be handled");
  });
  const failed = { kind: "failed", reason: "Error: cannot be handled" };
  const ids = ["a", "poison", "b"];
  assert.deepEqual(await Promise.all(ids.map((id) => collector.deliver(handed(id)))), [failed, failed, failed]);
  const again = await Promise.all(ids.map((id) => collector.deliver(handed(id, { attempt: 2 }))));
  assert.deepEqual(again, [handled, failed, handled]);
  assert.deepEqual(batches, [ids, ["a"], ["poison"], ["b"]]);
});

test("a message that matches no type is refused by itself", async () => {
  const { batches, handle } = recorder();
  const collector = collect(handle);
  const wrong = await collector.deliver(handed("wrong", { payload: "{}" }));
  assert.deepEqual(wrong, { kind: "refused", reason: "it does not match its type: id must be a string" });
  await Promise.all(["a", "b", "c"].map((id) => collector.deliver(handed(id))));
  assert.deepEqual(batches, [["a", "b", "c"]]);
});

test("a message whose time is over while it waits for others leaves the batch", async () => {
  const { batches, handle } = recorder();
  const collector = collect(handle);
  const late = handed("late");
  const outcome = collector.deliver(late);
  late.takeBack();
  assert.deepEqual(await outcome, { kind: "failed", reason: "Error: the time for handling the message was over" });
  await Promise.all(["a", "b", "c"].map((id) => collector.deliver(handed(id))));
  assert.deepEqual(batches, [["a", "b", "c"]]);
});

test("a message whose time is over while the handler works fails alone, and the handler learns of it", async () => {
  let signal: AbortSignal | undefined;
  let finish = () => {};
  const collector = collect((_, context) => {
    signal = context.signal;
    return new Promise<void>((resolve) => {
      finish = resolve;
    });
  });
  const deliveries = ["a", "b", "c"].map((id) => handed(id));
  const outcomes = deliveries.map((delivery) => collector.deliver(delivery));
  deliveries[1]!.takeBack();
  assert.equal((await outcomes[1])?.kind, "failed");
  assert.equal(signal?.aborted, true);
  finish();
  assert.deepEqual([await outcomes[0], await outcomes[2]], [handled, handled]);
});

test("the context tells of each message, and gives all of them more time", async () => {
  let messages: unknown;
  let meta: unknown;
  const collector = collect(async (_, context) => {
    messages = context.messages;
    meta = currentRequest();
    await context.extend("2s");
  });
  const deliveries = ["a", "b", "c"].map((id) => handed(id));
  await Promise.all(deliveries.map((delivery) => collector.deliver(delivery)));
  const publishedAt = new Date(0);
  assert.deepEqual(
    messages,
    ["a", "b", "c"].map((messageId) => ({ messageId, attempt: 1, publishedAt })),
  );
  assert.deepEqual(
    deliveries.map(({ extended }) => extended),
    [[2_000], [2_000], [2_000]],
  );
  const { messageId, batch: all } = meta as { messageId: string; batch: unknown };
  assert.equal(messageId, "a");
  assert.deepEqual(
    all,
    ["a", "b", "c"].map((id) => ({ messageId: id, deliveryAttempt: 1, parsedPayload: { id } })),
  );
});

test("middleware runs once around a batch", async () => {
  const { batches, handle } = recorder();
  let times = 0;
  const counts = middleware(async (request, next) => {
    times++;
    return next(request);
  });
  const collector = collect(handle, [counts]);
  await Promise.all(["a", "b", "c"].map((id) => collector.deliver(handed(id))));
  assert.deepEqual([times, batches.length], [1, 1]);
});

test("one span for a batch, linked to the publisher of each message; in their trace only where it is one", async () => {
  const collector = collect(async () => {});
  const from = (...digits: string[]) =>
    Promise.all(digits.map((digit, i) => collector.deliver(handed(`m${i}`, { traceparent: publisherOf(digit) }))));
  await from("1", "2", "1");
  await from("3", "3", "3");
  const [mixed, common] = await seen.spans();
  assert.equal(mixed?.parentSpanId, null);
  assert.equal(mixed?.attributes["messaging.batch.message_count"], 3);
  assert.deepEqual(
    mixed?.links?.map(({ traceId, attributes }) => [traceId[0], attributes]),
    ["1", "2", "1"].map((digit, i) => [digit, { "tenon.link": "publish", "messaging.message.id": `m${i}` }]),
  );
  assert.equal(common?.traceId, "3".repeat(32));
  assert.equal(common?.parentSpanId, "3".repeat(16));
});
