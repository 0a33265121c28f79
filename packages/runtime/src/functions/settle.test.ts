// Before a process is frozen, what an answer has left behind is waited for, within the time that there is, and named when it takes longer.
import assert from "node:assert/strict";
import { test } from "node:test";
import { keepOpenSpans, untilSpansEnd } from "../telemetry/open-spans.ts";
import { startSpan } from "../telemetry/recorder.ts";

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
