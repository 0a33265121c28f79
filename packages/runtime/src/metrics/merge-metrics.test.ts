// Metrics of several processes as one: what is counted is added up and never goes down, gauges follow their rule.
import assert from "node:assert/strict";
import { test } from "node:test";
import { lastingMetrics, mergeMetrics } from "./merge-metrics.ts";
import { HistogramFamily, NumberFamily } from "./metric-family.ts";
import { type MetricReading, metricReadings } from "./metric-reading.ts";
import { prometheusText } from "./prometheus-text.ts";

function number(
  name: string,
  kind: "counter" | "gauge",
  values: Record<string, number>,
  acrossWorkers?: "max" | "min",
) {
  const family = new NumberFamily({ name, kind, description: "", acrossWorkers });
  for (const [code, value] of Object.entries(values)) family.series({ code }).value = value;
  return family;
}

function histogram(bounds: readonly number[], values: readonly number[]) {
  const family = new HistogramFamily({ name: "t_seconds", kind: "histogram", description: "" }, bounds);
  for (const value of values) family.record(family.series({}), value);
  return family;
}

const textOf = (...processes: readonly (readonly MetricReading[])[]) =>
  prometheusText(mergeMetrics(processes))
    .split("\n")
    .filter((line) => line !== "" && !line.startsWith("#"));

test("counters are summed by their labels", () => {
  const one = metricReadings([number("t_total", "counter", { ok: 3, failed: 1 })]);
  const two = metricReadings([number("t_total", "counter", { ok: 4, late: 2 })]);
  assert.deepEqual(textOf(one, two), ['t_total{code="ok"} 7', 't_total{code="failed"} 1', 't_total{code="late"} 2']);
});

test("gauges are summed, or the greatest or smallest of them, as they are declared", () => {
  const process = (value: number) =>
    metricReadings([
      number("t_greatest", "gauge", { x: value }, "max"),
      number("t_open", "gauge", { x: value }),
      number("t_smallest", "gauge", { x: value }, "min"),
    ]);
  assert.deepEqual(textOf(process(2), process(5)), [
    't_greatest{code="x"} 5',
    't_open{code="x"} 7',
    't_smallest{code="x"} 2',
  ]);
});

test("histograms are summed bucket by bucket", () => {
  const lines = textOf(metricReadings([histogram([1, 2], [0.5, 1.5])]), metricReadings([histogram([1, 2], [1.5, 9])]));
  assert.deepEqual(lines, [
    't_seconds_bucket{le="1"} 1',
    't_seconds_bucket{le="2"} 3',
    't_seconds_bucket{le="+Inf"} 4',
    "t_seconds_sum 12.5",
    "t_seconds_count 4",
  ]);
});

test("what another build declares otherwise is left out, not mixed in", () => {
  const [old, next] = [metricReadings([histogram([1, 2], [0.5])]), metricReadings([histogram([1, 4], [3])])];
  assert.deepEqual(textOf(old, next).at(-1), "t_seconds_count 1");
});

test("a process that is gone leaves its counts, not its gauges", () => {
  const gone = metricReadings([number("t_open", "gauge", { x: 3 }), number("t_total", "counter", { ok: 3 })]);
  const left = mergeMetrics([lastingMetrics(gone)]);
  const alive = metricReadings([number("t_open", "gauge", { x: 1 }), number("t_total", "counter", { ok: 0 })]);
  assert.deepEqual(textOf(left, alive), ['t_open{code="x"} 1', 't_total{code="ok"} 3']);
});

test("readings stay as they were when the process goes on counting", () => {
  const family = histogram([1], [0.5]);
  const before = metricReadings([family]);
  family.record(family.series({}), 0.5);
  assert.equal(textOf(before).at(-1), "t_seconds_count 1");
});
