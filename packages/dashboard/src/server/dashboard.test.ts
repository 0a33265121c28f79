import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Graph, Span, Trace } from "@tenon/model";
import { configureTelemetry, flushTelemetry, startSpan } from "@tenon/runtime";
import { createTraceStore, type TraceStore } from "../traces/trace-store.ts";
import type { AppStatus } from "./app-status.ts";
import { type Dashboard, startDashboard } from "./start-dashboard.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "tenon-dashboard-"));
const webDir = join(folder, "web");
const graph: Graph = { version: 1, app: { id: "shop" }, services: [], databases: [], secrets: [], schemas: {} };
const reported: unknown[] = [];
let status: AppStatus = { state: "running", gateway: "http://127.0.0.1:4000", diagnostics: [] };
let currentGraph: Graph | null = graph;
let store: TraceStore;
let dashboard: Dashboard;

before(async () => {
  fs.mkdirSync(join(webDir, "assets"), { recursive: true });
  fs.writeFileSync(join(webDir, "index.html"), "<!doctype html>pages");
  fs.writeFileSync(join(webDir, "assets/app-1a2b.js"), "let x;");
  fs.writeFileSync(join(webDir, ".build-stamp"), "hidden");
  fs.writeFileSync(join(folder, "outside.txt"), "outside");
  store = await createTraceStore({ folder: join(folder, "traces") });
  dashboard = await startDashboard({
    host: "127.0.0.1",
    port: 0,
    store,
    getGraph: () => currentGraph,
    getStatus: () => status,
    webDir,
    report: (error) => reported.push(error),
  });
});

after(async () => {
  await dashboard.close();
  store.close();
  fs.rmSync(folder, { recursive: true, force: true });
  assert.deepEqual(reported, []);
});

interface Answer {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly text: string;
}

/** node:http, because `fetch` tidies up paths and does not let one set Host. */
function ask(
  path: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders; body?: string | Buffer } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { port } = new URL(dashboard.url);
    const request = http.request(
      { host: "127.0.0.1", port, path, method: options.method ?? "GET", headers: options.headers, agent: false },
      async (response) => {
        let text = "";
        for await (const chunk of response.setEncoding("utf8")) text += chunk;
        resolve({ status: response.statusCode ?? 0, headers: response.headers, text });
      },
    );
    request.on("error", reject);
    request.end(options.body);
  });
}

function otlpSpan(fields: object = {}): object {
  return {
    traceId: "4BF92F3577B34DA6A3CE929D0E0E4736",
    spanId: "00f067aa0ba902b7",
    parentSpanId: "",
    name: "GET /",
    kind: 2,
    startTimeUnixNano: "1700000000000250000",
    endTimeUnixNano: "1700000000001750000",
    ...fields,
  };
}

function otlpBody(...spans: object[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: "service.name", value: { stringValue: "front end" } }] },
        scopeSpans: [{ scope: {}, spans }],
      },
    ],
  });
}

const json = { "content-type": "application/json" };

test("recorded spans travel over OTLP into the store and out of the API as they were recorded", async () => {
  store.clear();
  const recorded: Span[] = [];
  configureTelemetry({
    otlpEndpoint: dashboard.url,
    sample: 1,
    flushIntervalMs: 10,
    sink: (spans) => recorded.push(...spans),
  });
  const root = startSpan({
    name: "POST /orders",
    kind: "server",
    service: "gateway",
    attributes: { "http.request.method": "POST", "url.path": "/orders", "http.response.status_code": 500 },
  });
  const endpoint = startSpan({
    name: "orders.create",
    kind: "server",
    service: "orders",
    parent: root,
    attributes: { "rpc.system": "tenon", "rpc.service": "orders", "rpc.method": "create" },
  });
  endpoint.set("mixed", 0.5);
  endpoint.set("list", ["a", "b"]);
  endpoint.set("on", true);
  endpoint.event("log", { level: "info", message: "hellö", count: -3 });
  endpoint.fail(new Error("out of stock"));
  endpoint.end();
  root.end();
  await flushTelemetry();
  configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 10 });

  const list = JSON.parse((await ask("/api/traces")).text);
  assert.equal(list.traces.length, 1);
  assert.deepEqual(list.traces[0].root, { service: "orders", endpoint: "create", method: "POST", path: "/orders" });
  assert.equal(list.traces[0].status, "error");
  const trace = JSON.parse((await ask(`/api/traces/${root.traceId}`)).text) as Trace;
  assert.equal(trace.spans.length, 2);
  for (const span of trace.spans) {
    const original = recorded.find((candidate) => candidate.spanId === span.spanId);
    assert.ok(original);
    for (const key of Object.keys(span) as (keyof Span)[]) {
      if (key === "events") {
        // Event times keep whole nanoseconds.
        assert.deepEqual(
          span.events.map(({ name, attributes }) => ({ name, attributes })),
          original.events.map(({ name, attributes }) => ({ name, attributes })),
        );
      } else assert.deepEqual(span[key], original[key], key);
    }
  }
});

