import assert from "node:assert/strict";
import { test } from "node:test";
import type { Span, Trace } from "@tenon/model";
import { renderTraceList } from "./trace-list.ts";
import { renderTraceTree } from "./trace-tree.ts";

const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const plain = { color: false, width: 100 };

function span(spanId: string, parentSpanId: string | null, fields: Partial<Span>): Span {
  return {
    traceId,
    spanId,
    parentSpanId,
    service: "orders",
    name: "orders.create",
    kind: "server",
    startedAt: 1_700_000_000_000,
    durationMs: 1,
    status: "unset",
    attributes: {},
    events: [],
    ...fields,
  };
}

function failed(message: string): Partial<Span> {
  const attributes = { "exception.type": "APIError", "exception.message": message };
  return { status: "error", events: [{ name: "exception", at: 0, attributes }] };
}

function at(ms: number, durationMs: number): Partial<Span> {
  return { startedAt: 1_700_000_000_000 + ms, durationMs };
}

const sql = (text: string): Partial<Span> => ({
  kind: "client",
  attributes: { "db.system.name": "postgresql", "db.query.text": text },
});

const order: Trace = {
  traceId,
  spans: [
    span("1", null, { service: "gateway", name: "POST /orders", ...at(0, 12.4) }),
    span("2", "1", { ...at(0.3, 11.9), ...failed("out of stock") }),
    span("3", "2", { name: "users.get", kind: "client", ...at(0.5, 3.2) }),
    span("4", "3", { service: "users", name: "users.get", ...at(0.6, 2.9) }),
    span("5", "4", {
      service: "users",
      name: "SELECT users",
      ...sql("SELECT id,\n  email FROM users"),
      ...at(0.7, 1.1),
    }),
    span("6", "2", { name: "products.reserve", kind: "client", ...at(4, 5), ...failed("out of stock") }),
    span("7", "6", { service: "products", name: "products.reserve", ...at(4.2, 4.7), ...failed("out of stock") }),
    span("8", "7", {
      service: "products",
      name: "UPDATE products",
      ...sql(`UPDATE ${"x".repeat(300)}`),
      ...at(4.5, 3),
    }),
    span("9", "gone", { service: "billing", name: "late", ...at(11, 0.01) }),
  ],
};

test("a trace is printed as a tree with durations, bars, SQL, and the error where it began", () => {
  assert.deepEqual(renderTraceTree(order, plain).split("\n"), [
    "trace 4bf92f3577b34da6a3ce929d0e0e4736  2023-11-14T22:13:20.000Z",
    "12.4 ms  9 spans  billing, gateway, orders, products, users  3 failed",
    "",
    "gateway POST /orders          12.4 ms ▕█████████████████████████▏",
    "└─ orders.create              11.9 ms ▕████████████████████████ ▏",
    "   ├─ → users.get             3.20 ms ▕ ██████                  ▏",
    "   │  └─ users.get            2.90 ms ▕ ██████                  ▏",
    "   │     └─ SELECT users      1.10 ms ▕ ██                      ▏",
    "   │           SELECT id, email FROM users",
    "   └─ → products.reserve      5.00 ms ▕        ██████████       ▏",
    "      └─ products.reserve     4.70 ms ▕        █████████        ▏",
    "         │  ✗ APIError: out of stock",
    "         └─ UPDATE products   3.00 ms ▕         ██████          ▏",
    `               UPDATE ${"x".repeat(77)}…`,
    "billing late                  0.01 ms ▕                      █  ▏",
  ]);
});

