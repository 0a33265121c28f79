import assert from "node:assert/strict";
import fs from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, test } from "node:test";
import type { Span, TraceSummary } from "@tenon/model";
import { createTraceStore, type TraceStore, type TraceStoreOptions } from "./trace-store.ts";

const folders: string[] = [];
const stores: TraceStore[] = [];

function newFolder(): string {
  const folder = fs.mkdtempSync(join(tmpdir(), "tenon traces ü-"));
  folders.push(folder);
  return folder;
}

async function open(folder: string, options: Partial<TraceStoreOptions> = {}): Promise<TraceStore> {
  const store = await createTraceStore({ folder, ...options });
  stores.push(store);
  return store;
}

afterEach(() => {
  for (const store of stores.splice(0)) store.close();
  for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
});

function traceIdOf(number: number): string {
  return number.toString(16).padStart(32, "f");
}

/** gateway -> orders.create -> (client) -> users.get -> SQL, as the runtime records it. */
function orderTrace(number: number, startedAt = 1_700_000_000_000 + number): Span[] {
  const traceId = traceIdOf(number);
  const span = (position: number, parent: number | null, fields: Partial<Span>): Span => ({
    traceId,
    spanId: String(position).padStart(16, "0"),
    parentSpanId: parent === null ? null : String(parent).padStart(16, "0"),
    service: "gateway",
    name: "",
    kind: "server",
    startedAt: startedAt + position * 0.25,
    durationMs: 10 - position,
    status: "unset",
    attributes: {},
    events: [],
    ...fields,
  });
  return [
    span(1, null, {
      name: "POST /orders",
      attributes: { "http.request.method": "POST", "url.path": `/orders/${number}` },
    }),
    span(2, 1, {
      service: "orders",
      name: "orders.create",
      attributes: { "rpc.system": "tenon", "rpc.method": "create" },
    }),
    span(3, 2, { service: "orders", name: "users.get", kind: "client" }),
    span(4, 3, { service: "users", name: "users.get", attributes: { "rpc.system": "tenon", "rpc.method": "get" } }),
    span(5, 4, {
      service: "users",
      name: "SELECT users",
      kind: "client",
      attributes: { "db.query.text": "SELECT 1 -- ü" },
      links: [{ traceId: "a".repeat(32), spanId: "b".repeat(16), attributes: { "tenon.link": "publish" } }],
    }),
  ];
}

const expectedSummary = (number: number): TraceSummary => ({
  traceId: traceIdOf(number),
  root: { service: "orders", endpoint: "create", method: "POST", path: `/orders/${number}` },
  startedAt: 1_700_000_000_000 + number + 0.25,
  durationMs: 9,
  status: "ok",
  spans: 5,
  services: ["gateway", "orders", "users"],
});

test("a trace is listed with the endpoint that was called and given back whole", async () => {
  const store = await open(newFolder());
  store.add(orderTrace(1));
  assert.deepEqual(store.list(), [expectedSummary(1)]);
  assert.deepEqual(await store.get(traceIdOf(1)), { traceId: traceIdOf(1), spans: orderTrace(1) });
  assert.equal(await store.get(traceIdOf(2)), undefined);
});

test("property: in whatever order and pieces spans come, list and trace are the same", async () => {
  for (let run = 0; run < 100; run++) {
    const store = await open(newFolder(), { segmentBytes: 2000, maxSegments: 1000 });
    const spans = [...orderTrace(1), ...orderTrace(2), ...orderTrace(3)];
    for (let left = spans.length; left > 0; ) {
      const batch: Span[] = [];
      for (let count = 1 + Math.floor(Math.random() * 4); count > 0 && left > 0; count--, left--) {
        batch.push(...spans.splice(Math.floor(Math.random() * left), 1));
      }
      store.add(batch);
    }
    assert.deepEqual(store.list(), [3, 2, 1].map(expectedSummary));
    for (const number of [1, 2, 3]) assert.deepEqual((await store.get(traceIdOf(number)))?.spans, orderTrace(number));
    store.close();
  }
});

