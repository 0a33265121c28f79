// Spans that leave for a collector say what they would say as objects, whichever way they were written.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import type { AttributeValue, Span } from "@tenon/model";
import { setPipeline } from "../pipeline.ts";
import type { RecordedSpan } from "../recorded-span.ts";
import { startSpan, startTemplateSpan } from "../recorder.ts";
import { hideSecrets, hideValue } from "../redaction.ts";
import { endPublicRequest, publicRequestTemplate, startPublicRequest } from "../request-spans.ts";
import type { SpanOutlet } from "../span-outlet.ts";
import { type SpanTemplate, spanTemplate } from "../span-template.ts";
import { OtlpOutlet } from "./otlp-outlet.ts";
import { canonicalBody, slowBody } from "./slow-model.test.support.ts";

const never = new AbortController().signal;
let bodies: string[] = [];
let ended: RecordedSpan[] = [];

/** Keeps what ended as objects too. */
function record(): OtlpOutlet {
  bodies = [];
  ended = [];
  const outlet = new OtlpOutlet(async (body, spans) => {
    bodies.push(Buffer.concat(body).toString("utf8"));
    return spans;
  });
  const both: SpanOutlet = {
    waiting: 0,
    isFull: false,
    add(span) {
      ended.push(span);
      outlet.add(span);
    },
    take: () => [],
  };
  setPipeline({ sample: 1, flushIntervalMs: 60_000, outlet: both });
  return outlet;
}

afterEach(() => {
  setPipeline({ sample: 1, flushIntervalMs: 60_000, outlet: null });
  hideSecrets({});
});

async function deliver(outlet: SpanOutlet): Promise<number> {
  let arrived = 0;
  for (const batch of outlet.take()) arrived += await batch.deliver(never);
  return arrived;
}

/** By service and in order, however many requests it took. */
function merged(texts: readonly string[]): unknown {
  const spans = new Map<string, unknown[]>();
  const groups = texts.flatMap((text) => JSON.parse(text).resourceSpans);
  for (const group of groups) {
    const key = JSON.stringify(group.resource);
    const list = spans.get(key);
    if (list === undefined) spans.set(key, group.scopeSpans[0].spans);
    else list.push(...group.scopeSpans[0].spans);
  }
  return canonicalBody({
    resourceSpans: [...spans].map(([resource, list]) => ({
      resource: JSON.parse(resource),
      scopeSpans: [{ scope: { name: "tenon" }, spans: list }],
    })),
  });
}

const texts = [
  "",
  "plain",
  'with "quotes" and \\backslashes\\',
  "\u0000\u0001\t\n\r\u001f\u007f",
  "h\u00e9ll\u00f6 w\u00f6rld",
  "\u65e5\u672c\u8a9e \u{1f600}\u{10ffff}",
  "\ud800",
  "a\udc00b\ud800",
  "\u2028\u2029\ufeff\ufffd",
  "</script>",
  `${"x".repeat(39)}"`,
  "y".repeat(41),
  "\u00ff".repeat(40),
  '{"a":"\\ud800"}',
  "z".repeat(40_000),
];
const values: AttributeValue[] = [
  ...texts,
  ...[
    0,
    -0,
    1,
    -1,
    0.1,
    1e21,
    -1e-7,
    2 ** 53 - 1,
    2 ** 53,
    2 ** 31,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
  ],
  true,
  false,
  [],
  texts.slice(0, 8),
  [1, 0.5, Number.NaN],
  [true, false],
];

/** The same run every time (mulberry32). */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

type Random = (below: number) => number;

function pick<T>(below: Random, list: readonly T[]): T {
  return list[below(list.length)] as T;
}

function someAttributes(below: Random, most: number): Record<string, AttributeValue> {
  const attributes: Record<string, AttributeValue> = {};
  for (let left = below(most + 1); left > 0; left--)
    attributes[`k${below(6)}${pick(below, texts.slice(0, 12))}`] = pick(below, values);
  return attributes;
}

function someTemplates(below: Random): SpanTemplate[] {
  const kinds = ["internal", "server", "client", "producer", "consumer"] as const;
  return Array.from({ length: 8 }, () =>
    spanTemplate({
      name: pick(below, texts.slice(0, 14)),
      kind: pick(below, kinds),
      service: pick(below, ["users", "orders", "gateway", 'odd "\u00e9\ud800']),
      attributes: someAttributes(below, 4),
    }),
  );
}

function fill(span: RecordedSpan, below: Random): void {
  if (below(3) === 0) for (const [key, value] of Object.entries(someAttributes(below, 3))) span.set(key, value);
  if (below(8) === 0) span.set("k0", "set, and perhaps a name of the template");
  if (below(8) === 0) span.set("http.response.status_code", 299);
  if (below(4) === 0) span.event(pick(below, texts.slice(0, 14)), someAttributes(below, 3));
  if (below(6) === 0) span.link({ traceId: "ab".repeat(16), spanId: "cd".repeat(8) }, someAttributes(below, 3));
  if (below(6) === 0) span.fail(new Error(pick(below, texts.slice(0, 14))));
  if (below(12) === 0) span.fail();
}

