import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { Span } from "@tenon/model";
import { currentCall, runInCall } from "../call/context.ts";
import { configureLog } from "../log/output.ts";
import { configureTelemetry } from "./configure-telemetry.ts";
import { flushTelemetry, telemetryCounts } from "./pipeline.ts";
import { startSpan, startTemplateSpan } from "./recorder.ts";
import { spanTemplate } from "./span-template.ts";
import { formatTraceparent } from "./trace-context.ts";

const quiet = { otlpEndpoint: null, sample: 1, flushIntervalMs: 10 };
let received: Span[] = [];

function record(sample = 1): void {
  received = [];
  configureTelemetry({ ...quiet, sample, sink: (spans) => received.push(...spans) });
}

afterEach(async () => {
  await flushTelemetry();
  configureTelemetry(quiet);
});

test("a span is a whole span of the model once it has ended", async () => {
  record();
  const attributes = Object.freeze({ "rpc.system": "tenon" });
  const root = startSpan({ name: "POST /orders", kind: "server", service: "gateway" });
  const child = startSpan({ name: "orders.create", kind: "server", service: "orders", parent: root, attributes });
  child.set("tenon.caller", "gateway");
  child.event("log", { level: "info", message: "hello" });
  child.end();
  root.end();
  await flushTelemetry();

  const [first, second] = received;
  assert.equal(received.length, 2);
  assert.equal(second?.parentSpanId, null);
  assert.equal(first?.parentSpanId, root.spanId);
  assert.equal(first?.traceId, root.traceId);
  assert.match(root.traceId, /^[0-9a-f]{32}$/);
  assert.match(root.spanId, /^[0-9a-f]{16}$/);
  assert.deepEqual(first?.attributes, { "rpc.system": "tenon", "tenon.caller": "gateway" });
  assert.deepEqual(attributes, { "rpc.system": "tenon" }, "the caller's object is left alone");
  assert.deepEqual(
    first?.events.map(({ name, attributes }) => ({ name, attributes })),
    [{ name: "log", attributes: { level: "info", message: "hello" } }],
  );
  assert.equal(first?.status, "unset");
});

test("a span names what led to it without being its parent, up to a bound", async () => {
  record();
  const publisher = startSpan({ name: "publish", kind: "producer", service: "orders" });
  const span = startSpan({ name: "handle", kind: "consumer", service: "mail" });
  span.link(publisher, { "tenon.link": "publish" });
  for (let more = 0; more < 200; more++) span.link(publisher);
  span.end();
  span.link(publisher);
  await flushTelemetry();
  const { traceId, spanId } = publisher;
  assert.equal(received[0]?.links?.length, 128);
  assert.deepEqual(received[0]?.links?.[0], { traceId, spanId, attributes: { "tenon.link": "publish" } });
});

test("what is told to a span after its end is not recorded", async () => {
  record();
  const span = startSpan({ name: "a", kind: "internal", service: "s" });
  span.end();
  span.end();
  span.set("late", true);
  span.event("late");
  span.fail(new Error("late"));
  await flushTelemetry();
  assert.equal(received.length, 1);
  assert.deepEqual({ ...received[0]?.attributes }, {});
  assert.deepEqual(received[0]?.events, []);
  assert.equal(received[0]?.status, "unset");
});

test("times are epoch milliseconds, and within a trace no child starts before its parent or ends after it", async () => {
  record();
  const before = Date.now();
  for (let run = 0; run < 200; run++) {
    const root = startSpan({ name: "root", kind: "server", service: "s" });
    const child = startSpan({ name: "child", kind: "client", service: "s", parent: root });
    child.event("e");
    child.end();
    root.end();
  }
  await flushTelemetry();
  for (let at = 0; at < received.length; at += 2) {
    const [child, root] = [received[at], received[at + 1]];
    assert.ok(child && root);
    assert.ok(Math.abs(root.startedAt - before) < 60_000, `${root.startedAt} is no epoch time`);
    assert.ok(child.startedAt >= root.startedAt);
    assert.ok(child.durationMs <= root.durationMs);
    assert.ok((child.events[0]?.at ?? 0) >= child.startedAt);
  }
});