test("OTLP of others is received, gzipped or not, and refused span by span", async () => {
  store.clear();
  const bad = [
    otlpSpan({ traceId: "0".repeat(32) }),
    otlpSpan({ spanId: "xyz" }),
    otlpSpan({ startTimeUnixNano: "soon" }),
    otlpSpan({ parentSpanId: "12" }),
  ];
  const answer = await ask("/v1/traces", {
    method: "POST",
    headers: { ...json, "content-encoding": "gzip" },
    body: gzipSync(otlpBody(otlpSpan({ status: { code: 2, message: "boom" } }), ...bad)),
  });
  assert.equal(answer.status, 200);
  assert.deepEqual(JSON.parse(answer.text), {
    partialSuccess: { rejectedSpans: "4", errorMessage: "traceId must be 32 hex digits, not all zero" },
  });
  const trace = await store.get("4bf92f3577b34da6a3ce929d0e0e4736");
  assert.deepEqual(trace?.spans, [
    {
      traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
      spanId: "00f067aa0ba902b7",
      parentSpanId: null,
      service: "front end",
      name: "GET /",
      kind: "server",
      startedAt: 1_700_000_000_000.25,
      durationMs: 1.5,
      status: "error",
      attributes: { "otel.status_description": "boom" },
      events: [],
    },
  ]);
  const whole = await ask("/v1/traces", { method: "POST", headers: json, body: otlpBody() });
  assert.deepEqual([whole.status, whole.text], [200, '{"partialSuccess":{}}']);
});

test("what is no OTLP JSON is refused with a reason", async () => {
  const post = (headers: http.OutgoingHttpHeaders, body: string | Buffer) =>
    ask("/v1/traces", { method: "POST", headers, body });
  const protobuf = await post({ "content-type": "application/x-protobuf" }, "x");
  assert.equal(protobuf.status, 415);
  assert.match(JSON.parse(protobuf.text).message, /OTEL_EXPORTER_OTLP_PROTOCOL=http\/json/);
  assert.equal((await post({ "content-type": "text/plain" }, "{}")).status, 415);
  assert.equal((await post({ ...json, "content-encoding": "br" }, "{}")).status, 415);
  for (const body of ["{", "[]", '"text"', "null"]) assert.equal((await post(json, body)).status, 400, body);
  assert.equal((await post({ ...json, "content-encoding": "gzip" }, "not gzip")).status, 400);
  const bomb = await post({ ...json, "content-encoding": "gzip" }, gzipSync(Buffer.alloc(33 * 1024 * 1024, 32)));
  assert.equal(bomb.status, 413);
  const large = await post(json, Buffer.alloc(33 * 1024 * 1024, 32));
  assert.equal(large.status, 413);
  assert.equal(JSON.parse(large.text).code, "resource_exhausted");
  assert.equal((await ask("/v1/metrics", { method: "POST", headers: json, body: "{}" })).status, 400);
  assert.equal((await ask("/v1/logs", { method: "POST", headers: json, body: "{}" })).status, 501);
});

test("only the receiver answers to pages of other origins", async () => {
  const preflight = await ask("/v1/traces", { method: "OPTIONS", headers: { origin: "http://localhost:5173" } });
  assert.equal(preflight.status, 204);
  assert.equal(preflight.headers["access-control-allow-origin"], "*");
  const post = await ask("/v1/traces", { method: "POST", headers: json, body: otlpBody() });
  assert.equal(post.headers["access-control-allow-origin"], "*");
  for (const path of ["/api/traces", "/api/graph", "/api/status", "/"]) {
    const answer = await ask(path, { headers: { origin: "http://evil.example" } });
    assert.equal(answer.headers["access-control-allow-origin"], undefined, path);
  }
});

test("a foreign Host is refused everywhere", async () => {
  for (const path of ["/", "/api/traces", "/v1/traces"]) {
    for (const host of ["evil.example", "evil.example:9400", "localhost.evil.example", "127.0.0.1.nip.io", "0.0.0.0"]) {
      const answer = await ask(path, { headers: { host } });
      assert.equal(answer.status, 403, `${path} for ${host}`);
      assert.equal(JSON.parse(answer.text).code, "permission_denied");
    }
  }
  for (const host of ["localhost", "LOCALHOST:1", "127.0.0.1:9400", "[::1]:9400"]) {
    assert.equal((await ask("/api/status", { headers: { host } })).status, 200, host);
  }
});

test("graph and status say how the app is", async () => {
  assert.deepEqual(JSON.parse((await ask("/api/graph")).text), graph);
  assert.deepEqual(JSON.parse((await ask("/api/status")).text), status);
  currentGraph = null;
  const answer = await ask("/api/graph");
  currentGraph = graph;
  assert.equal(answer.status, 503);
  assert.equal(JSON.parse(answer.text).code, "unavailable");
});

