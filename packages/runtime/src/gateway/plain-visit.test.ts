// The short way of plain routes: every kind of handler and outcome, what its two spans and its metrics say, and a client that goes away
// at each point of it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { after, before, beforeEach, describe, it } from "node:test";
import type { Endpoint, EndpointCodec, Graph, Issue, RawRequest, ResponseCodec, Span } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import { currentCall } from "../call/context.ts";
import { type Handler, HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { currentRequest } from "../call/request-meta.ts";
import { pathSegments } from "../lifecycle/testing-build.test.support.ts";
import { readMetrics } from "../metrics/metric-registry.ts";
import { configureTelemetry } from "../telemetry/configure-telemetry.ts";
import { flushTelemetry } from "../telemetry/pipeline.ts";
import { createGateway, type OpenGateway } from "./create-gateway.ts";

interface Written {
  readonly id: string;
  readonly text: string;
  readonly tenant: string | undefined;
}

function textOf(value: unknown, issues: Issue[]): unknown {
  if (typeof (value as Partial<Written> | undefined)?.text === "string") return value;
  issues.push({ path: "text", code: "required", message: "is required" });
  return undefined;
}

const response: ResponseCodec = {
  decode: textOf,
  encode: (value, issues) => {
    if (textOf(value, issues) === undefined) return undefined;
    const { text, tenant } = value as Written;
    return tenant === undefined ? { text } : { text, tenant };
  },
  copy: textOf,
};

const codec: EndpointCodec = {
  request: {
    decode: textOf,
    encode: textOf,
    copy: textOf,
    decodeHttp: (raw: RawRequest, issues) => {
      const body = textOf(raw.body, issues) as Written | undefined;
      return { id: raw.params[0], text: body?.text, tenant: raw.header("x-tenon-tenant") ?? raw.header("x-tenant") };
    },
  },
  response,
};

/** The answer is not all body: a status and a header stand in the value. */
const withHead: EndpointCodec = {
  request: null,
  response: {
    ...response,
    encode: (value) => ({ ...(value as object) }),
    takeHeaders: (wire, headers) => {
      headers["x-text"] = String(wire["text"]);
      delete wire["text"];
    },
    takeStatus: (wire) => {
      const { status } = wire;
      delete wire["status"];
      return status as number;
    },
  },
};

const nothing: EndpointCodec = { request: null, response: null };

function endpoint(name: string, method: "GET" | "POST"): Endpoint {
  const pattern = `/${name}/:id`;
  return {
    name,
    kind: "typed",
    methods: [method],
    path: { pattern, segments: pathSegments(pattern) },
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: 64,
    fields: method === "POST" ? [{ name: "text", in: "body", wireName: "text" }] : [],
    location: { file: "notes.ts", line: 1, column: 1 },
  };
}

const hosted = new Map<string, HostedEndpoint>();

function host(
  method: "GET" | "POST",
  name: string,
  own: EndpointCodec,
  handler: Handler,
  middlewares: readonly Middleware[] = [],
): void {
  hosted.set(`notes.${name}`, new HostedEndpoint("notes", endpoint(name, method), own, handler, middlewares));
}

const inParentheses: Middleware = async (request, next) => {
  const answer = await next(request);
  answer.payload = { ...answer.payload, text: `(${answer.payload.text})` };
  answer.status = 202;
  answer.header.set("X-Text", "changed");
  return answer;
};

/** Ends when the test says so. */
let release: (value: unknown) => void;
let entered: Promise<AbortSignal>;
let enter: (signal: AbortSignal) => void;

function waitForEntry(): void {
  entered = new Promise((resolve) => {
    enter = resolve;
  });
}

host("POST", "echo", codec, async (written) => written);
host("POST", "atOnce", codec, (written) => written);
host("POST", "thenable", codec, (written) => ({
  // biome-ignore lint/suspicious/noThenProperty: what query builders return
  then: (resolve: (value: unknown) => void) => resolve(currentCall()?.endpoint === "thenable" ? written : undefined),
}));
host("GET", "head", withHead, () => ({ status: 201, text: "made" }));
host("GET", "silent", nothing, () => "what nobody declared");
host("GET", "refuse", nothing, async () => {
  throw APIError.notFound("there is none");
});
host("GET", "break", nothing, () => {
  throw new Error("private");
});
host("GET", "wrong", { request: null, response }, async () => ({ text: 5 }));
host("GET", "seen", { request: null, response }, () => ({ text: JSON.stringify(currentRequest()) }));
const hold: Handler = async () => {
  enter(currentCall()!.signal);
  return new Promise((resolve) => {
    release = resolve;
  });
};
host("POST", "held", codec, hold);
host("POST", "heldBehind", codec, hold, [inParentheses]);
host("POST", "behind", codec, async (written) => written, [inParentheses]);

const graph: Graph = {
  version: 1,
  app: { id: "notes" },
  services: [
    {
      name: "notes",
      directory: "notes",
      endpoints: [...hosted.values()].map((one) => one.endpoint),
      calls: [],
      databases: [],
      secrets: [],
    },
  ],
  databases: [],
  secrets: [],
  schemas: {},
};

const spans: Span[] = [];
let gateway: OpenGateway;
let base = "";

before(async () => {
  configureTelemetry({
    otlpEndpoint: null,
    sample: 1,
    flushIntervalMs: 10,
    sink: (batch) => {
      spans.push(...batch);
      return batch.length;
    },
  });
  const address = { host: "127.0.0.1", port: 0 };
  gateway = await createGateway({ address, graph, remotes: {}, credential: "c", hosted });
  base = gateway.address;
});

after(async () => {
  await gateway.close({ timeoutMs: 1_000 });
});

beforeEach(async () => {
  await flushTelemetry();
  spans.length = 0;
});

/** Status and text of an answer, and the two spans it left: the gateway's and the endpoint's. */
async function ask(path: string, init: RequestInit = {}) {
  const answer = await fetch(`${base}${path}`, init);
  const text = await answer.text();
  return { answer, text, ...(await twoSpans()) };
}

async function twoSpans(): Promise<{ outer: Span; inner: Span }> {
  const endsAt = Date.now() + 20_000;
  while (spans.length < 2 && Date.now() < endsAt)
    await flushTelemetry().then(() => new Promise((r) => setTimeout(r, 5)));
  assert.equal(spans.length, 2);
  const outer = spans.find(({ service }) => service === "gateway")!;
  const inner = spans.find(({ service }) => service === "notes")!;
  assert.equal(inner.parentSpanId, outer.spanId);
  assert.equal(inner.traceId, outer.traceId);
  return { outer, inner };
}

const post = (text: unknown, headers: Record<string, string> = {}): RequestInit => ({
  method: "POST",
  headers: { "content-type": "application/json", ...headers },
  body: JSON.stringify({ text }),
});

/** Of one endpoint: calls under way, and those that have ended so. */
function counted(name: string, code: string): { running: number; ended: number } {
  const value = (metric: string, labels: Record<string, string>) => {
    const family = readMetrics().find(({ about }) => about.name === metric);
    const series = family?.all.find((one) => Object.entries(labels).every(([key, text]) => one.labels[key] === text));
    return series === undefined ? 0 : (series as { value: number }).value;
  };
  const labels = { service: "notes", endpoint: name };
  return {
    running: value("tenon_requests_in_flight", labels),
    ended: value("tenon_requests_total", { ...labels, code }),
  };
}

describe("a plain route", () => {
  for (const name of ["echo", "atOnce", "thenable"]) {
    it(`answers with what ${name} returns, projected`, async () => {
      const { answer, text, outer, inner } = await ask(`/${name}/7`, post("ü"));
      assert.equal(answer.status, 200);
      assert.equal(text, '{"text":"ü"}');
      assert.equal(answer.headers.get("content-type"), "application/json");
      assert.equal(answer.headers.get("vary"), "origin");
      assert.match(answer.headers.get("x-request-id")!, /^[0-9a-f-]{36}$/);
      assert.equal(answer.headers.get("traceresponse"), `00-${outer.traceId}-${outer.spanId}-01`);
      assert.equal(outer.name, `POST /${name}/:id`);
      assert.equal(outer.attributes["http.response.status_code"], 200);
      assert.equal(outer.attributes["url.path"], `/${name}/7`);
      assert.equal(inner.name, `notes.${name}`);
      assert.equal(inner.status, "unset");
    });
  }

  it("lets a response have a status and headers", async () => {
    const { answer, outer } = await ask("/head/7");
    assert.equal(answer.status, 201);
    assert.equal(answer.headers.get("x-text"), "made");
    assert.equal(answer.headers.get("vary"), "origin");
    assert.equal(outer.attributes["http.response.status_code"], 201);
  });

  it("lets middleware have its way with the answer", async () => {
    const { answer, text, outer } = await ask("/behind/7", post("a"));
    assert.deepEqual([answer.status, text, answer.headers.get("x-text")], [202, '{"text":"(a)"}', "changed"]);
    assert.equal(answer.headers.get("traceresponse"), `00-${outer.traceId}-${outer.spanId}-01`);
  });

  it("answers HEAD without a body, in a span of its own name", async () => {
    const { answer, text, outer } = await ask("/seen/7", { method: "HEAD" });
    assert.equal(answer.status, 200);
    assert.equal(text, "");
    assert.equal(outer.name, "HEAD /seen/:id");
  });

  it("sends nothing for a handler that declares nothing", async () => {
    const { answer, text } = await ask("/silent/7");
    assert.deepEqual([answer.status, text, answer.headers.get("content-type")], [200, "", null]);
  });

  it("answers with a refusal of the handler", async () => {
    const { answer, text, outer, inner } = await ask("/refuse/7");
    assert.equal(answer.status, 404);
    assert.deepEqual(JSON.parse(text), { code: "not_found", message: "there is none", details: null });
    assert.ok(answer.headers.get("x-request-id"));
    assert.equal(inner.attributes["tenon.error.code"], "not_found");
    assert.deepEqual([outer.status, inner.status], ["unset", "unset"]);
  });

  for (const name of ["break", "wrong"]) {
    it(`keeps to itself why ${name} failed`, async () => {
      const before = counted(name, "internal");
      const { answer, text, outer, inner } = await ask(`/${name}/7`);
      assert.equal(answer.status, 500);
      assert.equal(JSON.parse(text).code, "internal");
      assert.ok(!text.includes("private") && !text.includes("declared"));
      assert.deepEqual([outer.status, inner.status], ["error", "error"]);
      assert.deepEqual(counted(name, "internal"), { running: 0, ended: before.ended + 1 });
    });
  }

  it("refuses what does not fit, as every endpoint does", async () => {
    const refused = await ask("/echo/7", post(undefined));
    assert.equal(refused.answer.status, 400);
    assert.deepEqual(JSON.parse(refused.text).details.issues[0].path, "text");
    assert.equal(refused.inner.attributes["tenon.error.code"], "invalid_argument");
    spans.length = 0;
    assert.equal((await ask("/echo/7", post("x".repeat(100)))).answer.status, 413);
    spans.length = 0;
    assert.equal((await ask("/echo/7", post("a", { "content-type": "text/plain" }))).answer.status, 415);
  });

  it("goes on with the caller's trace and request id", async () => {
    const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
    const headers = { traceparent: `00-${traceId}-00f067aa0ba902b7-01`, "x-request-id": "mine" };
    const { answer, outer } = await ask("/echo/7", post("a", headers));
    assert.equal(outer.traceId, traceId);
    assert.equal(outer.parentSpanId, "00f067aa0ba902b7");
    assert.equal(answer.headers.get("x-request-id"), "mine");
  });

  it("tells pages of other origins that they may read it", async () => {
    const { answer } = await ask("/echo/7", post("a", { origin: "https://a.example" }));
    assert.equal(answer.headers.get("access-control-allow-origin"), "https://a.example");
    assert.equal(answer.headers.get("vary"), "origin");
    assert.equal(answer.headers.get("content-type"), "application/json");
  });

  it("shows the handler its request as from outside", async () => {
    const headers = { "x-tenon-caller": "orders", "x-forwarded-for": "10.0.0.9", "x-own": "1" };
    const { text } = await ask("/seen/a%20b?q=1", { headers });
    const seen = JSON.parse(JSON.parse(text).text);
    assert.deepEqual(seen.pathParams, { id: "a b" });
    assert.equal(seen.pathAndQuery, "/seen/a%20b?q=1");
    assert.equal(seen.headers["x-tenon-caller"], undefined);
    assert.equal(seen.headers["x-forwarded-for"], "10.0.0.9, 127.0.0.1");
    assert.equal(seen.headers["x-own"], "1");
    assert.match(seen.headers["x-request-id"], /^[0-9a-f-]{36}$/);
  });

  it("never gives decoders a header that only processes of the app may say", async () => {
    const forged = { "x-tenon-tenant": "forged", "x-tenant": "own" };
    assert.equal((await ask("/echo/7", post("a", forged))).text, '{"text":"a","tenant":"own"}');
  });
});

describe("a client that goes away", () => {
  async function open(text: string): Promise<Socket> {
    const { hostname, port } = new URL(base);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    socket.write(text);
    return socket;
  }

  const head = (sizeBytes: number, name = "held") =>
    `POST /${name}/7 HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${sizeBytes}\r\n\r\n`;

  for (const name of ["held", "heldBehind"])
    it(`ends the spans of ${name} that still runs, once, whatever it returns`, async () => {
      waitForEntry();
      const socket = await open(`${head(12, name)}{"text":"a"}`);
      const signal = await entered;
      assert.equal(counted(name, "ok").running, 1);
      const aborted = once(signal, "abort");
      socket.destroy();
      await aborted;
      const { outer, inner } = await twoSpans();
      assert.equal(outer.attributes["http.response.status_code"], 499);
      assert.equal(inner.attributes["tenon.error.code"], "canceled");
      release({ text: "late" });
      await flushTelemetry();
      assert.equal(spans.length, 2);
      assert.deepEqual(counted(name, "canceled"), { running: 0, ended: 1 });
      assert.deepEqual(counted(name, "ok"), { running: 0, ended: 0 });
    });

  it("ends the spans of a request whose body never comes", async () => {
    const socket = await open(`${head(12)}{"te`);
    const endsAt = Date.now() + 20_000;
    while (counted("held", "canceled").running === 0 && Date.now() < endsAt) await new Promise((r) => setTimeout(r, 5));
    socket.destroy();
    const { outer } = await twoSpans();
    assert.equal(outer.attributes["http.response.status_code"], 499);
    assert.deepEqual(counted("held", "canceled"), { running: 0, ended: 2 });
  });
});
