import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { afterEach, test } from "node:test";
import type { Attributes } from "@tenon/model";
import { runInCall } from "../call/context.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { LogLevel } from "./level.ts";
import { log } from "./log.ts";
import { configureLog, type LogOptions } from "./output.ts";

let lines: string[] = [];

function capture(options: Partial<LogOptions> = {}): void {
  lines = [];
  configureLog({ pretty: false, level: "trace", color: false, ...options, write: (line) => lines.push(line) });
}

afterEach(() => configureLog({ pretty: false, level: "info" }));

interface SpanStandIn extends RecordingSpan {
  readonly seen: { name: string; attributes: Attributes | undefined }[];
}

function spanStandIn(sampled: boolean): SpanStandIn {
  const seen: SpanStandIn["seen"] = [];
  return {
    traceId: "a".repeat(32),
    spanId: "b".repeat(16),
    sampled,
    seen,
    set() {},
    event: (name, attributes) => seen.push({ name, attributes }),
    link() {},
    fail() {},
    end() {},
  };
}

function inCall(span: RecordingSpan, run: () => void): void {
  const signal = new AbortController().signal;
  const rest = { requestId: "r", deadlineAt: undefined, signal, caller: undefined };
  runInCall({ span, service: "orders", endpoint: "create", ...rest }, run);
}

test("a line is one JSON object with time, level, message, and the fields", () => {
  capture();
  log.info("order created", { id: 7, ok: true, none: null, left: undefined, list: [1, "a"] });
  const { time, ...rest } = JSON.parse(lines[0] ?? "");
  assert.equal(new Date(time).toISOString(), time);
  assert.deepEqual(rest, { level: "info", message: "order created", id: 7, ok: true, none: null, list: [1, "a"] });
});

test("within a call each line carries the trace, and is an event on the call's span", () => {
  capture();
  const span = spanStandIn(true);
  inCall(span, () => log.warn("low stock", { product: "p1", left: 3, nested: { a: 1 } }));
  const line = JSON.parse(lines[0] ?? "");
  assert.equal(line.trace_id, "a".repeat(32));
  assert.equal(line.span_id, "b".repeat(16));
  assert.equal(line.service, "orders");
  assert.equal(line.endpoint, "create");
  assert.deepEqual(span.seen, [
    {
      name: "log",
      attributes: { product: "p1", left: 3, nested: '{"a":1}', level: "warn", message: "low stock" },
    },
  ]);
});

test("a call that is not sampled gets no events, its lines still carry the trace", () => {
  capture();
  const span = spanStandIn(false);
  inCall(span, () => log.info("hello"));
  assert.deepEqual(span.seen, []);
  assert.equal(JSON.parse(lines[0] ?? "").trace_id, "a".repeat(32));
});

test("errors are accepted alone, with a message, and with fields, as in Encore.ts", () => {
  capture();
  const error = Object.assign(new TypeError("no such user"), { code: "E1", cause: new Error("below") });
  const span = spanStandIn(true);
  inCall(span, () => log.error(error, "cannot create", { id: 7 }));
  log.error(error);
  log.warn(error, { id: 8 });
  log.error("only text", { id: 9 });
  log.error("thrown text", "message");
  const parsed = lines.map((line) => JSON.parse(line));
  assert.equal(parsed[0].message, "cannot create");
  assert.equal(parsed[0].id, 7);
  assert.equal(parsed[0].error.name, "TypeError");
  assert.equal(parsed[0].error.message, "no such user");
  assert.equal(parsed[0].error.code, "E1");
  assert.match(parsed[0].error.stack, /TypeError: no such user\n\s+at /);
  assert.equal(parsed[0].error.cause.message, "below");
  assert.equal(span.seen[0]?.attributes?.["exception.type"], "TypeError");
  assert.equal(span.seen[0]?.attributes?.["message"], "cannot create");
  assert.equal(parsed[1].message, "no such user");
  assert.deepEqual([parsed[2].level, parsed[2].message, parsed[2].id], ["warn", "no such user", 8]);
  assert.deepEqual([parsed[3].message, parsed[3].error], ["only text", undefined]);
  assert.deepEqual([parsed[4].message, parsed[4].error], ["message", "thrown text"]);
});

test("with adds fields, withLevel leaves out lower lines, and neither changes the logger they come from", () => {
  capture();
  const own = log.with({ region: "eu", id: 1 }).with({ id: 2 });
  own.info("a", { extra: true });
  log.withLevel(LogLevel.Warn).info("left out");
  log.info("b");
  const parsed = lines.map((line) => JSON.parse(line));
  assert.deepEqual([parsed[0].region, parsed[0].id, parsed[0].extra], ["eu", 2, true]);
  assert.equal(lines.length, 2);
  assert.equal(parsed[1].region, undefined);
});

test("lines below the configured level are neither written nor recorded", () => {
  capture({ level: "warn" });
  const span = spanStandIn(true);
  inCall(span, () => {
    for (const level of ["trace", "debug", "info", "warn", "error"] as const) log[level](level);
  });
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).level),
    ["warn", "error"],
  );
  assert.equal(span.seen.length, 2);
});

test("a user's field cannot pass for one of ours", () => {
  capture();
  log.info("real", { message: "forged", level: "error", time: "never", trace_id: "x", ["__proto__"]: 1 });
  const line = JSON.parse(lines[0] ?? "");
  assert.equal(line.message, "real");
  assert.equal(line.level, "info");
  assert.equal(line["field.message"], "forged");
  assert.equal(line["field.trace_id"], "x");
  assert.equal(line.trace_id, undefined);
});

