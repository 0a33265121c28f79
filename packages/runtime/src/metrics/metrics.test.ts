// What services count and measure, and how it is read.
import assert from "node:assert/strict";
import { afterEach, test } from "node:test";
import { whileLoading } from "../lifecycle/loading-service.ts";
import { configureLog } from "../log/output.ts";
import { encodeMetrics } from "../telemetry/otlp/encode-metrics.ts";
import { Counter, CounterGroup } from "./counter.ts";
import { Gauge, GaugeGroup } from "./gauge.ts";
import { Histogram, HistogramGroup } from "./histogram.ts";
import { MAX_SERIES } from "./metric-family.ts";
import { metricReadings } from "./metric-reading.ts";
import { readMetrics } from "./metric-registry.ts";
import { prometheusText } from "./prometheus-text.ts";
import { observeProcess } from "./process-metrics.ts";
import { RequestMetrics } from "./request-metrics.ts";

afterEach(() => configureLog({ pretty: false, level: "info" }));

function silence(): string[] {
  const lines: string[] = [];
  configureLog({ pretty: false, level: "warn", write: (line) => lines.push(line) });
  return lines;
}

function linesOf(name: string): string[] {
  return prometheusText(metricReadings(readMetrics()).filter(({ about }) => about.name === name))
    .trim()
    .split("\n");
}

test("a counter counts exactly, for the service whose modules declare it", async () => {
  const declare = async () => new Counter("t_orders", { description: "Orders\nplaced" });
  const users = await whileLoading({ name: "users" }, declare);
  const orders = await whileLoading({ name: "orders" }, declare);
  users.increment();
  users.increment(0.5);
  orders.ref().increment(2);
  assert.deepEqual(linesOf("t_orders"), [
    "# HELP t_orders Orders\\nplaced",
    "# TYPE t_orders counter",
    't_orders{service="users"} 1.5',
    't_orders{service="orders"} 2',
  ]);
});

test("a counter does not go down, and takes no NaN; both are warned about", () => {
  const lines = silence();
  const counter = new Counter("t_refused");
  counter.increment(3);
  counter.increment(-1);
  counter.increment(Number.NaN);
  new Gauge("t_refused_gauge").set(Number.POSITIVE_INFINITY);
  assert.deepEqual(linesOf("t_refused"), ["# TYPE t_refused counter", "t_refused 3"]);
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).level),
    ["warn", "warn"],
  );
});

test("each combination of labels is a series; the order of labels does not matter", () => {
  const group = new CounterGroup<{ country: string; paid: boolean; floor: number }>("t_group");
  group.with({ country: 'N"O\\', paid: true, floor: 2 }).increment();
  group.ref().with({ floor: 2, paid: true, country: 'N"O\\' }).increment(4);
  group.with({ country: "SE", paid: false, floor: 2 }).increment();
  assert.deepEqual(linesOf("t_group"), [
    "# TYPE t_group counter",
    't_group{country="N\\"O\\\\",paid="true",floor="2"} 5',
    't_group{country="SE",paid="false",floor="2"} 1',
  ]);
});

test("gauges hold the last value", () => {
  const gauge = new Gauge("t_gauge");
  gauge.set(4);
  gauge.ref().set(-1.5);
  const group = new GaugeGroup<{ disk: string }>("t_gauge_group");
  group.with({ disk: "a" }).set(1);
  group.with({ disk: "a" }).set(7);
  assert.deepEqual(linesOf("t_gauge"), ["# TYPE t_gauge gauge", "t_gauge -1.5"]);
  assert.deepEqual(linesOf("t_gauge_group"), ["# TYPE t_gauge_group gauge", 't_gauge_group{disk="a"} 7']);
});

test("a histogram counts values at and below each bound", () => {
  const histogram = new Histogram("t_histogram", { buckets: [1, 2.5] });
  for (const value of [0.5, 1, 2, 100]) histogram.ref().record(value);
  assert.deepEqual(linesOf("t_histogram"), [
    "# TYPE t_histogram histogram",
    't_histogram_bucket{le="1"} 2',
    't_histogram_bucket{le="2.5"} 3',
    't_histogram_bucket{le="+Inf"} 4',
    "t_histogram_sum 103.5",
    "t_histogram_count 4",
  ]);
  new HistogramGroup<{ step: string }>("t_histogram_group").with({ step: "pay" }).record(0.02);
  assert.ok(linesOf("t_histogram_group").includes('t_histogram_group_bucket{step="pay",le="0.025"} 1'));
  assert.throws(() => new Histogram("t_bad", { buckets: [2, 1] }), RangeError);
});

