// The API of topics over a desk that keeps what it is asked: pages, what replays and discards may say, and rates from spans.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import type { DeadLetter, Graph, Span, Subscription } from "@tenon/model";
import type { TopicDesk } from "../topics/topic-desk.ts";
import { createTraceStore, type TraceStore } from "../traces/trace-store.ts";
import { type Dashboard, startDashboard } from "./start-dashboard.ts";

const folder = mkdtempSync(join(tmpdir(), "tenon-topics-"));
const path = "/api/topics/order-placed/send-mail";
const location = { file: "orders/topics.ts", line: 4, column: 1 };
const subscription: Subscription = {
  name: "send-mail",
  service: "users",
  maxConcurrency: null,
  ackDeadlineMs: 30_000,
  messageRetentionMs: 604_800_000,
  retryPolicy: { minBackoffMs: 10_000, maxBackoffMs: 600_000, maxRetries: 100 },
  location,
};
const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [],
  databases: [],
  secrets: [],
  schemas: {},
  topics: [
    {
      name: "order-placed",
      message: { kind: "object", properties: [] },
      deliveryGuarantee: "at-least-once",
      attributes: [],
      publishers: ["orders"],
      subscriptions: [subscription],
      location,
    },
  ],
};
let asked: unknown[][] = [];
let letters: DeadLetter[] = [];
let failure: Error | undefined;
let store: TraceStore;
let dashboard: Dashboard;

const desk: TopicDesk = {
  states: async () => {
    if (failure !== undefined) throw failure;
    return [{ topic: "order-placed", subscription: "send-mail", backlog: 4, oldestAgeMs: 900, deadLetters: 3 }];
  },
  deadLetters: async (topic, subscription, { limit, after }) => {
    const from = after === undefined ? 0 : letters.findIndex(({ position }) => position === after) + 1;
    asked.push([topic, subscription]);
    return letters.slice(from, from + limit);
  },
  replay: async (...wanted) => {
    asked.push(wanted);
    return { replayed: 2, traceId: "a".repeat(32) };
  },
  discard: async (...wanted) => {
    asked.push(wanted);
    return wanted[2].length;
  },
};

before(async () => {
  store = await createTraceStore({ folder });
  dashboard = await startDashboard({
    host: "127.0.0.1",
    port: 0,
    store,
    getGraph: () => graph,
    getStatus: () => ({ state: "running", diagnostics: [] }),
    report: (error) => assert.fail(String(error)),
    topics: desk,
  });
});
after(async () => {
  await dashboard.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  asked = [];
  failure = undefined;
  letters = Array.from({ length: 5 }, (_, index) => letterOf(String(index)));
});

function letterOf(position: string): DeadLetter {
  const times = { publishedAt: "2026-01-01T00:00:00.000Z", diedAt: "2026-01-01T00:01:00.000Z" };
  const about = { attributes: {}, orderingKey: null, reason: "Error: no", attempts: 2, traceId: "" };
  return { messageId: `m-${position}`, message: {}, ...about, ...times, position };
}

async function ask(target: string, body?: unknown): Promise<{ status: number; body: Record<string, unknown> }> {
  const post = { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(dashboard.url + target, body === undefined ? {} : post);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

test("topics come with what waits in them and what went through", async () => {
  const attributes = { "messaging.destination.name": "order-placed", "messaging.consumer.group.name": "send-mail" };
  const span: Span = {
    traceId: "b".repeat(32),
    spanId: "c".repeat(16),
    parentSpanId: null,
    service: "users",
    name: "order-placed/send-mail",
    kind: "consumer",
    startedAt: Date.now(),
    durationMs: 1,
    status: "error",
    attributes,
    events: [],
  };
  store.add([span]);
  const { body } = await ask("/api/topics");
  const [placed] = body["topics"] as { subscriptions: object[] }[];
  assert.deepEqual(placed?.subscriptions[0], {
    name: "send-mail",
    service: "users",
    backlog: 4,
    oldestAgeMs: 900,
    deadLetters: 3,
    handledPerMinute: 0,
    failedPerMinute: 1,
  });
});

test("dead letters come in pages", async () => {
  const idsOf = ({ body }: Awaited<ReturnType<typeof ask>>) =>
    (body["deadLetters"] as DeadLetter[]).map(({ position }) => position);
  const first = await ask(`${path}/dead-letters?limit=2`);
  assert.deepEqual([idsOf(first), first.body["next"]], [["0", "1"], "1"]);
  const second = await ask(`${path}/dead-letters?limit=3&after=1`);
  assert.deepEqual([idsOf(second), second.body["next"]], [["2", "3", "4"], null]);
  letters = [];
  assert.deepEqual((await ask(`${path}/dead-letters`)).body, { deadLetters: [], next: null });
});

test("a replay and a discard say which and how fast", async () => {
  assert.deepEqual((await ask(`${path}/replay`, {})).body, { replayed: 2, traceId: "a".repeat(32) });
  await ask(`${path}/replay`, { messageIds: ["x"], limit: 3, perSecond: 0.5 });
  assert.deepEqual((await ask(`${path}/discard`, { messageIds: ["x", "y"] })).body, { discarded: 2 });
  assert.deepEqual(asked, [
    ["order-placed", "send-mail", {}],
    ["order-placed", "send-mail", { messageIds: ["x"], limit: 3, perSecond: 0.5 }],
    ["order-placed", "send-mail", ["x", "y"]],
  ]);
});

test("what makes no sense is refused, and nothing is done", async () => {
  const refused: [string, unknown?][] = [
    ["dead-letters?limit=0"],
    ["dead-letters?limit=1001"],
    ["dead-letters?after="],
    ["dead-letters?offset=1"],
    ["replay", []],
    ["replay", { messageIds: "x" }],
    ["replay", { messageIds: [1] }],
    ["replay", { limit: 0 }],
    ["replay", { perSecond: 0 }],
    ["replay", { perSecond: "fast" }],
    ["replay", { all: true }],
    ["discard", {}],
    ["discard", { messageIds: ["x"], all: true }],
  ];
  for (const [what, body] of refused) {
    const answer = await ask(`${path}/${what}`, body);
    assert.deepEqual(
      [answer.status, answer.body["code"]],
      [400, "invalid_argument"],
      `${what} ${JSON.stringify(body)}`,
    );
  }
  assert.deepEqual(asked, []);
});

test("other methods, unknown subscriptions and a broker that is away have their codes", async () => {
  assert.equal((await ask(`${path}/replay`)).status, 405);
  assert.equal((await ask(`${path}/dead-letters`, {})).status, 405);
  assert.equal((await ask("/api/topics/order-placed/nobody/dead-letters")).status, 404);
  assert.equal((await ask(`${path}/more`)).status, 404);
  assert.equal((await ask("/api/topics/%E0/x/replay", {})).status, 400);
  failure = new Error("connection refused");
  const away = await ask("/api/topics");
  assert.deepEqual([away.status, away.body["code"]], [503, "unavailable"]);
});