test("nothing that can be logged makes logging throw, and every line is JSON", () => {
  capture();
  const circular: Record<string, unknown> = { name: "loop" };
  circular["self"] = circular;
  const throwing = {
    get bad(): string {
      throw new Error("getter");
    },
    toString() {
      throw new Error("toString");
    },
  };
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error("get");
      },
      ownKeys() {
        throw new Error("ownKeys");
      },
    },
  );
  const deep: Record<string, unknown> = {};
  let level = deep;
  for (let depth = 0; depth < 5000; depth++) level = level["next"] = {} as Record<string, unknown>;
  const values: unknown[] = [
    circular,
    throwing,
    hostile,
    deep,
    12n,
    Symbol("s"),
    () => 1,
    Number.NaN,
    -Infinity,
    new Date(Number.NaN),
    new Date(0),
    new Map([[{ k: 1 }, 1n]]),
    new Set([circular]),
    new Uint8Array(1000),
    Buffer.from("x"),
    Object.create(null),
    new WeakMap(),
    {
      toJSON: () => {
        throw new Error("toJSON");
      },
    },
    { toJSON: () => 5n },
    "x".repeat(200_000),
    Array(100_000).fill(1),
    "\u0000\ud800",
    Promise.resolve(),
    globalThis,
    process,
  ];
  for (const value of values) {
    log.info("value", { value });
    log.info("fields", value as Record<string, unknown>);
    log.error(value, "as error");
    log.error(value);
    log.with({ value }).warn("with");
  }
  assert.equal(lines.length, values.length * 5);
  for (const line of lines) {
    assert.equal(typeof JSON.parse(line).message, "string");
    assert.equal(line.includes("\n"), false);
    assert.ok(line.length < 400_000, `${line.length} characters`);
  }
});

test("values are readable: cycles, bigints, dates, maps, bytes", () => {
  capture();
  const self: Record<string, unknown> = { a: 1 };
  self["self"] = self;
  const twice = { x: 1 };
  log.info("m", {
    self,
    big: 12n,
    at: new Date(0),
    map: new Map([["a", 1]]),
    bytes: new Uint8Array(3),
    pair: [twice, twice],
  });
  const line = JSON.parse(lines[0] ?? "");
  assert.deepEqual(line.self, { a: 1, self: "[circular]" });
  assert.equal(line.big, "12");
  assert.equal(line.at, "1970-01-01T00:00:00.000Z");
  assert.deepEqual(line.map, [["a", 1]]);
  assert.equal(line.bytes, "[Uint8Array, 3 bytes]");
  assert.deepEqual(line.pair, [{ x: 1 }, { x: 1 }], "the same object twice is no cycle");
});

test("pretty lines are for people and keep control characters away from the terminal", () => {
  capture({ pretty: true });
  inCall(spanStandIn(true), () =>
    log.error(new Error("b\u001b[2Jad"), "cannot\u001b[31m", { id: 7, text: "two words" }),
  );
  const [first = "", second = ""] = (lines[0] ?? "").split("\n");
  assert.match(
    first,
    /^\d\d:\d\d:\d\d\.\d{3} ERROR orders\.create cannot\\x1b\[31m id=7 text="two words" error="Error: b.*ad" trace=a{32}$/,
  );
  assert.match(second, /^ {4}Error: b/);
  assert.equal((lines[0] ?? "").includes("\u001b"), false);
});

test("pretty lines are coloured on request", () => {
  capture({ pretty: true, color: true });
  log.info("hello");
  assert.ok(lines[0]?.includes("\u001b[32mINFO \u001b[0m hello"));
});

test("TENON_LOG_LEVEL sets the level of a process, and a wrong one is refused by name", () => {
  const file = new URL("./output.js", import.meta.url).href;
  const logFile = new URL("./log.js", import.meta.url).href;
  const program = `
    const { configureLog } = await import(${JSON.stringify(file)});
    const { log } = await import(${JSON.stringify(logFile)});
    configureLog({ pretty: false });
    log.info("quiet"); log.warn("loud");`;
  const run = (level: string) =>
    spawnSync(process.execPath, ["--input-type=module", "-e", program], {
      env: { ...process.env, TENON_LOG_LEVEL: level },
      encoding: "utf8",
    });
  const lines = run("WARN").stdout.trim().split("\n");
  assert.equal(lines.length, 1);
  assert.equal(JSON.parse(lines[0] ?? "").message, "loud");
  const wrong = run("loud");
  assert.notEqual(wrong.status, 0);
  assert.match(
    wrong.stderr,
    /TENON_LOG_LEVEL: the log level must be one of trace, debug, info, warn, error, got "loud"/,
  );
});

test("a reader that goes away does not take the process with it", () => {
  const logFile = new URL("./log.js", import.meta.url).href;
  const program = `
    const { log } = await import(${JSON.stringify(logFile)});
    for (let count = 0; count < 5000; count++) log.info("line " + count);
    setTimeout(() => { console.error("still here"); }, 50);`;
  const command = `"${process.execPath}" --input-type=module -e '${program}' | head -n 1`;
  const result = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  assert.match(result.stdout, /line 0/);
  assert.match(result.stderr, /still here/);
});