test("a failed span tells the type, the message, the stack, and the causes", async () => {
  record();
  const span = startSpan({ name: "a", kind: "internal", service: "s" });
  const cause = new RangeError("the disk is full");
  span.fail(new TypeError("cannot save", { cause }));
  span.end();
  await flushTelemetry();
  const event = received[0]?.events[0];
  assert.equal(received[0]?.status, "error");
  assert.equal(event?.name, "exception");
  assert.equal(event?.attributes["exception.type"], "TypeError");
  assert.equal(event?.attributes["exception.message"], "cannot save");
  const stack = String(event?.attributes["exception.stacktrace"]);
  assert.match(stack, /TypeError: cannot save\n\s+at /);
  assert.match(stack, /Caused by: RangeError: the disk is full/);
});

test("anything can be thrown at a span", async () => {
  record();
  const circular = new Error("round");
  circular.cause = circular;
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error("no");
      },
    },
  );
  const cases: unknown[] = [
    undefined,
    null,
    "text",
    7,
    7n,
    Symbol("s"),
    {},
    [],
    () => 1,
    circular,
    hostile,
    Object.create(null),
  ];
  cases.push(new AggregateError([new Error("one"), "two"], "both"), { name: 5, message: "like an error" });
  for (const error of cases) {
    const span = startSpan({ name: "a", kind: "internal", service: "s" });
    span.fail(error);
    span.end();
  }
  await flushTelemetry();
  assert.equal(received.length, cases.length);
  for (const span of received) {
    for (const value of Object.values(span.events[0]?.attributes ?? {})) assert.equal(typeof value, "string");
  }
  assert.match(String(received.at(-2)?.events[0]?.attributes["exception.stacktrace"]), /Together with: Error: one/);
  assert.equal(received.at(-1)?.events[0]?.attributes["exception.message"], "like an error");
});

test("a span keeps a bounded number of events, says how many it lost, and always keeps the exception", async () => {
  record();
  const span = startSpan({ name: "a", kind: "internal", service: "s" });
  for (let count = 0; count < 1000; count++) span.event("log");
  span.fail(new Error("after many"));
  span.end();
  await flushTelemetry();
  assert.equal(received[0]?.events.length, 129);
  assert.equal(received[0]?.events.at(-1)?.name, "exception");
  assert.equal(received[0]?.attributes["tenon.dropped_events"], 872);
});

test("the parent's decision is followed, and a span that is not sampled records nothing but passes ids on", async () => {
  record(0);
  const own = startSpan({ name: "own", kind: "server", service: "s" });
  const child = startSpan({ name: "child", kind: "client", service: "s", parent: own });
  const parent = { traceId: "a".repeat(32), spanId: "b".repeat(16), sampled: true, traceState: "v=1" };
  const followed = startSpan({ name: "followed", kind: "server", service: "s", parent });
  for (const span of [child, own, followed]) span.end();
  await flushTelemetry();
  assert.equal(own.sampled, false);
  assert.equal(child.traceId, own.traceId);
  assert.equal(followed.traceState, "v=1");
  assert.deepEqual(
    received.map((span) => span.name),
    ["followed"],
  );
});

test("about the share of new traces that was asked for is sampled", () => {
  record(0.25);
  let sampled = 0;
  for (let count = 0; count < 20_000; count++) {
    const span = startSpan({ name: "a", kind: "internal", service: "s" });
    if (span.sampled) sampled++;
  }
  // Seven standard deviations: fails by chance once in 10^11 runs.
  assert.ok(Math.abs(sampled - 5000) < 430, `${sampled} of 20,000`);
});

test("ids do not repeat", () => {
  record();
  const ids = new Set<string>();
  for (let count = 0; count < 50_000; count++) {
    const span = startSpan({ name: "a", kind: "internal", service: "s" });
    ids.add(span.traceId).add(span.spanId);
  }
  assert.equal(ids.size, 100_000);
});

test("of 100,000 spans in one breath each is delivered or counted as dropped, with one warning", async () => {
  const lines: string[] = [];
  configureLog({ pretty: false, level: "warn", write: (line) => lines.push(line) });
  try {
    record();
    const before = telemetryCounts();
    for (let count = 0; count < 100_000; count++) startSpan({ name: "a", kind: "internal", service: "s" }).end();
    await flushTelemetry();
    const after = telemetryCounts();
    const delivered = after.delivered - before.delivered;
    const dropped = after.dropped - before.dropped;
    assert.equal(after.ended - before.ended, 100_000);
    assert.equal(delivered + dropped, 100_000);
    assert.equal(delivered, received.length);
    assert.equal(delivered, 20_000);
    assert.equal(lines.length, 1);
    assert.match(lines[0] ?? "", /spans are dropped/);
  } finally {
    configureLog({ pretty: false });
  }
});