test("no line is wider than the terminal, down to 60 columns, and colour adds nothing to the text", () => {
  for (const width of [60, 80, 120, 300]) {
    const text = renderTraceTree(order, { color: false, width });
    for (const line of text.split("\n").slice(3)) assert.ok([...line].length <= width, `${width}: ${line}`);
    const colored = renderTraceTree(order, { color: true, width });
    assert.notEqual(colored, text);
    assert.equal(colored.replaceAll(/\p{Cc}\[\d+m/gu, ""), text);
  }
});

test("the order in which spans are given does not matter", () => {
  const text = renderTraceTree(order, plain);
  assert.equal(renderTraceTree({ traceId, spans: [...order.spans].reverse() }, plain), text);
});

test("what a span says cannot steer the terminal", () => {
  const evil = "a\u001b[2J\r\n\u0007\u009b31mb";
  const spans = [span("1", null, { service: evil, name: evil, ...failed(evil) }), span("2", "1", { ...sql(evil) })];
  const text = renderTraceTree({ traceId, spans }, plain);
  assert.equal(/\p{Cc}/u.test(text.replaceAll("\n", "")), false);
  const root = { service: evil, endpoint: evil, method: "GET", path: evil };
  const summary = { traceId, root, startedAt: 0, durationMs: 0, status: "ok", spans: 1, services: [] } as const;
  assert.equal(/\p{Cc}/u.test(renderTraceList([summary], plain).replaceAll("\n", "")), false);
});

test("spans that are each other's parents, a span without duration, and a chain of 2,000 are printed too", () => {
  const circle = [span("1", "2", {}), span("2", "1", {}), span("3", "3", { durationMs: 0 })];
  assert.equal(renderTraceTree({ traceId, spans: circle }, plain).split("\n").length, 6);
  const chain = Array.from({ length: 2000 }, (_, depth) => span(`${depth}`, depth === 0 ? null : `${depth - 1}`, {}));
  assert.equal(renderTraceTree({ traceId, spans: chain }, plain).split("\n").length, 2003);
});

test("an error without exception says its code, or at least that it failed", () => {
  const spans = [
    span("1", null, { status: "error", attributes: { "tenon.error.code": "not_found" } }),
    span("2", null, { status: "error", attributes: { "otel.status_description": "boom" } }),
    span("3", null, { status: "error" }),
  ];
  const text = renderTraceTree({ traceId, spans }, plain);
  assert.deepEqual(text.match(/✗ .*/g), ["✗ not_found", "✗ boom", "✗ failed"]);
});

test("a refusal is told where it began, and is no failure", () => {
  const attributes = { "tenon.error.code": "failed_precondition", "tenon.error.message": "out of stock" };
  const spans = [
    span("1", null, { attributes }),
    span("2", "1", { kind: "client", name: "products.reserve", attributes }),
  ];
  const text = renderTraceTree({ traceId, spans }, plain);
  assert.deepEqual(text.match(/[✗!] .*/g), ["! failed_precondition: out of stock"]);
  assert.doesNotMatch(text, /\d failed/);
});

test("traces are printed as a table that fits", () => {
  const base = { traceId, startedAt: 1_700_000_000_000, durationMs: 12.4, spans: 9, services: ["orders"] };
  const text = renderTraceList(
    [
      { ...base, status: "error", root: { service: "orders", endpoint: "create", method: "POST", path: "/orders" } },
      {
        ...base,
        status: "ok",
        durationMs: 1212,
        root: { service: "users", endpoint: "get", method: "GET", path: `/users/${"x".repeat(99)}` },
      },
      { ...base, status: "unset", root: { service: "cron", endpoint: "nightly", method: "", path: "" } },
    ],
    { color: false, width: 120 },
  );
  const lines = text.split("\n");
  assert.equal(lines.length, 4);
  assert.match(lines[0] ?? "", /^STARTED +DURATION +STATUS +ENDPOINT +REQUEST +SPANS +TRACE$/);
  assert.match(
    lines[1] ?? "",
    /^2023-11-1\d \d\d:\d\d:20 +12\.4 ms +error +orders\.create +POST \/orders +9 +4bf92f3577b34da6a3ce929d0e0e4736$/,
  );
  assert.match(lines[2] ?? "", /1\.21 s +ok +users\.get +GET \/users\/x+… +9/);
  assert.match(lines[3] ?? "", /open +cron\.nightly +- +9/);
  for (const line of lines) assert.ok([...line].length <= 120, line);
  assert.equal(renderTraceList([], { color: false, width: 80 }), "");
});

test("the other traces that led to a span stand below it, each once and not too many", () => {
  const link = (digit: string, kind: string) => {
    return { traceId: digit.repeat(32), spanId: digit.repeat(16), attributes: { "tenon.link": kind } };
  };
  const own = { traceId, spanId: "1".repeat(16), attributes: { "tenon.link": "publish" } };
  const links = [own, link("a", "publish"), link("a", "publish"), link("b", "replay")];
  const below = (more: Span["links"]) => {
    const handled = span("1", null, { service: "mail", name: "placed/mail", links: more! });
    return renderTraceTree({ traceId, spans: [handled] }, plain)
      .split("\n")
      .slice(4);
  };
  assert.deepEqual(below(links), [`   publish in trace ${"a".repeat(32)}`, `   replay in trace ${"b".repeat(32)}`]);
  const many = [..."23456789"].map((digit) => link(digit, "publish"));
  assert.equal(below(many).length, 6);
  assert.equal(below(many).at(-1), "   and in 3 more");
});