test("errors have one shape and say what is wrong", async () => {
  const cases: [string, string, number, RegExp][] = [
    ["GET", "/api/nothing", 404, /no \/api\/nothing/],
    ["GET", `/api/traces/${"a".repeat(32)}`, 404, /no trace/],
    ["GET", "/api/traces/4bf9", 400, /32 lower-case hex digits/],
    ["GET", "/api/traces?limit=0", 400, /limit/],
    ["GET", "/api/traces?limit=many", 400, /limit/],
    ["GET", "/api/traces?minDurationMs=-1", 400, /minDurationMs/],
    ["GET", "/api/traces?since=yesterday", 400, /since/],
    ["GET", "/api/traces?status=bad", 400, /status/],
    ["GET", "/api/traces?servce=users", 400, /unknown filter "servce"/],
    ["POST", "/api/traces", 405, /use GET/],
    ["GET", "/v1/traces", 405, /use POST/],
    ["DELETE", "/", 405, /use GET/],
  ];
  for (const [method, path, status, message] of cases) {
    const answer = await ask(path, { method });
    assert.equal(answer.status, status, path);
    const body = JSON.parse(answer.text);
    assert.deepEqual(Object.keys(body), ["code", "message", "details"], path);
    assert.match(body.message, message);
  }
  assert.equal((await ask("/api/traces", { method: "POST" })).headers.allow, "GET, HEAD");
  const head = await ask("/api/status", { method: "HEAD" });
  assert.deepEqual([head.status, head.text], [200, ""]);
});

test("filters of the list work over HTTP", async () => {
  store.clear();
  await ask("/v1/traces", { method: "POST", headers: json, body: otlpBody(otlpSpan()) });
  const count = async (query: string) => JSON.parse((await ask(`/api/traces?${query}`)).text).traces.length;
  assert.equal(
    await count("service=front%20end&status=ok&minDurationMs=1.5&since=2023-11-14T22:13:20Z&limit=5&endpoint=get"),
    1,
  );
  assert.equal(await count("minDurationMs=1.6"), 0);
  assert.equal(await count("since=1700000000001"), 0);
  assert.equal(await count("service=&endpoint="), 1);
});

test("pages are served, paths of their router get the index, and nothing outside of the folder is read", async () => {
  for (const path of ["/", "/index.html", "/traces", "/traces/4bf9?x=1", "/services"]) {
    const answer = await ask(path);
    assert.deepEqual([answer.status, answer.text], [200, "<!doctype html>pages"], path);
    assert.match(String(answer.headers["content-security-policy"]), /default-src 'self'/);
  }
  const script = await ask("/assets/app-1a2b.js");
  assert.deepEqual([script.status, script.headers["content-type"]], [200, "text/javascript; charset=utf-8"]);
  assert.match(String(script.headers["cache-control"]), /immutable/);
  assert.equal((await ask("/assets/app-old.js")).status, 404);
  for (const path of [
    "/../outside.txt",
    "/%2e%2e/outside.txt",
    "/..%2foutside.txt",
    "/assets/..%5c..%5coutside.txt",
    "/.build-stamp",
    "/x%00.js",
    "/%zz.js",
    "//outside.txt",
  ]) {
    const answer = await ask(path);
    assert.ok(answer.status === 404 || answer.status === 400, `${path}: ${answer.status}`);
    assert.equal(answer.text.includes("outside\n"), false);
  }
});

test("live events tell of traces, reloads and diagnostics", async () => {
  const controller = new AbortController();
  const response = await fetch(`${dashboard.url}/api/events`, { signal: controller.signal });
  assert.equal(response.headers.get("content-type"), "text/event-stream; charset=utf-8");
  const reader = (response.body as ReadableStream<Uint8Array>).pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  const readUntil = async (wanted: string): Promise<void> => {
    while (!text.includes(wanted)) {
      const { value, done } = await reader.read();
      assert.equal(done, false);
      text += value;
    }
  };
  await readUntil("retry:");
  await ask("/v1/traces", { method: "POST", headers: json, body: otlpBody(otlpSpan({ traceId: "e".repeat(32) })) });
  await readUntil(`event: trace\ndata: {"traceId":"${"e".repeat(32)}"`);
  status = { ...status, state: "broken" };
  dashboard.announce("diagnostics");
  await readUntil('event: diagnostics\ndata: {"state":"broken"');
  dashboard.announce("reload");
  await readUntil("event: reload\ndata: ");
  controller.abort();
});

test("a taken port and an address others can reach are refused with a code", async () => {
  const taken = net.createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as net.AddressInfo;
  const options = { store, getGraph: () => graph, getStatus: () => status, report: () => {} };
  await assert.rejects(startDashboard({ ...options, host: "127.0.0.1", port }), {
    code: "port_in_use",
    message: new RegExp(`port ${port} on 127.0.0.1 is taken`),
  });
  taken.close();
  await assert.rejects(startDashboard({ ...options, host: "0.0.0.0", port: 0 }), { code: "not_loopback" });
});

test("closing ends open event streams", async () => {
  const other = await startDashboard({
    host: "127.0.0.1",
    port: 0,
    store,
    getGraph: () => graph,
    getStatus: () => status,
    webDir,
    report: () => {},
  });
  const response = await fetch(`${other.url}/api/events`);
  const text = response.text().catch(() => "cut");
  await other.close();
  await text;
  await assert.rejects(fetch(`${other.url}/api/status`));
});