test("a busy process sends before its interval is over", async () => {
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  configureTelemetry({ ...quiet, flushIntervalMs: 3_600_000, sink: arrived });
  const keepsProcessAlive = setInterval(() => {}, 1000);
  for (let count = 0; count < 2000; count++) startSpan({ name: "a", kind: "internal", service: "s" }).end();
  await arrival;
  clearInterval(keepsProcessAlive);
});

test("what waits when the settings change still goes where it was meant to go", async () => {
  record();
  startSpan({ name: "first", kind: "internal", service: "s" }).end();
  const later: string[] = [];
  configureTelemetry({ ...quiet, sink: (spans) => later.push(...spans.map(({ name }) => name)) });
  startSpan({ name: "second", kind: "internal", service: "s" }).end();
  await flushTelemetry();
  assert.deepEqual(
    received.map(({ name }) => name),
    ["first"],
  );
  assert.deepEqual(later, ["second"]);
});

test("a template's spans continue a trace from elsewhere and take the times they are given", async () => {
  record();
  const template = spanTemplate({ name: "users.get", kind: "server", service: "users", attributes: { a: 1 } });
  const parent = {
    traceId: "0123456789abcdef".repeat(2),
    spanId: "fedcba9876543210",
    sampled: true,
    traceState: "v=1",
  };
  const nowMs = performance.now();
  const span = startTemplateSpan(template, parent, nowMs);
  const child = startTemplateSpan(template, span, nowMs);
  child.endAt(nowMs + 1.5);
  span.endAt(nowMs + 2);
  await flushTelemetry();
  assert.equal(span.traceparent, formatTraceparent(span));
  assert.equal(child.traceState, "v=1");
  assert.deepEqual(
    received.map(({ traceId, parentSpanId, durationMs }) => ({ traceId, parentSpanId, durationMs })),
    [
      { traceId: parent.traceId, parentSpanId: span.spanId, durationMs: 1.5 },
      { traceId: parent.traceId, parentSpanId: parent.spanId, durationMs: 2 },
    ],
  );
  assert.equal(received[0]?.startedAt, received[1]?.startedAt);
});

test("delivery never happens within the call whose span came first", async () => {
  let sawCall: unknown = "not delivered";
  const sink = (): void => {
    sawCall = currentCall();
  };
  configureTelemetry({ ...quiet, sink });
  const span = startSpan({ name: "a", kind: "server", service: "s" });
  const context = {
    span,
    service: "s",
    endpoint: "e",
    requestId: "r",
    deadlineAt: undefined,
    signal: new AbortController().signal,
    caller: undefined,
  };
  await runInCall(context, async () => {
    span.end();
    await flushTelemetry();
  });
  assert.equal(sawCall, undefined);
});

test("a sink that throws costs the spans, not the process", async () => {
  const lines: string[] = [];
  configureLog({ pretty: false, write: (line) => lines.push(line) });
  const before = telemetryCounts();
  configureTelemetry({
    ...quiet,
    sink: () => {
      throw new Error("broken sink");
    },
  });
  startSpan({ name: "a", kind: "internal", service: "s" }).end();
  await flushTelemetry();
  configureLog({ pretty: false });
  assert.equal(telemetryCounts().dropped - before.dropped, 1);
  assert.match(lines.join(), /broken sink/);
});

test("settings that make no sense are refused by name", () => {
  for (const sample of [-0.1, 1.1, Number.NaN]) {
    assert.throws(() => configureTelemetry({ ...quiet, sample }), { code: "invalid_sample" });
  }
  assert.throws(() => configureTelemetry({ ...quiet, otlpEndpoint: "collector:4318" }), {
    code: "invalid_otlp_endpoint",
  });
  assert.throws(
    () => configureTelemetry({ ...quiet, otlpEndpoint: "ftp://user:secret@collector" }),
    (error: Error) => !error.message.includes("secret"),
  );
});
