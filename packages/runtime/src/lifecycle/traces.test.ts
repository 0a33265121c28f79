// A request gives the same trace in every topology: gateway, endpoint, both sides of each service call.
import assert from "node:assert/strict";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { gunzipSync } from "node:zlib";
import { createGateway } from "../gateway/create-gateway.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import {
  CREDENTIAL,
  startWorker,
  type TestBuild,
  type TestWorker,
  testConfig,
  testGraph,
  writeTestBuild,
} from "./testing-build.test.support.ts";

interface OtlpSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly status?: { readonly code?: number };
  readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  readonly events?: readonly {
    readonly name: string;
    readonly attributes: readonly { readonly key: string; readonly value: Record<string, unknown> }[];
  }[];
  service: string;
}

interface Collector {
  readonly endpoint: string;
  spansOf(traceId: string): OtlpSpan[];
  close(): void;
}

async function startCollector(): Promise<Collector> {
  const spans: OtlpSpan[] = [];
  const server = createServer(async (request, response) => {
    const body = JSON.parse(await bodyOf(request));
    // Metrics come the same way.
    for (const resource of body.resourceSpans ?? []) {
      const named = resource.resource.attributes.find((attribute: { key: string }) => attribute.key === "service.name");
      for (const scope of resource.scopeSpans) {
        for (const span of scope.spans) spans.push({ ...span, service: named.value.stringValue });
      }
    }
    response.end("{}");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    spansOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    close: () => server.close(),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return (request.headers["content-encoding"] === "gzip" ? gunzipSync(bytes) : bytes).toString();
}

const KINDS = ["unspecified", "internal", "server", "client"];

/** The tree as text: kind, service, name, status, and the attributes that do not vary from run to run. */
function drawTree(spans: readonly OtlpSpan[], parent: string | undefined, indent = ""): string {
  return spans
    .filter((span) => (span.parentSpanId || undefined) === parent)
    .map((span) => {
      const attributes = span.attributes
        .filter(({ key }) => !["client.address", "user_agent.original"].includes(key))
        .map(({ key, value }) => `${key}=${Object.values(value).join()}`)
        .sort();
      const exceptions = (span.events ?? [])
        .filter((event) => event.name === "exception")
        .map((event) => event.attributes.find(({ key }) => key === "exception.message")?.value["stringValue"]);
      const line = [
        `${indent}${KINDS[span.kind]} ${span.service} ${span.name}`,
        span.status?.code === 2 ? "ERROR" : "",
        ...attributes,
        ...exceptions.map((text) => `!${String(text)}`),
      ];
      return `${line.filter((part) => part !== "").join(" ")}\n${drawTree(spans, span.spanId, `${indent}  `)}`;
    })
    .join("");
}

const EXPECTED_GET = `server gateway POST /relay http.request.method=POST http.response.status_code=200 http.route=/relay url.path=/relay url.scheme=http
  server orders orders.relay rpc.method=relay rpc.service=orders rpc.system=tenon
    client orders users.get rpc.method=get rpc.service=users rpc.system=tenon
      server users users.get rpc.method=get rpc.service=users rpc.system=tenon tenon.caller=orders
`;
const EXPECTED_NOT_FOUND = `server gateway POST /relay http.request.method=POST http.response.status_code=200 http.route=/relay url.path=/relay url.scheme=http
  server orders orders.relay rpc.method=relay rpc.service=orders rpc.system=tenon
    client orders users.fail rpc.method=fail rpc.service=users rpc.system=tenon tenon.error.code=not_found tenon.error.message=no such user
      server users users.fail rpc.method=fail rpc.service=users rpc.system=tenon tenon.caller=orders tenon.error.code=not_found tenon.error.message=no such user
`;
const EXPECTED_UNKNOWN = `server gateway POST /relay http.request.method=POST http.response.status_code=200 http.route=/relay url.path=/relay url.scheme=http
  server orders orders.relay rpc.method=relay rpc.service=orders rpc.system=tenon
    client orders users.fail ERROR rpc.method=fail rpc.service=users rpc.system=tenon tenon.error.code=internal !an internal error occurred
      server users users.fail ERROR rpc.method=fail rpc.service=users rpc.system=tenon tenon.caller=orders tenon.error.code=internal !secret reason
`;
const EXPECTED_UNROUTED = `server gateway GET http.request.method=GET http.response.status_code=404 url.path=/nowhere url.scheme=http
`;

describe("the trace of a request", () => {
  let collector: Collector;
  let build: TestBuild;
  before(async () => {
    collector = await startCollector();
    build = writeTestBuild();
    configureTelemetry({ otlpEndpoint: collector.endpoint, sample: 1, flushIntervalMs: 20 });
  });
  after(() => {
    configureTelemetry({ otlpEndpoint: null, sample: 1, flushIntervalMs: 20 });
    collector.close();
    build.remove();
  });

  async function traceOf(base: string, path: string, body: unknown, spans: number): Promise<string> {
    const response = await fetch(
      `${base}${path}`,
      body === undefined
        ? {}
        : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) },
    );
    await response.text();
    const traceId = response.headers.get("traceresponse")!.split("-")[1]!;
    const endsAt = Date.now() + 10_000;
    while (collector.spansOf(traceId).length < spans && Date.now() < endsAt) {
      await flushTelemetry();
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    return drawTree(collector.spansOf(traceId), undefined);
  }

  async function checkAll(base: string): Promise<void> {
    assert.equal(await traceOf(base, "/relay", { call: "get", request: { id: "u1" } }, 4), EXPECTED_GET);
    assert.equal(await traceOf(base, "/relay", { call: "fail", request: { how: "not_found" } }, 4), EXPECTED_NOT_FOUND);
    assert.equal(await traceOf(base, "/relay", { call: "fail", request: { how: "unknown" } }, 4), EXPECTED_UNKNOWN);
    assert.equal(await traceOf(base, "/nowhere", undefined, 1), EXPECTED_UNROUTED);
  }

  const telemetry = () => ({ otlpEndpoint: collector.endpoint, sample: 1, flushIntervalMs: 20 });

  it("has four spans with everything in one process", async () => {
    const worker = await startWorker(
      testConfig(build.dir, { gateway: { host: "127.0.0.1", port: 0 }, telemetry: telemetry() }),
    );
    await checkAll((worker.answer as { gateway: string }).gateway);
    assert.equal(await worker.stop(), 0);
  });

  it("has the same four with a process each behind a gateway", async () => {
    const users = await startWorker(testConfig(build.dir, { services: ["users"], telemetry: telemetry() }));
    const internalOf = (worker: TestWorker) => (worker.answer as { internal: string }).internal;
    const orders = await startWorker(
      testConfig(build.dir, { services: ["orders"], remotes: { users: internalOf(users) }, telemetry: telemetry() }),
    );
    const gateway = await createGateway({
      address: { host: "127.0.0.1", port: 0 },
      graph: testGraph(),
      credential: CREDENTIAL,
      remotes: { users: internalOf(users), orders: internalOf(orders) },
    });
    await checkAll(gateway.address);
    await gateway.close({ timeoutMs: 1_000 });
    assert.deepEqual([await orders.stop(), await users.stop()], [0, 0]);
  });
});
