import assert from "node:assert/strict";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, test } from "node:test";
import { gunzipSync } from "node:zlib";
import type { Span } from "@tenon/model";
import { configureLog } from "../../log/output.ts";
import { configureTelemetry } from "../configure-telemetry.ts";
import { flushTelemetry, telemetryCounts } from "../pipeline.ts";
import { startSpan } from "../recorder.ts";
import { createOtlpSender } from "./create-otlp-sender.ts";
import { createOtlpSink } from "./create-otlp-sink.ts";
import { encodeSpans, nanoseconds } from "./encode-spans.ts";

interface Received {
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks deep into foreign JSON
  readonly body: any;
}

type Answer = { status: number; body?: string; headers?: Record<string, string> } | "reset";

const servers: http.Server[] = [];
const never = new AbortController().signal;

async function collector(answer: (count: number) => Answer): Promise<{ url: string; received: Received[] }> {
  const received: Received[] = [];
  const server = http.createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const bytes = Buffer.concat(chunks);
    const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes;
    received.push({ path: request.url ?? "", headers: request.headers, body: JSON.parse(text.toString()) });
    const decision = answer(received.length);
    if (decision === "reset") request.socket.resetAndDestroy();
    else response.writeHead(decision.status, decision.headers).end(decision.body ?? "{}");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, received };
}

afterEach(() => {
  configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 10 });
  configureLog({ pretty: false });
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections();
  }
});

function span(fields: Partial<Span> = {}): Span {
  return {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    parentSpanId: null,
    service: "users",
    name: "users.get",
    kind: "server",
    startedAt: 1_700_000_000_000.25,
    durationMs: 1.5,
    status: "unset",
    attributes: {},
    events: [],
    ...fields,
  };
}

test("spans become OTLP JSON as the protocol writes it", () => {
  const attributes = {
    text: "a",
    whole: 7,
    part: 0.5,
    yes: true,
    none: Number.NaN,
    huge: 2 ** 60,
    list: ["a", "b"],
    numbers: [1, 2.5],
  };
  const exception = { name: "exception", at: 1_700_000_000_001, attributes: { "exception.message": "no" } };
  const request = JSON.parse(
    encodeSpans([
      span({ attributes, events: [exception], status: "error" }),
      span({ service: "orders", parentSpanId: "1".repeat(16), kind: "client" }),
      span({
        spanId: "2".repeat(16),
        links: [{ traceId: "c".repeat(32), spanId: "d".repeat(16), attributes: { n: 1 } }],
      }),
    ]),
  );
  assert.deepEqual(
    request.resourceSpans.map((group: { resource: { attributes: object[] } }) => group.resource.attributes[0]),
    [
      { key: "service.name", value: { stringValue: "users" } },
      { key: "service.name", value: { stringValue: "orders" } },
    ],
  );
  assert.equal(request.resourceSpans[0].scopeSpans[0].spans.length, 2);
  assert.deepEqual(request.resourceSpans[0].scopeSpans[0].spans[0], {
    traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
    spanId: "00f067aa0ba902b7",
    name: "users.get",
    kind: 2,
    startTimeUnixNano: "1700000000000250000",
    endTimeUnixNano: "1700000000001750000",
    attributes: [
      { key: "text", value: { stringValue: "a" } },
      { key: "whole", value: { intValue: "7" } },
      { key: "part", value: { doubleValue: 0.5 } },
      { key: "yes", value: { boolValue: true } },
      { key: "none", value: { doubleValue: "NaN" } },
      { key: "huge", value: { doubleValue: 2 ** 60 } },
      { key: "list", value: { arrayValue: { values: [{ stringValue: "a" }, { stringValue: "b" }] } } },
      { key: "numbers", value: { arrayValue: { values: [{ intValue: "1" }, { doubleValue: 2.5 }] } } },
    ],
    events: [
      {
        timeUnixNano: "1700000000001000000",
        name: "exception",
        attributes: [{ key: "exception.message", value: { stringValue: "no" } }],
      },
    ],
    status: { code: 2, message: "no" },
  });
  assert.deepEqual(request.resourceSpans[0].scopeSpans[0].spans[1].links, [
    { traceId: "c".repeat(32), spanId: "d".repeat(16), attributes: [{ key: "n", value: { intValue: "1" } }] },
  ]);
  const other = request.resourceSpans[1].scopeSpans[0].spans[0];
  assert.equal(other.parentSpanId, "1".repeat(16));
  assert.equal(other.kind, 3);
  assert.deepEqual(other.status, {});
});

test("property: nanoseconds are the sum, exactly", () => {
  for (let run = 0; run < 20_000; run++) {
    const epochMs = 1_600_000_000_000 + Math.random() * 1e12;
    const plusMs = Math.round(Math.random() * 10 ** (run % 8) * 1e6) / 1e6;
    const text = nanoseconds(epochMs, plusMs);
    const wholeMs = Math.floor(epochMs);
    const exact =
      BigInt(wholeMs) * 1_000_000n +
      BigInt(Math.round((epochMs - wholeMs) * 1e6)) +
      BigInt(Math.floor(plusMs)) * 1_000_000n +
      BigInt(Math.round((plusMs - Math.floor(plusMs)) * 1e6));
    assert.equal(text, exact.toString(), `${epochMs} + ${plusMs}`);
  }
});