test("a trace without its root is shown as far as it is known, and completes when the root arrives late", async () => {
  const store = await open(newFolder());
  const [root, ...rest] = orderTrace(1);
  assert.ok(root);
  store.add(rest.slice(2));
  assert.deepEqual(store.list()[0]?.root, { service: "users", endpoint: "get", method: "", path: "" });
  assert.equal(store.list()[0]?.status, "unset");
  store.add(rest.slice(0, 2));
  assert.equal(store.list()[0]?.root.endpoint, "create");
  store.add([root]);
  assert.deepEqual(store.list(), [expectedSummary(1)]);
});

test("a trace without any endpoint is named by its root", async () => {
  const store = await open(newFolder());
  const root = orderTrace(1)[0];
  assert.ok(root);
  store.add([root]);
  assert.deepEqual(store.list()[0]?.root, {
    service: "gateway",
    endpoint: "POST /orders",
    method: "POST",
    path: "/orders/1",
  });
});

test("one failed span makes a failed trace", async () => {
  const store = await open(newFolder());
  const spans = orderTrace(1);
  store.add([...spans.slice(0, 4), { ...(spans[4] as Span), status: "error" }]);
  assert.equal(store.list()[0]?.status, "error");
});

test("a trace that a caller outside began is whole with the request that came in", async () => {
  const store = await open(newFolder());
  const [root, ...rest] = orderTrace(1);
  assert.ok(root);
  store.add([...rest, { ...root, parentSpanId: "e".repeat(16) }]);
  assert.deepEqual(store.list(), [expectedSummary(1)]);
});

test("a refused request makes a failed trace, a refusal that a caller handled does not", async () => {
  const store = await open(newFolder());
  const refuse = (number: number, position: number, attributes: Span["attributes"]): Span[] =>
    orderTrace(number).map((span, at) =>
      at === position ? { ...span, attributes: { ...span.attributes, ...attributes } } : span,
    );
  store.add(refuse(1, 0, { "http.response.status_code": 404 }));
  store.add(refuse(2, 0, { "http.response.status_code": 200 }));
  store.add(refuse(3, 3, { "tenon.error.code": "not_found" }));
  assert.deepEqual(
    store.list().map(({ status }) => status),
    ["ok", "ok", "error"],
  );
});

test("a batch that is sent twice does not double the trace", async () => {
  const store = await open(newFolder());
  store.add(orderTrace(1));
  store.add(orderTrace(1));
  assert.equal((await store.get(traceIdOf(1)))?.spans.length, 5);
});

test("everything is there after a restart, also across segments", async () => {
  const folder = newFolder();
  const options = { segmentBytes: 5000, maxSegments: 100 };
  const first = await open(folder, options);
  for (let number = 0; number < 50; number++) first.add(orderTrace(number).slice(0, 2));
  for (let number = 0; number < 50; number++) first.add(orderTrace(number).slice(2));
  const listed = first.list();
  first.close();
  assert.ok(fs.readdirSync(folder).length > 3);

  const second = await open(folder, options);
  assert.deepEqual(second.list(), listed);
  assert.equal(listed.length, 50);
  assert.deepEqual((await second.get(traceIdOf(7)))?.spans, orderTrace(7));
  second.add(orderTrace(50));
  assert.deepEqual((await second.get(traceIdOf(50)))?.spans, orderTrace(50));
});

test("wherever a crash tore the file, the whole blocks before it are kept and writing goes on", async () => {
  const folder = newFolder();
  const whole = await open(folder);
  whole.add(orderTrace(1));
  const keptBytes = fs.statSync(join(folder, "traces-000001.ndjson")).size;
  whole.add(orderTrace(2));
  whole.close();
  const file = join(folder, "traces-000001.ndjson");
  const bytes = fs.readFileSync(file);
  for (let length = keptBytes; length < bytes.length; length += 7) {
    fs.writeFileSync(file, bytes.subarray(0, length));
    const store = await open(folder);
    assert.deepEqual(store.list(), [expectedSummary(1)], `torn at ${length}`);
    store.add(orderTrace(3));
    store.close();
    const again = await open(folder);
    assert.deepEqual(again.list(), [3, 1].map(expectedSummary), `torn at ${length}`);
    assert.deepEqual((await again.get(traceIdOf(3)))?.spans, orderTrace(3));
    again.close();
  }
});

