// Metrics for Cloud Monitoring against a server that answers as its API documents (projects.timeSeries.create).
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { type AnsweringServer, type Asked, startAnsweringServer } from "../../cloud/answering-server.test.support.ts";
import { manyCounters, standing } from "../push/readings.test.support.ts";
import { CloudMonitoringWriter } from "./cloud-monitoring-writer.ts";

interface TimeSeries {
  readonly metric: { readonly type: string; readonly labels: Readonly<Record<string, string>> };
  readonly resource: object;
  readonly metricKind: string;
  readonly valueType: string;
  readonly unit?: string;
  readonly points: readonly [
    { readonly interval: { readonly startTime?: string; readonly endTime: string }; readonly value: object },
  ];
}

const nowMs = Date.now() + 60_000;
const signal = new AbortController().signal;
const resource = { type: "generic_node", labels: { project_id: "p", location: "eu", namespace: "n", node_id: "1" } };

function seriesIn({ headers, body }: Asked): readonly TimeSeries[] {
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return (JSON.parse(text.toString()) as { timeSeries: TimeSeries[] }).timeSeries;
}

describe("metrics for Cloud Monitoring", () => {
  let server: AnsweringServer;
  const writes = () => server.asked.filter(({ path }) => path.startsWith("/v3/"));
  const open = (names?: Readonly<Record<string, string>>) =>
    new CloudMonitoringWriter(
      { kind: "gcp_cloud_monitoring", endpoint: server.url, projectId: "p", resource, ...(names && { names }) },
      { GCE_METADATA_HOST: new URL(server.url).host, CLOUDSDK_CONFIG: "/nowhere" },
    );
  before(async () => {
    server = await startAnsweringServer();
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answer = ({ path }) => ({ body: path.startsWith("/v3/") ? {} : { access_token: "t", expires_in: 3600 } });
  });
  after(() => server.close());

  it("are cumulative from the start of the process, gauges as they stand", async () => {
    await open().write(standing({ placed: 3, seconds: { counts: [0, 2, 1], sum: 3.6 } }), nowMs, signal);
    const [asked] = writes() as [Asked];
    assert.equal(`${asked.method} ${asked.path}`, "POST /v3/projects/p/timeSeries");
    assert.equal(asked.headers["authorization"], "Bearer t");
    const [placed, waiting, took] = seriesIn(asked) as [TimeSeries, TimeSeries, TimeSeries];
    const endTime = new Date(nowMs).toISOString();
    const startTime = new Date(performance.timeOrigin).toISOString();
    const { instance, ...labels } = placed.metric.labels;
    assert.match(instance ?? "", /.:\d+$/);
    assert.deepEqual(labels, { service: "orders" });
    assert.deepEqual(
      { ...placed, metric: placed.metric.type },
      {
        metric: "custom.googleapis.com/placed",
        resource,
        metricKind: "CUMULATIVE",
        valueType: "DOUBLE",
        points: [{ interval: { startTime, endTime }, value: { doubleValue: 3 } }],
      },
    );
    assert.deepEqual(
      [waiting.metricKind, waiting.points],
      ["GAUGE", [{ interval: { endTime }, value: { doubleValue: 2 } }]],
    );
    assert.deepEqual([took.metricKind, took.valueType, took.unit], ["CUMULATIVE", "DISTRIBUTION", "s"]);
    const [{ interval, value }] = took.points;
    assert.deepEqual(interval, { startTime, endTime });
    assert.deepEqual(value, {
      distributionValue: {
        count: "3",
        mean: 1.2,
        bucketOptions: { explicitBuckets: { bounds: [0.1, 1] } },
        bucketCounts: ["0", "2", "1"],
      },
    });
  });

  it("have the names of metric_names, and those alone", async () => {
    await open({ placed: "shop/placed", waiting: "workload.googleapis.com/waiting" }).write(
      standing({ placed: 3, seconds: { counts: [1, 0, 0], sum: 0.05 } }),
      nowMs,
      signal,
    );
    const types = seriesIn(writes()[0]!).map(({ metric }) => metric.type);
    assert.deepEqual(types, ["custom.googleapis.com/shop/placed", "workload.googleapis.com/waiting"]);
  });

  it("are written 200 at a time, the others also where one request is refused", async () => {
    let count = 0;
    server.answer = ({ path }) => {
      if (!path.startsWith("/v3/")) return { body: { access_token: "t", expires_in: 3600 } };
      return ++count === 1 ? { status: 400, body: { error: { message: "one or more TimeSeries" } } } : { body: {} };
    };
    await assert.rejects(open().write(manyCounters(450), nowMs, signal), /status 400: .*one or more TimeSeries/);
    assert.deepEqual(
      writes().map((asked) => seriesIn(asked).length),
      [200, 200, 50],
    );
  });

  it("keep the distance that Cloud Monitoring asks for between two points", async () => {
    const writer = open();
    await writer.write(standing({ placed: 3 }), nowMs, signal);
    await writer.write(standing({ placed: 4 }), nowMs + 100, signal);
    const ends = writes().map((asked) => Date.parse(seriesIn(asked)[0]!.points[0].interval.endTime));
    assert.deepEqual(ends, [nowMs, nowMs + 5_000]);
  });

  it("do not wait for a token longer than for an answer", async () => {
    server.answer = () => "hang up";
    const aborted = AbortSignal.abort(new Error("the end"));
    await assert.rejects(open().write(standing({ placed: 3 }), nowMs, aborted), /the end/);
    assert.equal(writes().length, 0);
  });
});