test("recorded spans arrive at <endpoint>/v1/traces with the given headers", async () => {
  const { url, received } = await collector(() => ({ status: 200 }));
  configureTelemetry({
    otlpEndpoint: `${url}/base/`,
    otlpHeaders: { "api-key": "k" },
    sample: 1,
    flushIntervalMs: 10,
  });
  const before = telemetryCounts();
  startSpan({ name: "a", kind: "internal", service: "s" }).end();
  await flushTelemetry();
  assert.equal(received[0]?.path, "/base/v1/traces");
  assert.equal(received[0]?.headers["api-key"], "k");
  assert.equal(received[0]?.headers["content-type"], "application/json");
  assert.equal(received[0]?.body.resourceSpans[0].scopeSpans[0].spans[0].name, "a");
  assert.equal(telemetryCounts().delivered - before.delivered, 1);
});

test("finished spans are sent by themselves after the interval", async () => {
  let arrived = (): void => {};
  const arrival = new Promise<void>((resolve) => {
    arrived = resolve;
  });
  const { url } = await collector(() => {
    arrived();
    return { status: 200 };
  });
  configureTelemetry({ otlpEndpoint: url, sample: 1, flushIntervalMs: 5 });
  const keepsProcessAlive = setInterval(() => {}, 1000);
  startSpan({ name: "a", kind: "internal", service: "s" }).end();
  await arrival;
  clearInterval(keepsProcessAlive);
});

test("large batches are gzipped, small ones are not", async () => {
  const { url, received } = await collector(() => ({ status: 200 }));
  const sink = createOtlpSink({ endpoint: new URL(url), headers: {} });
  assert.equal(await sink([span()], never), 1);
  assert.equal(await sink(Array(200).fill(span()), never), 200);
  assert.equal(received[0]?.headers["content-encoding"], undefined);
  assert.equal(received[1]?.headers["content-encoding"], "gzip");
  assert.equal(received[1]?.body.resourceSpans[0].scopeSpans[0].spans.length, 200);
});

test("nothing is compressed for a collector on this machine, unless it is asked for", async () => {
  const { url, received } = await collector(() => ({ status: 200 }));
  for (const otlpCompression of [undefined, "gzip"] as const) {
    const compression = otlpCompression === undefined ? {} : { otlpCompression };
    configureTelemetry({ otlpEndpoint: url, sample: 1, flushIntervalMs: 10, ...compression });
    for (let count = 0; count < 200; count++) startSpan({ name: "a", kind: "internal", service: "s" }).end();
    await flushTelemetry();
  }
  assert.deepEqual(
    received.map(({ headers }) => headers["content-encoding"]),
    [undefined, "gzip"],
  );
  for (const { body } of received) assert.equal(body.resourceSpans[0].scopeSpans[0].spans.length, 200);
});

test("a batch is sent again after 503, 429 and a reset connection", async () => {
  const answers: Answer[] = [
    { status: 503 },
    { status: 429, headers: { "retry-after": "0" } },
    "reset",
    { status: 200 },
  ];
  const { url, received } = await collector((count) => answers[count - 1] ?? { status: 200 });
  const sink = createOtlpSink({ endpoint: new URL(url), headers: {}, firstPauseMs: 1 });
  assert.equal(await sink([span()], never), 1);
  assert.equal(received.length, 4);
});

test("a collector that never takes it costs the batch after five attempts; a refusal costs it at once", async () => {
  const lines: string[] = [];
  configureLog({ pretty: false, write: (line) => lines.push(line) });
  const down = await collector(() => ({ status: 500 }));
  const sink = createOtlpSink({ endpoint: new URL(down.url), headers: {}, firstPauseMs: 1 });
  assert.equal(await sink([span()], never), 0);
  assert.equal(down.received.length, 5);
  assert.match(lines.join(), /collector does not take our spans.*status 500/);

  const refusing = await collector(() => ({ status: 401 }));
  const refused = createOtlpSink({ endpoint: new URL(refusing.url), headers: {}, firstPauseMs: 1 });
  assert.equal(await refused([span()], never), 0);
  assert.equal(refusing.received.length, 1);
});

test("spans that the collector refuses in part are not counted as delivered", async () => {
  const { url } = await collector(() => ({
    status: 200,
    body: '{"partialSuccess":{"rejectedSpans":"2","errorMessage":"no"}}',
  }));
  configureLog({ pretty: false, write: () => {} });
  const sink = createOtlpSink({ endpoint: new URL(url), headers: {} });
  assert.equal(await sink([span(), span(), span()], never), 1);
});

test("flushing gives up in bounded time when the collector hangs", async () => {
  const server = http.createServer(() => {});
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  configureLog({ pretty: false, write: () => {} });
  configureTelemetry({
    otlpEndpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    sample: 1,
    flushIntervalMs: 10,
  });
  const before = telemetryCounts();
  startSpan({ name: "a", kind: "internal", service: "s" }).end();
  await flushTelemetry(50);
  assert.equal(telemetryCounts().dropped - before.dropped, 1);
});

test("a collector that refuses a batch before it has read it ends the attempt", async () => {
  configureLog({ pretty: false, write: () => {} });
  const server = http.createServer((_request, response) => response.writeHead(413).end("too large"));
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const endpoint = new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const send = createOtlpSender({ endpoint, headers: {}, compression: "none", firstPauseMs: 1 });
  const body = Array.from({ length: 64 }, () => Buffer.alloc(1024 * 1024, " "));
  assert.equal(await send(body, 1, never), 0);
});
