// Metrics for Datadog against a server that answers as its API documents (v2, "Submit metrics"): what is sent, and what counts once though the answer
// was lost.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { type AnsweringServer, type Asked, startAnsweringServer } from "../../cloud/answering-server.test.support.ts";
import { manyCounters, standing } from "../push/readings.test.support.ts";
import { DatadogWriter } from "./datadog-writer.ts";

interface Series {
  readonly metric: string;
  readonly type: number;
  readonly interval?: number;
  readonly unit?: string;
  readonly points: readonly { readonly timestamp: number; readonly value: number }[];
  readonly tags: readonly string[];
  readonly resources: readonly { readonly type: string; readonly name: string }[];
}

const MINUTE_MS = 60_000;
const nowMs = 1_800_000_000_000;
const signal = new AbortController().signal;
const accepted = { status: 202, body: { errors: [] } };

/** What Datadog keeps: of the points of a series with one time the last. */
class Kept {
  readonly #points = new Map<string, number>();

  take(asked: Asked): void {
    for (const { metric, tags, points } of seriesIn(asked)) {
      for (const { timestamp, value } of points) this.#points.set(JSON.stringify([metric, tags, timestamp]), value);
    }
  }

  sum(metric: string): number {
    const own = [...this.#points].filter(([key]) => (JSON.parse(key) as [string])[0] === metric);
    return own.reduce((total, [, value]) => total + value, 0);
  }
}

function seriesIn({ headers, body }: Asked): readonly Series[] {
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return (JSON.parse(text.toString()) as { series: Series[] }).series;
}

describe("metrics for Datadog", () => {
  let server: AnsweringServer;
  let writer: DatadogWriter;
  before(async () => {
    server = await startAnsweringServer();
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answer = () => accepted;
    writer = new DatadogWriter({ kind: "datadog", endpoint: server.url, apiKey: "key" }, "shop");
  });
  after(() => server.close());

  it("are counts and gauges with tags, and histograms three counts", async () => {
    await writer.write(standing({ placed: 3, seconds: { counts: [0, 2, 1], sum: 3.5 } }), nowMs, signal);
    const [asked] = server.asked as [Asked];
    assert.equal(`${asked.method} ${asked.path}`, "POST /api/v2/series");
    assert.equal(asked.headers["dd-api-key"], "key");
    const told = seriesIn(asked).map(({ metric, type, points, unit, tags }) => {
      return [metric, type, points[0]?.value, unit, ...tags.filter((tag) => tag.includes("bound"))];
    });
    assert.deepEqual(told, [
      ["placed", 1, 3, undefined],
      ["waiting", 3, 2, undefined],
      ["took.count", 1, 3, undefined],
      ["took.sum", 1, 3.5, "second"],
      ["took.bucket", 1, 2, undefined, "lower_bound:0.1", "upper_bound:1"],
      ["took.bucket", 1, 1, undefined, "lower_bound:1", "upper_bound:inf"],
    ]);
    const [placed, waiting] = seriesIn(asked) as [Series, Series];
    assert.deepEqual(placed.points, [{ timestamp: nowMs / 1000, value: 3 }]);
    assert.ok(placed.tags.includes("service:orders") && placed.tags.includes("app:shop"), placed.tags.join());
    assert.ok(placed.tags.some((tag) => /^instance:.+:\d+$/.test(tag)));
    assert.deepEqual(
      placed.resources.map(({ type }) => type),
      ["host"],
    );
    assert.equal(waiting.interval, undefined);
    await writer.write(standing({ placed: 5 }), nowMs + MINUTE_MS, signal);
    const [next] = seriesIn(server.asked[1]!) as [Series];
    assert.deepEqual([next.interval, next.points[0]?.value], [60, 2]);
  });

  it("count once though an answer was lost", async () => {
    const kept = new Kept();
    const answers = ["hang up", { status: 503 }, accepted, accepted] as const;
    server.answer = (asked) => {
      kept.take(asked);
      return answers[server.asked.length - 1] ?? accepted;
    };
    await assert.rejects(writer.write(standing({ placed: 3 }), nowMs, signal));
    assert.equal(kept.sum("placed"), 3);
    await assert.rejects(writer.write(standing({ placed: 5 }), nowMs + MINUTE_MS, signal), /status 503/);
    assert.equal(kept.sum("placed"), 3);
    await writer.write(standing({ placed: 6 }), nowMs + 2 * MINUTE_MS, signal);
    assert.equal(kept.sum("placed"), 6);
    await writer.write(standing({ placed: 7 }), nowMs + 3 * MINUTE_MS, signal);
    assert.equal(kept.sum("placed"), 7);
  });

  it("count once though an answer was lost and the second time was refused", async () => {
    const kept = new Kept();
    const answers = ["hang up", { status: 429 }] as const;
    server.answer = (asked) => {
      const answer = answers[server.asked.length - 1] ?? accepted;
      if (answer === "hang up" || answer === accepted) kept.take(asked);
      return answer;
    };
    await assert.rejects(writer.write(standing({ placed: 3 }), nowMs, signal));
    await assert.rejects(writer.write(standing({ placed: 5 }), nowMs + MINUTE_MS, signal), /status 429/);
    await writer.write(standing({ placed: 6 }), nowMs + 2 * MINUTE_MS, signal);
    assert.equal(kept.sum("placed"), 6);
  });

  it("are not lost where they were refused", async () => {
    const kept = new Kept();
    server.answer = () => ({ status: 403, body: { errors: ["Forbidden"] } });
    await assert.rejects(writer.write(standing({ placed: 3 }), nowMs, signal), /status 403: .*Forbidden/);
    await assert.rejects(writer.write(standing({ placed: 4 }), nowMs + MINUTE_MS, signal), /status 403/);
    server.answer = (asked) => {
      kept.take(asked);
      return accepted;
    };
    await writer.write(standing({ placed: 6 }), nowMs + 2 * MINUTE_MS, signal);
    assert.equal(kept.sum("placed"), 6);
  });

  it("give up the time of a batch that Datadog would no longer take, not its growth", async () => {
    server.answer = () => "hang up";
    await assert.rejects(writer.write(standing({ placed: 3 }), nowMs, signal));
    server.asked.length = 0;
    server.answer = () => accepted;
    await writer.write(standing({ placed: 4 }), nowMs + 60 * MINUTE_MS, signal);
    assert.equal(server.asked.length, 1);
    assert.equal(seriesIn(server.asked[0]!)[0]?.points[0]?.value, 4);
  });

  it("say what is wrong with a key, and never the key", async () => {
    const receiver = { kind: "datadog", endpoint: server.url, apiKey: "very\nsecret" } as const;
    await assert.rejects(new DatadogWriter(receiver, "shop").write(standing({ placed: 3 }), nowMs, signal), (error) => {
      assert.match(String(error), /header "dd-api-key" has characters/);
      return !String(error).includes("secret");
    });
  });

  it("never have two points of one time, however soon the last push follows", async () => {
    await writer.write(standing({ placed: 3 }), nowMs, signal);
    await writer.write(standing({ placed: 4 }), nowMs + 10, signal);
    const times = server.asked.map((asked) => seriesIn(asked)[0]?.points[0]?.timestamp);
    assert.deepEqual(times, [nowMs / 1000, nowMs / 1000 + 1]);
  });

  it("are cut into requests that are small enough, and compressed", async () => {
    await writer.write(manyCounters(12_000), nowMs, signal);
    assert.ok(server.asked.length > 1);
    let count = 0;
    for (const asked of server.asked) {
      assert.equal(asked.headers["content-encoding"], "gzip");
      assert.ok(asked.body.length < 512_000 && gunzipSync(asked.body).length < 5_242_880);
      count += seriesIn(asked).length;
    }
    assert.equal(count, 12_000);
  });
});
