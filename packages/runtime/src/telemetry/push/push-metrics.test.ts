// The pusher: one push at a time, one more at the end, and a failure told once.
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { useClock } from "../../clock/clock.ts";
import { VirtualClock } from "../../clock/virtual-clock.ts";
import { configureLog } from "../../log/output.ts";
import type { MetricsWriter } from "./metrics-writer.ts";
import { MetricsPusher } from "./push-metrics.ts";

const NEVER_MS = 2 ** 30;

/** A promise, and what resolves it. */
function signalled(): { readonly promise: Promise<void>; resolve(): void } {
  let resolve: () => void = () => {};
  const promise = new Promise<void>((settle) => {
    resolve = settle;
  });
  return { promise, resolve: () => resolve() };
}

describe("the pusher of metrics", () => {
  let lines: Record<string, unknown>[];
  /** The pusher's timer keeps no process alive. */
  let alive: NodeJS.Timeout;
  beforeEach(() => {
    lines = [];
    alive = setInterval(() => {}, 1_000);
    const write = (line: string) => lines.push(JSON.parse(line) as Record<string, unknown>);
    configureLog({ pretty: false, level: "info", write });
  });
  afterEach(() => {
    clearInterval(alive);
    configureLog({ pretty: false });
  });

  it("tells a failure once with its reason, counts the others, and tells when they are over", async () => {
    const seen: (number | undefined)[] = [];
    let asked = 0;
    const enough = signalled();
    const writer: MetricsWriter = {
      receiver: "https://receiver.example",
      hint: "check it",
      async write(readings) {
        asked++;
        const failures = readings.find(({ about }) => about.name === "tenon_metrics_push_failures_total");
        seen.push(failures?.series[0] === undefined ? 0 : (failures.series[0] as { value: number }).value);
        if (asked <= 3) throw new Error("status 403: no");
        enough.resolve();
      },
    };
    const pusher = new MetricsPusher(writer, 5);
    pusher.start();
    await enough.promise;
    await pusher.end();
    assert.deepEqual(seen.slice(0, 4), [0, 1, 2, 3]);
    assert.equal(lines.length, 2);
    const [failed, again] = lines;
    assert.equal(failed?.["message"], "telemetry: metrics could not be pushed");
    assert.equal(failed?.["problem"], "status 403: no");
    assert.equal(failed?.["hint"], "check it");
    assert.equal(again?.["message"], "telemetry: metrics are pushed again");
    assert.equal(again?.["failedPushes"], 3);
  });

  it("never writes twice at the same time, and writes once more behind what is under way", async () => {
    let running = 0;
    let most = 0;
    let written = 0;
    const begun = signalled();
    const go = signalled();
    const writer: MetricsWriter = {
      receiver: "r",
      hint: "h",
      async write() {
        most = Math.max(most, ++running);
        begun.resolve();
        await go.promise;
        running--;
        written++;
      },
    };
    const pusher = new MetricsPusher(writer, 1);
    pusher.start();
    await begun.promise;
    const ended = pusher.end();
    go.resolve();
    await ended;
    assert.equal(most, 1);
    assert.equal(written, 2);
  });

  it("pushes behind answers of a function, the first time and then once in an interval", async () => {
    const time = new VirtualClock(1_000_000);
    const restore = useClock(time);
    try {
      let written = 0;
      const write = async () => void written++;
      const pusher = new MetricsPusher({ receiver: "r", hint: "h", write }, 60_000);
      for (const expected of [1, 1]) {
        await pusher.pushIfDue();
        assert.equal(written, expected);
      }
      await time.advance(60_000);
      await pusher.pushIfDue();
      assert.equal(written, 2);
    } finally {
      restore();
    }
  });

  it("ends though the receiver does not answer", { timeout: 60_000 }, async () => {
    const signals: AbortSignal[] = [];
    const writer: MetricsWriter = {
      receiver: "r",
      hint: "h",
      write: (_readings, _nowMs, signal) =>
        new Promise((_, reject) => {
          signals.push(signal);
          signal.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    };
    await new MetricsPusher(writer, NEVER_MS).end();
    assert.equal(signals.length, 1);
    assert.match(String(lines[0]?.["problem"]), /no answer within/);
  });
});
