// The reports: medians and ratios of made-up results, charts, and that the pages of this repository say what its raw results say.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../harness/environment.mjs";
import { fuzzResults, killsResults, newestPerNode, newestResults, newestScenarios } from "../harness/results.mjs";
import { barChart } from "./bar-chart.mjs";
import { httpNumbers, ratioTo } from "./http-numbers.mjs";
import { performancePage } from "./performance-page.mjs";
import { readmeBlock, withBlock } from "./readme-block.mjs";

const peers = [
  { name: "tenon", title: "Tenon", version: "1", tracing: "exported" },
  { name: "tenon-untraced", title: "Tenon, tracing off", version: "1", tracing: "off" },
  { name: "fastify", title: "Fastify", version: "5", tracing: "none" },
];

function maximum(peer, cpuMicrosPerRequest, requestsPerSecond) {
  const memory = { startMs: 100, idleRssBytes: 2 ** 20, loadedRssBytes: 2 ** 21, spansPerRequest: 2 };
  return { kind: "maximum", scenario: "hello", peer, cpuMicrosPerRequest, requestsPerSecond, ...memory };
}

const results = {
  takenAt: "2026-01-01T00:00:00.000Z",
  environment: { node: "v20.1.0", cpu: "A & B", cores: 2, memoryGiB: 4, system: "Linux", tenon: "1", commit: "abc" },
  settings: {
    rounds: 3,
    seconds: 1,
    warmUpSeconds: 1,
    connections: 8,
    generator: "wrk",
    peers,
    refused: [],
    failures: [],
  },
  samples: [
    maximum("tenon", 10, 300),
    maximum("fastify", 40, 100),
    maximum("tenon", 30, 100),
    maximum("fastify", 38, 120),
    maximum("tenon", 12, 200),
    maximum("fastify", 90, 110),
    maximum("tenon-untraced", 9, 400),
  ],
};

test("medians of the rounds, and ratios of the medians", () => {
  const [{ scenario, rows }] = httpNumbers(results);
  assert.equal(scenario, "hello");
  assert.deepEqual(
    rows.map(({ peer, rounds, cpuMicros, requestsPerSecond }) => [peer.name, rounds, cpuMicros, requestsPerSecond]),
    [
      ["tenon", 3, 12, 200],
      ["tenon-untraced", 1, 9, 400],
      ["fastify", 3, 40, 110],
    ],
  );
  assert.equal(ratioTo(rows, rows[0], "fastify"), 0.3);
  assert.equal(ratioTo(rows, rows[0], "http"), undefined);
});

test("the page tells figures, ratio, tracing and environment", () => {
  const { text, charts } = performancePage({ http: [results], rpc: [] });
  assert.match(text, /\| Tenon \| 1 \| 200 \| 12\.0 \| 0\.30 \| {2}\| {2}\|/);
  assert.match(text, /Tracing is 25 % of a request of hello; the collector received 2\.00 spans per request\./);
  assert.match(text, /A & B, 2 cores/);
  assert.deepEqual([...charts.keys()], ["node20-hello.svg"]);
});

test("a peer that was refused is named with what it did wrong", () => {
  const refused = [{ peer: "x", scenario: "schema", differences: ["no header: 200 instead of 4xx"] }];
  const { text } = performancePage({ http: [{ ...results, settings: { ...results.settings, refused } }], rpc: [] });
  assert.match(text, /- x was refused in schema: no header: 200 instead of 4xx/);
});

test("start and memory stand beside the bare script's", () => {
  const sample = (startMs) => ({ startMs, startCpuMs: 10, idleRssBytes: 2 ** 20, loadedRssBytes: 2 ** 21 });
  const samples = { "node:http": [sample(40), sample(50), sample(45)], tenon: [sample(90)] };
  const start = { ...results, samples, settings: { loadedRequests: 7, tracing: "on" } };
  const { text } = performancePage({ http: [], rpc: [], start });
  assert.match(text, /\| tenon \| 90\.0 \(2\.00\) \| 10\.0 \(1\.00\) \| 1\.0 \(1\.00\) \| 2\.0 \(1\.00\) \|/);
});

