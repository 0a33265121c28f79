// What Tenon asks of AWS by itself, from a server that stands for it: the keys of a role, and metrics that are read back with another client's
// signatures.
import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { AwsClient, AwsV4Signer } from "aws4fetch";
import { copyApp } from "./harness/app-copy.mjs";
import { awsServerMissing, startAwsServer } from "./harness/aws-server.mjs";
import { eventually } from "./harness/eventually.mjs";
import { requestTo } from "./harness/request-to.mjs";
import { startBuild } from "./harness/start.mjs";
import { root, runTenon } from "./harness/tenon.mjs";

const region = "eu-central-1";
const HOUR_SECONDS = 3_600;

test("requests are signed as another client signs them", async () => {
  const { signRequest } = await import(join(root, "packages/runtime/dist/cloud/cloud.js"));
  const keys = { accessKeyId: "AKID", secretAccessKey: "secret", sessionToken: "held" };
  const headers = { "content-type": "application/json" };
  for (const service of ["monitoring", "secretsmanager", "sqs"]) {
    for (const path of ["/", "/?b=2&a=x%20y", "/functions/a%20b%2Fc/%C3%BC?name=%2F"]) {
      const url = `https://${service}.eu-central-1.amazonaws.com${path}`;
      const about = { url, method: "POST", headers, body: "{}", service, region, datetime: "20261123T080000Z" };
      const theirs = await new AwsV4Signer({ ...about, ...keys, allHeaders: true }).sign();
      const request = { method: "POST", url: new URL(url), headers, body: "{}" };
      const ours = signRequest(request, keys, { service, region }, Date.UTC(2026, 10, 23, 8));
      assert.equal(ours.authorization, theirs.headers.get("authorization"), url);
    }
  }
});

describe("a process at AWS", { skip: awsServerMissing, timeout: 120_000 }, () => {
  let server;
  let folder;
  before(async () => {
    server = await startAwsServer();
    folder = await mkdtemp(join(tmpdir(), "tenon-clouds-"));
  });
  after(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** Sum of a statistic over all that was written of a metric in the hours around. */
  async function statistic(name, metric, dimensions) {
    const nowSeconds = Date.now() / 1000;
    const client = new AwsClient({ accessKeyId: "a", secretAccessKey: "b", service: "monitoring", region });
    const response = await client.fetch(`${server.url}/`, {
      method: "POST",
      headers: {
        "content-type": "application/x-amz-json-1.0",
        "x-amz-target": "GraniteServiceVersion20100801.GetMetricStatistics",
      },
      body: JSON.stringify({
        Namespace: "Place",
        MetricName: metric,
        StartTime: nowSeconds - HOUR_SECONDS,
        EndTime: nowSeconds + HOUR_SECONDS,
        Period: 60,
        Statistics: [name],
        Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
      }),
    });
    const text = await response.text();
    assert.equal(response.status, 200, text);
    return JSON.parse(text).Datapoints.reduce((sum, point) => sum + point[name], 0);
  }

  test("has the keys of the role that its Kubernetes service account stands for", async () => {
    const { awsCredentials } = await import(join(root, "packages/runtime/dist/cloud/cloud.js"));
    const tokenFile = join(folder, "token");
    await writeFile(tokenFile, "of the pod");
    const keys = await awsCredentials({
      AWS_ROLE_ARN: "arn:aws:iam::123456789012:role/shop",
      AWS_WEB_IDENTITY_TOKEN_FILE: tokenFile,
      AWS_ENDPOINT_URL_STS: server.url,
    })();
    assert.match(keys.accessKeyId, /^ASIA/);
    assert.ok(keys.secretAccessKey.length > 20 && keys.sessionToken.length > 20);
  });

  test("writes its metrics to CloudWatch while it runs", async () => {
    const copy = await copyApp("conformance/apps/place");
    let app;
    try {
      const built = await runTenon(["build", copy.dir]);
      assert.equal(built.code, 0, built.stdout + built.stderr);
      const file = join(copy.dir, "infra.json");
      const metrics = {
        type: "aws_cloudwatch",
        namespace: "Place",
        region,
        endpoint: server.url,
        collection_interval: 3,
      };
      await writeFile(file, JSON.stringify({ metrics, graceful_shutdown: { total: 3, shutdown_hooks: 2.5 } }));
      app = await startBuild(join(copy.dir, ".tenon/build"), { cwd: copy.dir, env: { TENON_INFRA: file } });
      for (let i = 0; i < 5; i++) assert.equal((await requestTo(app.gateway, "GET", "/about")).status, 200);
      const about = { service: "place", endpoint: "about" };
      const measured = () => statistic("SampleCount", "tenon_request_duration_seconds", about);
      await eventually("metrics in CloudWatch", async () => (await measured()) >= 5, { deadlineMs: 60_000 });
      const counts = [await measured(), await statistic("Sum", "tenon_requests_total", { ...about, code: "ok" })];
      // What was not answered in time may count twice.
      if (!app.output().includes("metrics could not be pushed")) assert.deepEqual(counts, [5, 5]);
      assert.ok((await statistic("Maximum", "process_resident_memory_bytes", {})) > 1e6);
    } finally {
      await app?.stop();
      await copy.remove();
    }
  });
});
