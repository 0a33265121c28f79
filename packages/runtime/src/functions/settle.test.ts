// Before a process is frozen, what an answer has left behind is waited for, within the time that there is, and named when it takes longer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setImmediate as endOfTurn } from "node:timers/promises";
import type { Host } from "../lifecycle/start-host.ts";
import { keepOpenSpans, untilSpansEnd } from "../telemetry/open-spans.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { FunctionHost } from "./function-host.ts";
import type { FunctionParts } from "./function-parts.ts";
import { PushBook } from "./push-book.ts";

const begin = (name: string, sampled = true) =>
  startSpan({
    name,
    kind: "internal",
    service: "desk",
    parent: { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", sampled },
  });

test("spans that have begun and not ended are the work that is left", async () => {
  begin("before anybody wants to know");
  keepOpenSpans();
  assert.deepEqual(await untilSpansEnd(60_000), []);
  const [publish, call] = [begin("publish placed"), begin("users.get", false)];
  assert.deepEqual((await untilSpansEnd(0)).sort(), ["publish placed", "users.get"]);
  publish.end();
  const left = untilSpansEnd(60_000);
  call.end();
  assert.deepEqual(await left, []);
});

test("metrics are pushed behind the last of the answers", async () => {
  let pushes = 0;
  const answers: (() => void)[] = [];
  const parts: FunctionParts = {
    servePublic: null,
    serveInternal: () =>
      new Promise((resolve) => answers.push(() => resolve({ status: 200, headers: {}, body: Buffer.alloc(0) }))),
    subscriptions: new PushBook(),
    hasJob: () => false,
    runTick: async () => "skipped",
    handOver: async () => {},
    pushMetrics: async () => void pushes++,
  };
  const host = new FunctionHost({ close: async () => {} } as unknown as Host, parts, { credential: "k" });
  const call = {
    method: "GET",
    path: "/",
    query: "",
    headers: {},
    body: null,
    remoteAddress: "",
    deadlineAt: undefined,
  };
  const both = [host.serve(call), host.serve(call)];
  while (answers.length < 2) await endOfTurn();
  answers[0]!();
  await Promise.race(both);
  await host.settle(undefined);
  assert.equal(pushes, 0);
  answers[1]!();
  await Promise.all(both);
  await host.settle(undefined);
  assert.equal(pushes, 1);
});
