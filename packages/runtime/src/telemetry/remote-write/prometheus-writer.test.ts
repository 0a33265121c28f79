// Metrics by remote write: byte for byte as the formats say, and as a real Prometheus understands them where one is installed.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, it } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Counter } from "../../metrics/counter.ts";
import { Histogram } from "../../metrics/histogram.ts";
import { metricReadings } from "../../metrics/metric-reading.ts";
import { readMetrics } from "../../metrics/metric-registry.ts";
import { encodeWriteRequest, varint } from "./encode-write-request.ts";
import { PrometheusWriter } from "./prometheus-writer.ts";
import { snappyBlock } from "./snappy-block.ts";

const program = process.env["TENON_TEST_PROMETHEUS"] ?? "prometheus";
const isInstalled = spawnSync(program, ["--version"]).status === 0;

const placed = new Counter("remote_write_test_placed_total");
const sizes = new Histogram("remote_write_test_bytes", { buckets: [10, 100] });

function writeAll(url: string): Promise<void> {
  const writer = new PrometheusWriter({ kind: "prometheus", url }, "shop");
  return writer.write(metricReadings(readMetrics()), Date.now(), new AbortController().signal);
}

describe("remote write", () => {
  it("is what the formats say", () => {
    assert.deepEqual([...varint(300)], [0xac, 0x02]);
    const request = encodeWriteRequest([{ name: "a", labels: { z: "é", empty: "" }, value: 1 }], { job: "j" }, 1000);
    const label = (name: string, value: number[]) => [
      0x0a,
      2 + name.length + 2 + value.length,
      0x0a,
      name.length,
      ...Buffer.from(name),
      0x12,
      value.length,
      ...value,
    ];
    const labels = [...label("__name__", [0x61]), ...label("job", [0x6a]), ...label("z", [0xc3, 0xa9])];
    const sample = [0x12, 12, 0x09, 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0x10, 0xe8, 0x07];
    assert.deepEqual([...request], [0x0a, labels.length + sample.length, ...labels, ...sample]);
    assert.deepEqual([...snappyBlock(Buffer.from("ab"))], [2, 0xf4, 1, 0, 0x61, 0x62]);
    const long = snappyBlock(Buffer.alloc(65_537, 7));
    assert.deepEqual([...long.subarray(0, 6)], [0x81, 0x80, 0x04, 0xf4, 0xff, 0xff]);
    assert.deepEqual([...long.subarray(-4)], [0xf4, 0, 0, 7]);
  });

  it("is sent with the headers of the protocol, and the password of the URL in one of them", async () => {
    let seen: IncomingMessage["headers"] | undefined;
    const server = createServer((request, response) => {
      seen = request.headers;
      request.resume().on("end", () => response.writeHead(204).end());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const url = `http://me:p%40ss@127.0.0.1:${port}/write`;
    await writeAll(url);
    server.close();
    server.closeAllConnections();
    assert.equal(seen?.authorization, `Basic ${Buffer.from("me:p@ss").toString("base64")}`);
    assert.equal(seen?.["content-encoding"], "snappy");
    assert.equal(seen?.["content-type"], "application/x-protobuf");
    assert.equal(seen?.["x-prometheus-remote-write-version"], "0.1.0");
  });

  const skip = isInstalled ? false : "Debian's package prometheus is not installed";
  it("is understood by Prometheus", { skip, timeout: 60_000 }, async () => {
    placed.increment(7);
    sizes.record(50);
    sizes.record(5_000);
    const prometheus = await startPrometheus();
    try {
      await writeAll(`${prometheus.url}/api/v1/write`);
      const value = async (query: string) => {
        const response = await fetch(`${prometheus.url}/api/v1/query?query=${encodeURIComponent(query)}`);
        const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } };
        return data.result.map(({ value }) => value[1]);
      };
      assert.deepEqual(await value('remote_write_test_placed_total{job="shop"}'), ["7"]);
      assert.deepEqual(await value('remote_write_test_bytes_bucket{le="100"}'), ["1"]);
      assert.deepEqual(await value('remote_write_test_bytes_bucket{le="+Inf"}'), ["2"]);
      assert.deepEqual(await value("remote_write_test_bytes_sum"), ["5050"]);
      assert.deepEqual(await value('count(remote_write_test_placed_total{instance=~".+:[0-9]+"})'), ["1"]);
    } finally {
      await prometheus.stop();
    }
  });
});

async function startPrometheus(): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), "tenon-prometheus-"));
  writeFileSync(join(folder, "prometheus.yml"), "");
  const url = `http://127.0.0.1:${await freePort()}`;
  const child: ChildProcess = spawn(
    program,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${new URL(url).host}`,
      "--web.enable-remote-write-receiver",
    ],
    { stdio: "ignore" },
  );
  const exited = new Promise((resolve) => child.once("exit", resolve));
  while (
    !(await fetch(`${url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    assert.equal(child.exitCode, null, "prometheus ended");
    await sleep(50);
  }
  return {
    url,
    async stop() {
      child.kill("SIGTERM");
      await exited;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, "127.0.0.1", () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