test("damage in the middle costs the damaged block only", async () => {
  const folder = newFolder();
  const store = await open(folder);
  for (const number of [1, 2, 3]) store.add(orderTrace(number));
  store.close();
  const file = join(folder, "traces-000001.ndjson");
  const lines = fs.readFileSync(file, "utf8").split("\n");
  const second = lines.findIndex((line) => line.startsWith(`{"trace":"${traceIdOf(2)}"`));
  lines[second] = `${lines[second]?.slice(0, 40)}#damaged`;
  fs.writeFileSync(file, lines.join("\n"));
  const again = await open(folder);
  assert.deepEqual(again.list(), [3, 1].map(expectedSummary));
});

test("the oldest segments are deleted, and what was only there is forgotten, now and after a restart", async () => {
  const folder = newFolder();
  const options = { segmentBytes: 10_000, maxSegments: 3 };
  const store = await open(folder, options);
  for (let number = 0; number < 200; number++) store.add(orderTrace(number));
  const names = fs.readdirSync(folder);
  assert.equal(names.length, 3);
  for (const name of names) assert.ok(fs.statSync(join(folder, name)).size <= 10_000);
  const listed = store.list({ limit: 1000 });
  assert.ok(listed.length > 0 && listed.length < 200);
  assert.equal(listed[0]?.traceId, traceIdOf(199));
  for (const { traceId } of listed) assert.ok(((await store.get(traceId))?.spans.length ?? 0) > 0);
  store.close();
  assert.deepEqual((await open(folder, options)).list({ limit: 1000 }), listed);
});

test("no more traces are remembered than allowed", async () => {
  const store = await open(newFolder(), { maxTraces: 10 });
  for (let number = 0; number < 100; number++) store.add(orderTrace(number));
  const listed = store.list({ limit: 1000 });
  assert.equal(listed.length, 10);
  assert.equal(listed.at(-1)?.traceId, traceIdOf(90));
  assert.equal(await store.get(traceIdOf(0)), undefined);
});

test("the list is filtered, newest first", async () => {
  const store = await open(newFolder());
  for (let number = 0; number < 20; number++) store.add(orderTrace(number));
  const other = {
    ...(orderTrace(99)[1] as Span),
    parentSpanId: null,
    service: "billing",
    durationMs: 500,
    status: "error" as const,
  };
  store.add([other]);
  const numbers = (filter: Parameters<TraceStore["list"]>[0]) =>
    store.list(filter).map(({ traceId }) => Number.parseInt(traceId.replace(/^f+/, ""), 16));
  assert.deepEqual(numbers({ limit: 3 }), [99, 19, 18]);
  assert.deepEqual(numbers({ service: "billing" }), [99]);
  assert.equal(numbers({ service: "users" }).length, 20);
  assert.deepEqual(numbers({ status: "error" }), [99]);
  assert.deepEqual(numbers({ minDurationMs: 100 }), [99]);
  assert.deepEqual(numbers({ since: 1_700_000_000_018, limit: 2 }), [99, 19]);
  assert.deepEqual(numbers({ endpoint: "billing.create" }), [99]);
  assert.deepEqual(numbers({ endpoint: "POST /orders/7" }), [7]);
  assert.equal(numbers({ endpoint: "USERS.get" }).length, 20);
  assert.deepEqual(numbers({ endpoint: "nowhere" }), []);
});

test("clear forgets everything, also on disk", async () => {
  const folder = newFolder();
  const store = await open(folder);
  store.add(orderTrace(1));
  store.clear();
  assert.deepEqual(store.list(), []);
  assert.deepEqual(fs.readdirSync(folder), []);
  store.add(orderTrace(2));
  assert.deepEqual(store.list(), [expectedSummary(2)]);
});

test("subscribers see each trace as it grows until they stop", async () => {
  const store = await open(newFolder());
  const seen: number[] = [];
  const stop = store.subscribe((summary) => seen.push(summary.spans));
  store.add(orderTrace(1).slice(0, 2));
  store.add(orderTrace(1).slice(2));
  stop();
  store.add(orderTrace(2));
  assert.deepEqual(seen, [2, 5]);
});
