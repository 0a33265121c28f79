import assert from "node:assert/strict";
import { afterEach, beforeEach, test } from "node:test";
import { Identity } from "../auth/identity.ts";
import { type CallContext, currentCall, runInCall } from "../call/context.ts";
import { currentRequest } from "../call/request-meta.ts";
import { HandlerResponse } from "../middleware/handler-response.ts";
import { middleware } from "../middleware/middleware.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { deliver } from "./deliver.ts";
import { handed, host, observe, publisherOf } from "./deliver.test.support.ts";
import type { MessageContext } from "./message-context.ts";

let seen: ReturnType<typeof observe>;
beforeEach(() => {
  seen = observe();
});
afterEach(() => seen.stop());

test("the handler gets the message and its context, and nothing of the publisher's call but its trace", async () => {
  let got: unknown;
  const hosted = host({
    handler: (message, { messageId, attempt, publishedAt }) => {
      const { caller, deadlineAt, identity, span } = currentCall()!;
      const { traceId } = span;
      got = { message, messageId, attempt, publishedAt, caller, deadlineAt, identity, traceId, of: currentRequest() };
    },
  });
  const publishing = startSpan({ name: "publisher", kind: "server", service: "orders" });
  const publisher: CallContext = {
    span: publishing,
    service: "orders",
    endpoint: "place",
    requestId: "r",
    deadlineAt: Date.now() + 60_000,
    signal: new AbortController().signal,
    caller: "gateway",
    identity: new Identity("auth", { userId: "7" }, host({}).codec),
  };
  // As when an engine delivers in the same turn in which it was published to.
  const outcome = await runInCall(publisher, () => deliver(hosted, handed("a", { attempt: 2 })));
  assert.deepEqual(outcome, { kind: "handled" });
  const [span] = await seen.spans();
  assert.deepEqual(got, {
    message: { id: "a" },
    messageId: "a",
    attempt: 2,
    publishedAt: new Date(0),
    caller: undefined,
    deadlineAt: undefined,
    identity: undefined,
    traceId: "1".repeat(32),
    of: {
      type: "pubsub-message",
      service: "mail",
      topic: "placed",
      subscription: "mail",
      messageId: "a",
      deliveryAttempt: 2,
      parsedPayload: { id: "a" },
      trace: { traceId: "1".repeat(32), spanId: span!.spanId, parentSpanId: "1".repeat(16) },
    },
  });
});

test("the span goes on with the publisher's trace, and is linked to it and to the replay", async () => {
  await deliver(host({ handler: () => {} }), handed("a", { replayTraceparent: publisherOf("2") }));
  const [span] = await seen.spans();
  assert.equal(span?.name, "placed/mail");
  assert.equal(span?.parentSpanId, "1".repeat(16));
  assert.deepEqual(span?.links, [
    { traceId: "1".repeat(32), spanId: "1".repeat(16), attributes: { "tenon.link": "publish" } },
    { traceId: "2".repeat(32), spanId: "2".repeat(16), attributes: { "tenon.link": "replay" } },
  ]);
  assert.deepEqual(span?.attributes, {
    "messaging.system": "test",
    "messaging.operation.type": "process",
    "messaging.destination.name": "placed",
    "messaging.consumer.group.name": "mail",
    "messaging.message.id": "a",
    "tenon.delivery.attempt": 1,
  });
});

test("a message that does not match its type is refused with the reason, and never reaches the handler", async () => {
  const hosted = host({ handler: () => assert.fail("it must not be called") });
  assert.deepEqual(await deliver(hosted, handed("a", { payload: '{"id":7}' })), {
    kind: "refused",
    reason: "it does not match its type: id must be a string",
  });
  const broken = await deliver(hosted, handed("b", { payload: "{" }));
  assert.equal(broken.kind, "refused");
  assert.match(broken.kind === "refused" ? broken.reason : "", /^it cannot be read: /);
  assert.deepEqual(
    (await seen.spans()).map(({ status }) => status),
    ["error", "error"],
  );
});

test("what the handler throws fails the attempt; the last one is logged as an error", async () => {
  const hosted = host({
    handler: () => {
      throw new RangeError("no such mailbox");
    },
  });
  const reason = "RangeError: no such mailbox";
  assert.deepEqual(await deliver(hosted, handed("a", { attempt: 2 })), { kind: "failed", reason });
  assert.deepEqual(await deliver(hosted, handed("a", { attempt: 3 })), { kind: "failed", reason });
  assert.deepEqual(
    seen.lines.map(({ level, attempt }) => [level, attempt]),
    [
      ["warn", 2],
      ["error", 3],
    ],
  );
  const [span] = await seen.spans();
  assert.equal(span?.events.find(({ name }) => name === "exception")?.attributes["exception.type"], "RangeError");
});

test("a handler that goes on when its time is over is not waited for", async () => {
  const delivery = handed("a");
  const outcome = deliver(host({ handler: () => new Promise(() => {}) }), delivery);
  delivery.takeBack();
  assert.deepEqual(await outcome, { kind: "failed", reason: "Error: the time for handling the message was over" });
});

test("a handler can ask for more time, in durations above zero", async () => {
  const refusals: string[] = [];
  const handler = async (_: unknown, { extend }: MessageContext) => {
    await extend("1m30s");
    for (const wrong of ["soon", "0s", 7]) {
      await extend(wrong as "1s").catch(({ code }) => refusals.push(code));
    }
  };
  const delivery = handed("a");
  assert.equal((await deliver(host({ handler }), delivery)).kind, "handled");
  assert.deepEqual(delivery.extended, [90_000]);
  assert.deepEqual(refusals, ["extension_invalid", "extension_invalid", "extension_invalid"]);
});

test("middleware runs around the handler, and what it throws fails the attempt", async () => {
  const around: unknown[] = [];
  const marks = middleware(async (request, next) => {
    around.push(request.requestMeta?.type);
    const response = await next(request);
    assert.ok(response instanceof HandlerResponse);
    if (around.length === 2) throw new Error("the middleware refuses");
    return response;
  });
  const hosted = host({ handler: () => around.push("handler") }, { middlewares: [marks] });
  assert.deepEqual(await deliver(hosted, handed("a")), { kind: "failed", reason: "Error: the middleware refuses" });
  assert.deepEqual(around, ["pubsub-message", "handler"]);
});