test("messages stand beside those of the peers, and a large backlog beside a small one", () => {
  const rate = (...values) => values.map((perSecond) => ({ perSecond, processMicros: 30, spans: 1 }));
  const samples = {
    "consume | tenon": rate(900, 1000, 1100),
    "consume | pg-boss": rate(500),
    "consume 2 million | tenon": rate(900),
    "latency, idle | pg-boss": [{ p50Ms: 2.34, p99Ms: 5 }],
  };
  const { text } = performancePage({ http: [], rpc: [], messages: [{ ...results, samples }] });
  assert.match(
    text,
    /\| consume \| messages per second \| 1000 \| 500 \(2\.0\) \|\n\| {2}\| CPU us per message, processes \| 30 \| 30 \|/,
  );
  assert.match(text, /\| latency, idle \| p50, ms \| {2}\| 2\.3 \|/);
  assert.match(text, /backlog of 2 million: 900 a second, 90 % of the 1000 of/);
  const quick = { ...results, samples, settings: { ...results.settings, quick: true } };
  const alone = { ...results, samples: { "consume | tenon": rate(100), "consume 2 million | tenon": rate(200) } };
  const both = performancePage({ http: [], rpc: [], messages: [quick], messagesAlone: [alone] });
  assert.match(both.text, /\| consume 0\.8 million \|/);
  assert.match(both.text, /backlog of 2 million: 200 a second, 200 % of the 100 of/);
});

test("kills are summed over rounds, by role", () => {
  const round = (kills, violations) => ({
    kills,
    takenAt: "2026-01-02T00:00:00.000Z",
    counts: { acknowledged: 1_000, handledAgain: 7, deadLetters: 3 },
    violations,
  });
  const { environment } = results;
  const nats = { engine: "nats", environment, rounds: [round({ engine: 2 }, [])] };
  const postgres = {
    engine: "postgres",
    environment,
    rounds: [round({ engine: 2, relay: 1 }, []), round({ relay: 4 }, [{}])],
  };
  const { text } = performancePage({ http: [], rpc: [], start: undefined, soak: undefined, kills: [nats, postgres] });
  assert.match(
    text,
    /\| postgres \| 7 \| engine 2, relay 5 \| 2,000 \| 14 \| 6 \| 1 \| 2026-01-02, Node v20\.1\.0, commit abc \|\n\| nats \| 2 \|/,
  );
});

test("a finding of the fuzzing and memory that grows cannot be overlooked", () => {
  const run = { node: "v20.1.0", takenAt: "2026-01-01T00:00:00.000Z", findingCount: 3 };
  const verdicts = { same: 900, stricter: 90, "left to node": 5, "explained: x": 2, "FINDING: y": 3 };
  const growth = { startBytes: 2 ** 20, bytes: 2 ** 21 };
  const verdict = { isFlat: false, growth: { heapUsed: growth, rss: growth } };
  const settings = { verdict, counts: { hello: 1200 }, failure: "a wrong answer" };
  const samples = [{ atMs: 3_600_000, rss: 2 ** 20, heapUsed: 2 ** 20, external: 0 }];
  const { text, charts } = performancePage({
    http: [],
    rpc: [],
    fuzz: [{ ...run, counts: { inputs: 1000, splits: 150_000, verdicts } }],
    soak: { ...results, settings, samples },
  });
  assert.match(text, /\| v20\.1\.0 \| 1,000 \| 150,000 \| 900 \| 90 \| 5 \| 2 \| 3 \|/);
  assert.match(
    text,
    /60 minutes under 1,200 actions.*from 1\.0 to 3\.0 MiB.*\*\*growing\*\*\. It ended early: a wrong answer/s,
  );
  assert.deepEqual([...charts.keys()], ["soak.svg"]);
});

test("bars are as long as their values, and texts cannot leave the markup", () => {
  const svg = barChart({
    title: "a < b",
    bars: [
      { label: "one & two", value: 10, text: "10", isOurs: true },
      { label: "half", value: 5, text: "5", isOurs: false },
    ],
  });
  assert.deepEqual(
    [...svg.matchAll(/<rect class="(\w+)".* width="(\d+)"/g)].map(([, kind, width]) => [kind, Number(width)]),
    [
      ["ours", 420],
      ["other", 210],
    ],
  );
  assert.match(svg, /one &amp; two/);
  assert.match(svg, /a &lt; b/);
});

test("the README quotes the newest results, and the performance page is made of them", () => {
  const endurance = { soak: newestResults("soak"), fuzz: fuzzResults(), kills: killsResults() };
  const newest = {
    http: newestScenarios(),
    rpc: newestPerNode("rpc"),
    messages: newestPerNode("messages"),
    messagesAlone: newestPerNode("messages-alone"),
    start: newestResults("start"),
    ...endurance,
  };
  const readme = readFileSync(join(root, "README.md"), "utf8");
  assert.equal(withBlock(readme, readmeBlock(newest)), readme, "run `npm run report` in bench/");
  const { text, charts } = performancePage(newest);
  assert.equal(readFileSync(join(root, "docs/performance.md"), "utf8"), text, "run `npm run report` in bench/");
  for (const [file, svg] of charts) assert.equal(readFileSync(join(root, "docs/performance", file), "utf8"), svg);
  assert.ok(existsSync(join(root, "bench/results/REPORT.md")));
});