test("property: what is sent, parsed, is what the slow model says", async () => {
  const below = random(20261123);
  const outlet = record();
  const templates = someTemplates(below);
  const routes = [publicRequestTemplate("GET", "/users/:id"), publicRequestTemplate("POST", '/odd "\u00e9')];
  let parent: RecordedSpan | undefined;
  for (let round = 0; round < 2000; round++) {
    const startedAtMs = performance.now() + below(3) * 1234.567891;
    const foreign = { traceId: "0123456789abcdef".repeat(2), spanId: "fedcba9876543210", sampled: true };
    const from = pick(below, [undefined, parent, foreign]);
    const isRequest = below(3) === 0;
    const agent = pick(below, [undefined, ...texts.slice(0, 14)]);
    const span = isRequest
      ? startPublicRequest(pick(below, routes), from, pick(below, texts), pick(below, ["", "::1"]), agent, startedAtMs)
      : startTemplateSpan(pick(below, templates), from, startedAtMs);
    fill(span, below);
    const endedAtMs = startedAtMs + below(5) * 10 ** below(9) * 1.000001;
    if (isRequest) endPublicRequest(span, pick(below, [200, 204, 404, 499, 500, 503]), endedAtMs);
    else span.endAt(endedAtMs);
    parent = span;
  }
  assert.equal(await deliver(outlet), ended.length);
  assert.ok(bodies.length > 1, "more than one request was needed");
  assert.deepEqual(merged(bodies), canonicalBody(slowBody(ended)));
});

test("spans without a template are written alike", async () => {
  const outlet = record();
  for (const value of values) {
    startSpan({
      name: "SELECT",
      kind: "client",
      service: "users",
      attributes: { value, "db.query.text": 'select "a"' },
    }).end();
  }
  await deliver(outlet);
  assert.deepEqual(merged(bodies), canonicalBody(slowBody(ended)));
});

test("a collector gets ASCII, in which secrets are named and not shown", async () => {
  hideSecrets({ Key: 'k\u00e9y-"1"', Number: "12345678" });
  const outlet = record();
  const template = spanTemplate({
    name: "n",
    kind: "server",
    service: "s",
    attributes: { constant: 'has k\u00e9y-"1"' },
  });
  for (let round = 0; round < 3; round++) {
    const span = startTemplateSpan(template, undefined);
    span.set("json", JSON.stringify({ key: 'k\u00e9y-"1"' }));
    span.set("number", 12345678);
    span.event('event k\u00e9y-"1"', { list: ['k\u00e9y-"1"'] });
    span.end();
    const request = startPublicRequest(
      publicRequestTemplate("GET", "/:key"),
      span,
      '/k\u00e9y-"1"',
      "",
      "12345678 agent",
    );
    endPublicRequest(request, 200);
  }
  await deliver(outlet);
  const text = bodies.join("");
  assert.match(text, /^[ -~]*$/);
  assert.ok(!text.includes("12345678"));
  const shown = JSON.stringify(JSON.parse(text));
  assert.ok(!shown.includes("k\u00e9y"), shown);
  assert.ok(shown.includes('{"key":"url.path","value":{"stringValue":"/[secret Key]"}}'));
  assert.ok(shown.includes('{"key":"constant","value":{"stringValue":"has [secret Key]"}}'));
});

test("a secret that becomes known while spans wait is taken out of them, and of what is prepared", async () => {
  const outlet = record();
  const template = spanTemplate({ name: "n", kind: "server", service: "s", attributes: { constant: "late-secret" } });
  for (let round = 0; round < 3; round++) startTemplateSpan(template, undefined).end();
  hideValue("Late", "late-secret");
  for (let round = 0; round < 3; round++) startTemplateSpan(template, undefined).end();
  await deliver(outlet);
  startTemplateSpan(template, undefined).end();
  await deliver(outlet);
  assert.equal(bodies.length, 2);
  assert.ok(!bodies.join("").includes("late-secret"));
  assert.equal(bodies.join("").match(/\[secret Late\]/g)?.length, 7);
});

test("memory of a batch is used again only when the batch is over", async () => {
  const waiting: { text: () => string; answer: () => void }[] = [];
  const outlet = new OtlpOutlet(async (body, spans) => {
    await new Promise<void>((resolve) => {
      waiting.push({ text: () => Buffer.concat(body).toString("utf8"), answer: resolve });
    });
    return spans;
  });
  setPipeline({ sample: 1, flushIntervalMs: 60_000, outlet });
  const end = (name: string) => startSpan({ name, kind: "internal", service: "s" }).end();
  for (let count = 0; count < 200; count++) end("first");
  const first = deliver(outlet);
  const before = waiting[0]?.text();
  for (let count = 0; count < 200; count++) end("other");
  assert.equal(waiting[0]?.text(), before);
  waiting[0]?.answer();
  assert.equal(await first, 200);
});

test("what waits is bounded in bytes too", () => {
  const outlet = new OtlpOutlet(async () => 0);
  setPipeline({ sample: 1, flushIntervalMs: 60_000, outlet });
  const payload = "p".repeat(1024 * 1024);
  let made = 0;
  for (; !outlet.isFull && made < 1000; made++) {
    startSpan({ name: "n", kind: "internal", service: "s", attributes: { payload } }).end();
  }
  assert.equal(made, 64);
  for (const batch of outlet.take()) batch.discard();
  assert.equal(outlet.isFull, false);
});

test("a template's spans can be read as objects at any time", () => {
  record();
  const span: Span & RecordedSpan = startPublicRequest(
    publicRequestTemplate("GET", "/a"),
    undefined,
    "/a",
    "::1",
    undefined,
  );
  span.set("url.path", "/other");
  endPublicRequest(span, 503);
  assert.deepEqual(span.attributes, {
    "http.request.method": "GET",
    "url.scheme": "http",
    "http.route": "/a",
    "url.path": "/other",
    "client.address": "::1",
    "http.response.status_code": 503,
    "error.type": "503",
  });
  assert.equal(span.status, "error");
  assert.match(span.traceparent, new RegExp(`^00-${span.traceId}-${span.spanId}-01$`));
});
