// Metrics for CloudWatch against a server that answers as its API documents (PutMetricData by AWS JSON 1.0); conformance/clouds.test.mjs has
// them read back from a server of many such APIs.
import assert from "node:assert/strict";
import { after, before, beforeEach, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { type AnsweringServer, type Asked, startAnsweringServer } from "../../cloud/answering-server.test.support.ts";
import { signRequest } from "../../cloud/sign-request.ts";
import { manyCounters, standing } from "../push/readings.test.support.ts";
import { CloudWatchWriter } from "./cloudwatch-writer.ts";

const keys = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "held" };
const environment = { AWS_ACCESS_KEY_ID: "AKID", AWS_SECRET_ACCESS_KEY: "secret", AWS_SESSION_TOKEN: "held" };
const nowMs = Date.UTC(2026, 10, 23, 16, 0, 0);
const signal = new AbortController().signal;

function dataIn({ headers, body }: Asked) {
  const text = headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
  return JSON.parse(text.toString()) as { Namespace: string; MetricData: Readonly<Record<string, unknown>>[] };
}

describe("metrics for CloudWatch", () => {
  let server: AnsweringServer;
  let writer: CloudWatchWriter;
  before(async () => {
    server = await startAnsweringServer();
  });
  beforeEach(() => {
    server.asked.length = 0;
    server.answer = () => ({});
    const receiver = { kind: "aws_cloudwatch", endpoint: server.url, region: "eu-west-1", namespace: "Shop" } as const;
    writer = new CloudWatchWriter(receiver, { ...environment });
  });
  after(() => server.close());

  it("are how much counters have grown, where gauges stand, and the values of histograms", async () => {
    await writer.write(standing({ placed: 3, seconds: { counts: [0, 2, 1], sum: 3.5 } }), nowMs, signal);
    const [asked] = server.asked as [Asked];
    assert.equal(asked.headers["x-amz-target"], "GraniteServiceVersion20100801.PutMetricData");
    assert.equal(asked.headers["content-type"], "application/x-amz-json-1.0");
    const common = { Dimensions: [{ Name: "service", Value: "orders" }], Timestamp: nowMs / 1000 };
    const { Namespace, MetricData } = dataIn(asked);
    assert.equal(Namespace, "Shop");
    const [placed, waiting, took] = MetricData;
    assert.deepEqual(placed, { MetricName: "placed", ...common, Unit: "Count", Value: 3 });
    assert.deepEqual(waiting, { MetricName: "waiting", ...common, Unit: "None", Value: 2 });
    const { Values, ...about } = took as { Values: number[] };
    assert.deepEqual(about, { MetricName: "took", ...common, Unit: "Seconds", Counts: [2, 1] });
    assert.deepEqual(
      Values.map((value) => value.toFixed(6)),
      ["0.550000", "2.400000"],
    );
  });

  it("are signed as they are sent", async () => {
    for (const readings of [standing({ placed: 3 }), manyCounters(500)]) {
      await writer.write(readings, nowMs, signal);
      const { method, path, headers, body } = server.asked.at(-1)!;
      const names = ["content-type", "content-encoding", "x-amz-target"].filter((name) => headers[name] !== undefined);
      const sent = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
      const url = new URL(`http://${String(headers["host"])}${path}`);
      const scope = { service: "monitoring", region: "eu-west-1" };
      const signed = signRequest({ method, url, headers: sent, body }, keys, scope, nowMs);
      assert.equal(headers["authorization"], signed["authorization"]);
      assert.equal(headers["x-amz-security-token"], "held");
    }
    assert.equal(server.asked[1]?.headers["content-encoding"], "gzip");
  });

  it("are not lost where they were refused, in the requests that were", async () => {
    let count = 0;
    server.answer = () => (++count === 1 ? { status: 400, body: { __type: "Throttling" } } : {});
    await assert.rejects(writer.write(manyCounters(1_500), nowMs, signal), /status 400: .*Throttling/);
    assert.deepEqual(
      server.asked.map((asked) => dataIn(asked).MetricData.length),
      [1_000, 500],
    );
    server.asked.length = 0;
    await writer.write(manyCounters(1_500), nowMs, signal);
    assert.deepEqual(
      server.asked.map((asked) => dataIn(asked).MetricData.length),
      [1_000],
    );
    server.asked.length = 0;
    await writer.write(manyCounters(1_500), nowMs, signal);
    assert.deepEqual(server.asked, []);
  });

  it("have only dimensions that CloudWatch takes", async () => {
    const labels = { city: "Zürich\n", none: "", long: "x".repeat(2_000) };
    const about = { name: "visits", kind: "counter", description: "" } as const;
    await writer.write([{ about, series: [{ labels, value: 1 }] }], nowMs, signal);
    const [visits] = dataIn(server.asked[0]!).MetricData;
    assert.deepEqual(visits?.["Dimensions"], [
      { Name: "city", Value: "Z?rich?" },
      { Name: "long", Value: "x".repeat(1_024) },
    ]);
  });
});