test("one name has one meaning", () => {
  new Counter("t_twice");
  assert.throws(() => new Gauge("t_twice"), /declared twice/);
});

test("labels without end are put together", () => {
  const group = new CounterGroup<{ user: number }>("t_many");
  for (let user = 0; user < MAX_SERIES + 50; user++) group.with({ user }).increment();
  const lines = linesOf("t_many");
  assert.equal(lines.length, 1 + MAX_SERIES + 1);
  assert.equal(lines.at(-1), 't_many{overflow="true"} 50');
});

test("calls are counted by outcome, with how long they took and how many are under way", () => {
  const metrics = new RequestMetrics("shop", "buy");
  metrics.begin();
  metrics.begin();
  metrics.end("ok", 30);
  assert.ok(linesOf("tenon_requests_in_flight").includes('tenon_requests_in_flight{service="shop",endpoint="buy"} 1'));
  metrics.end("not_found", 2);
  const requests = linesOf("tenon_requests_total");
  assert.ok(requests.includes('tenon_requests_total{service="shop",endpoint="buy",code="ok"} 1'));
  assert.ok(requests.includes('tenon_requests_total{service="shop",endpoint="buy",code="not_found"} 1'));
  const durations = linesOf("tenon_request_duration_seconds");
  assert.ok(durations.includes('tenon_request_duration_seconds_bucket{service="shop",endpoint="buy",le="0.005"} 1'));
  assert.ok(durations.includes('tenon_request_duration_seconds_count{service="shop",endpoint="buy"} 2'));
});

test("memory, CPU and, after the start, the event loop are measured when they are read", async () => {
  const stop = observeProcess();
  const memory = linesOf("process_resident_memory_bytes").at(-1) ?? "";
  assert.ok(Number(memory.split(" ")[1]) > 1_000_000);
  const lag = () =>
    linesOf("nodejs_eventloop_lag_seconds").some((line) =>
      line.startsWith('nodejs_eventloop_lag_seconds{quantile="0.99"}'),
    );
  const endsAt = Date.now() + 10_000;
  while (!lag() && Date.now() < endsAt) await new Promise((resolve) => setTimeout(resolve, 100));
  assert.ok(lag());
  stop();
});

test("for OTLP, series are grouped by service, and sums are cumulative from the start of the process", async () => {
  await whileLoading({ name: "mail" }, async () => new CounterGroup<{ kind: string }>("t_otlp")).then((group) =>
    group.with({ kind: "news" }).increment(3),
  );
  new Histogram("t_otlp_histogram", { buckets: [1], unit: "s" }).record(2);
  const families = readMetrics().filter(({ about }) => about.name.startsWith("t_otlp"));
  const body = JSON.parse(encodeMetrics(families, { app: "demo", startedAt: 1, now: 2 }));
  const byService = Object.fromEntries(
    body.resourceMetrics.map((one: never) => {
      const { resource, scopeMetrics } = one as {
        resource: { attributes: { key: string; value: { stringValue: string } }[] };
        scopeMetrics: { metrics: object[] }[];
      };
      return [
        resource.attributes.find(({ key }) => key === "service.name")?.value.stringValue,
        scopeMetrics[0]?.metrics,
      ];
    }),
  );
  const times = { startTimeUnixNano: "1000000", timeUnixNano: "2000000" };
  assert.deepEqual(byService, {
    demo: [
      {
        name: "t_otlp_histogram",
        unit: "s",
        histogram: {
          dataPoints: [{ ...times, attributes: [], count: "1", sum: 2, bucketCounts: ["0", "1"], explicitBounds: [1] }],
          aggregationTemporality: 2,
        },
      },
    ],
    mail: [
      {
        name: "t_otlp",
        sum: {
          dataPoints: [{ ...times, attributes: [{ key: "kind", value: { stringValue: "news" } }], asDouble: 3 }],
          aggregationTemporality: 2,
          isMonotonic: true,
        },
      },
    ],
  });
});
