// Everything a client can send to the public door, and what it gets; the same with the endpoints in the gateway's process and behind it.
import assert from "node:assert/strict";
import { once } from "node:events";
import { request as sendRequest } from "node:http";
import { connect } from "node:net";
import { after, before, describe, it } from "node:test";
import { gzipSync } from "node:zlib";
import {
  CREDENTIAL,
  startWorker,
  type TestBuild,
  type TestWorker,
  testConfig,
  testGraph,
  writeTestBuild,
} from "../lifecycle/testing-build.test.support.ts";
import { createGateway, type OpenGateway } from "./create-gateway.ts";

interface Reply {
  readonly status: number;
  readonly headers: Record<string, string | string[] | undefined>;
  readonly text: string;
}

interface Sending {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Record<string, string>;
  readonly body?: string | Buffer;
}

/** Not `fetch`: it normalises paths and refuses bodies on GET. */
function send(base: string, { method = "GET", path, headers = {}, body }: Sending): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const outgoing = sendRequest({ host: hostname, port, method, path, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () =>
        resolve({ status: response.statusCode!, headers: response.headers, text: Buffer.concat(chunks).toString() }),
      );
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}

/** Writes bytes as they are and returns all that comes back until the server closes. */
function sendRaw(base: string, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(base);
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    let received = "";
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}

const JSON_HEADERS = { "content-type": "application/json" };
const small = (body: string | Buffer, headers: Record<string, string> = JSON_HEADERS): Sending => ({
  method: "POST",
  path: "/small",
  headers,
  body,
});

/** name, request, status, code, and a pattern for the message. */
const REFUSED: readonly [name: string, sending: Sending, status: number, code: string, message: RegExp][] = [
  ["unknown path", { path: "/nowhere" }, 404, "not_found", /^there is no endpoint GET \/nowhere$/],
  ["private endpoint", { method: "POST", path: "/hidden" }, 404, "not_found", /^there is no endpoint POST \/hidden$/],
  ["private endpoint, its other methods", { path: "/hidden" }, 404, "not_found", /./],
  [
    "the internal call path",
    { method: "POST", path: "/__tenon/call/users/get", headers: { "x-tenon-credential": CREDENTIAL } },
    404,
    "not_found",
    /./,
  ],
  [
    "a private endpoint with an internal header",
    { method: "POST", path: "/hidden", headers: { "x-tenon-credential": CREDENTIAL, "x-tenon-caller": "orders" } },
    404,
    "not_found",
    /./,
  ],
  ["readiness, which is not for outside", { path: "/__tenon/readyz" }, 404, "not_found", /./],
  ["wrong method", { path: "/echo" }, 405, "unimplemented", /^\/echo does not answer GET; it answers OPTIONS, POST$/],
  ["trailing slash", { path: "/users/1/" }, 404, "not_found", /./],
  ["doubled slash", { path: "//users/1" }, 404, "not_found", /./],
  ["upper case", { path: "/USERS/1" }, 404, "not_found", /./],
  ["empty parameter", { path: "/users/" }, 404, "not_found", /./],
  [
    "path with bad percent-encoding",
    { path: "/users/%zz" },
    400,
    "invalid_argument",
    /"%zz" is not valid percent-encoded/,
  ],
  ["path that is not UTF-8", { path: "/users/%ff%fe" }, 400, "invalid_argument", /not valid percent-encoded UTF-8/],
  ["malformed JSON", small('{"text": }'), 400, "invalid_argument", /expected a value, got "}" at line 1, column 10$/],
  ["malformed JSON on a later line", small('{\n "text": "a",\n}'), 400, "invalid_argument", /at line 3, column 1$/],
  ["JSON with something behind it", small('{"text":"a"} x'), 400, "invalid_argument", /expected the end of the text/],
  ["single quotes", small("{'text':'a'}"), 400, "invalid_argument", /property name in double quotes/],
  ["NaN", small('{"text":NaN}'), 400, "invalid_argument", /expected a value, got "N"/],
  ["truncated JSON", small('{"text":"a'), 400, "invalid_argument", /closing quote/],
  ["invalid UTF-8", small(Buffer.from([0x22, 0xff, 0x22])), 400, "invalid_argument", /not valid UTF-8/],
  ["empty body where one is needed", small(""), 400, "invalid_argument", /text is required/],
  ["no body and no content type", { method: "POST", path: "/small" }, 400, "invalid_argument", /text is required/],
  ["missing field", small("{}"), 400, "invalid_argument", /users\.small is not valid: text is required/],
  ["wrong type", small('{"text":5}'), 400, "invalid_argument", /text must be a string, got a number/],
  ["null", small("null"), 400, "invalid_argument", /text is required/],
  ["an array", small("[]"), 400, "invalid_argument", /text is required/],
  [
    "several wrong fields",
    { method: "POST", path: "/echo", headers: JSON_HEADERS, body: '{"text":1,"at":2}' },
    400,
    "invalid_argument",
    /3 problems/,
  ],
  ["body over the limit", small(`{"text":"${"x".repeat(100)}"}`), 413, "invalid_argument", /larger than the 64 bytes/],
  [
    "chunked body over the limit",
    small(`{"text":"${"x".repeat(100)}"}`, { ...JSON_HEADERS, "transfer-encoding": "chunked" }),
    413,
    "invalid_argument",
    /larger than the 64 bytes/,
  ],
  [
    "10 MiB over the limit",
    small(Buffer.alloc(10 * 1024 * 1024, 0x20)),
    413,
    "invalid_argument",
    /larger than the 64 bytes/,
  ],
  [
    "form body",
    small("text=a", { "content-type": "application/x-www-form-urlencoded" }),
    415,
    "invalid_argument",
    /got "application\/x-www-form-urlencoded"/,
  ],
  [
    "text body",
    small('{"text":"a"}', { "content-type": "text/plain" }),
    415,
    "invalid_argument",
    /must be application\/json/,
  ],
  [
    "other charset",
    small('{"text":"a"}', { "content-type": "application/json; charset=utf-16" }),
    415,
    "invalid_argument",
    /utf-16/,
  ],
  [
    "compressed body",
    small(gzipSync('{"text":"a"}'), { ...JSON_HEADERS, "content-encoding": "gzip" }),
    415,
    "invalid_argument",
    /content-encoding "gzip"/,
  ],
  [
    "error of the handler",
    { method: "POST", path: "/fail", headers: JSON_HEADERS, body: '{"how":"not_found"}' },
    404,
    "not_found",
    /^no such user$/,
  ],
  [
    "unexpected error",
    { method: "POST", path: "/fail", headers: JSON_HEADERS, body: '{"how":"unknown"}' },
    500,
    "internal",
    /^an internal error occurred$/,
  ],
  [
    "thrown text",
    { method: "POST", path: "/fail", headers: JSON_HEADERS, body: '{"how":"text"}' },
    500,
    "internal",
    /^an internal error occurred$/,
  ],
  [
    "answer that breaks the contract",
    { method: "POST", path: "/fail", headers: JSON_HEADERS, body: '{"how":"contract"}' },
    500,
    "internal",
    /^an internal error occurred$/,
  ],
  [
    "error whose details are no JSON",
    { method: "POST", path: "/fail", headers: JSON_HEADERS, body: '{"how":"cycle"}' },
    409,
    "aborted",
    /^cyclic$/,
  ],
];

interface Setup {
  readonly base: string;
  readonly workers: readonly TestWorker[];
  close(): Promise<void>;
}

async function hostedSetup(build: TestBuild): Promise<Setup> {
  const worker = await startWorker(testConfig(build.dir, { gateway: { host: "127.0.0.1", port: 0 } }));
  assert.equal(worker.answer.type, "ready", JSON.stringify(worker.answer));
  return {
    base: (worker.answer as { gateway: string }).gateway,
    workers: [worker],
    close: async () => assert.equal(await worker.stop(), 0),
  };
}

async function forwardedSetup(build: TestBuild): Promise<Setup> {
  const worker = await startWorker(testConfig(build.dir, { internal: { socketPath: `${build.dir}/all.sock` } }));
  assert.equal(worker.answer.type, "ready", JSON.stringify(worker.answer));
  const address = (worker.answer as { internal: string }).internal;
  const gateway = await createGateway({
    address: { host: "127.0.0.1", port: 0 },
    graph: testGraph(),
    remotes: { orders: address, users: address },
    credential: CREDENTIAL,
  });
  return {
    base: gateway.address,
    workers: [worker],
    async close() {
      await gateway.close({ timeoutMs: 1_000 });
      assert.equal(await worker.stop(), 0);
    },
  };
}

for (const [name, start] of [
  ["endpoints in its process", hostedSetup],
  ["endpoints behind it", forwardedSetup],
] as const) {
  describe(`gateway with ${name}`, () => {
    let build: TestBuild;
    let setup: Setup;
    let base = "";
    before(async () => {
      build = writeTestBuild();
      setup = await start(build);
      base = setup.base;
    });
    after(async () => {
      await setup.close();
      build.remove();
    });

    for (const [what, sending, status, code, message] of REFUSED) {
      it(`${what}: ${status} ${code}`, async () => {
        const reply = await send(base, sending);
        assert.equal(reply.status, status, reply.text);
        const body = JSON.parse(reply.text) as Record<string, unknown>;
        assert.deepEqual(Object.keys(body), ["code", "message", "details"]);
        assert.equal(body["code"], code);
        assert.match(String(body["message"]), message);
        assert.equal(reply.headers["content-type"], "application/json");
        assert.ok(!reply.text.includes("secret reason"));
        assert.match(String(reply.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
        assert.match(String(reply.headers["traceresponse"]), /^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
        assert.equal(reply.headers["allow"], status === 405 ? "OPTIONS, POST" : undefined);
        assert.ok(!Object.keys(reply.headers).some((header) => header.startsWith("x-tenon-")));
      });
    }

    it("lists every issue in details", async () => {
      const reply = await send(base, {
        method: "POST",
        path: "/echo",
        headers: JSON_HEADERS,
        body: '{"text":1,"at":2}',
      });
      const { details } = JSON.parse(reply.text) as { details: { issues: { path: string; code: string }[] } };
      assert.deepEqual(
        details.issues.map(({ path, code }) => `${path} ${code}`),
        ["text invalid_type", "at invalid_type", "big required"],
      );
    });

    it("serves GET with path and query, and honours a sane request id", async () => {
      const reply = await send(base, {
        path: "/users/a%2Fb%20%C3%A9?verbose=yes",
        headers: { "x-request-id": "my-id.1" },
      });
      assert.equal(reply.status, 200, reply.text);
      const body = JSON.parse(reply.text) as { id: string; seen: Record<string, unknown> };
      assert.equal(body.id, "a/b é");
      assert.deepEqual(body.seen, {
        id: "a/b é",
        verbose: "yes",
        service: "users",
        endpoint: "get",
        caller: null,
        requestId: "my-id.1",
        hasDeadline: false,
        key: "k",
      });
      assert.equal(reply.headers["x-request-id"], "my-id.1");
      assert.equal(reply.headers["content-length"], String(Buffer.byteLength(reply.text)));
    });

    it("replaces a request id that could forge log lines", async () => {
      const reply = await send(base, { path: "/users/1", headers: { "x-request-id": "a b" } });
      assert.match(String(reply.headers["x-request-id"]), /^[0-9a-f-]{36}$/);
    });

    it("ignores internal headers from outside", async () => {
      const reply = await send(base, {
        path: "/users/1",
        headers: { "x-tenon-caller": "orders", "x-tenon-deadline-ms": "1", "x-tenon-forwarded": "1" },
      });
      const { seen } = JSON.parse(reply.text) as { seen: Record<string, unknown> };
      assert.equal(seen["caller"], null);
      assert.equal(seen["hasDeadline"], false);
    });

    it("answers HEAD like GET without the body", async () => {
      const [get, head] = [
        await send(base, { path: "/users/1", headers: { "x-request-id": "same" } }),
        await send(base, { method: "HEAD", path: "/users/1", headers: { "x-request-id": "same" } }),
      ];
      assert.equal(head.status, 200);
      assert.equal(head.text, "");
      assert.equal(head.headers["content-length"], get.headers["content-length"]);
      assert.equal(head.headers["content-type"], get.headers["content-type"]);
    });

    it("answers OPTIONS with 204 and Allow", async () => {
      const reply = await send(base, { method: "OPTIONS", path: "/users/1" });
      assert.deepEqual([reply.status, reply.headers["allow"], reply.text], [204, "GET, HEAD, OPTIONS", ""]);
      assert.equal((await send(base, { method: "OPTIONS", path: "*" })).status, 204);
      assert.equal((await send(base, { method: "OPTIONS", path: "/hidden" })).status, 404);
    });

    it("answers 200 with nothing where nothing is declared, and does not read a body it has no use for", async () => {
      const reply = await send(base, {
        method: "POST",
        path: "/nothing",
        headers: { "content-type": "text/plain" },
        body: "whatever",
      });
      assert.deepEqual([reply.status, reply.headers["content-length"], reply.text], [200, "0", ""]);
      assert.equal(reply.headers["content-type"], undefined);
    });

    it("takes +json types, a charset of UTF-8, a byte order mark, no content type, and chunks", async () => {
      for (const headers of [
        { "content-type": "application/merge-patch+json" },
        { "content-type": 'Application/JSON; charset="UTF-8"' },
        {},
        { "transfer-encoding": "chunked" },
      ] as Record<string, string>[]) {
        const reply = await send(base, small('\ufeff{"text":"é"}', headers));
        assert.deepEqual([reply.status, reply.text], [200, '{"text":"é"}'], JSON.stringify(headers));
      }
    });

    it("drops undeclared fields of request and response", async () => {
      const reply = await send(base, {
        method: "POST",
        path: "/echo",
        headers: JSON_HEADERS,
        body: '{"text":"a","at":"2026-01-01T00:00:00.000Z","big":"7","admin":true}',
      });
      assert.equal(reply.text, '{"text":"a","at":"2026-01-01T00:00:00.000Z","big":"7"}');
    });

    it("answers health checks", async () => {
      for (const path of ["/__tenon/healthz", "/__encore/healthz"]) {
        const reply = await send(base, { path });
        assert.deepEqual([reply.status, reply.text], [200, '{"status":"ok"}']);
      }
    });

    it("continues the caller's trace, and starts its own when the header is not valid", async () => {
      const traceId = "0af7651916cd43dd8448eb211c80319c";
      const joined = await send(base, {
        path: "/users/1",
        headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` },
      });
      assert.match(
        String(joined.headers["traceresponse"]),
        new RegExp(`^00-${traceId}-(?!b7ad6b7169203331)[0-9a-f]{16}-01$`),
      );
      const own = await send(base, {
        path: "/users/1",
        headers: { traceparent: `00-${"0".repeat(32)}-b7ad6b7169203331-01` },
      });
      assert.doesNotMatch(String(own.headers["traceresponse"]), /-0{32}-/);
    });

    it("takes as many headers as fit into the limit by size", async () => {
      const many = Array.from({ length: 1500 }, (_, i) => `h${i}: x\r\n`).join("");
      const large = `x-large: ${"a".repeat(16_000)}\r\n`;
      for (const lines of [many, large]) {
        const reply = await sendRaw(base, `GET /users/1 HTTP/1.1\r\n${lines}host: a\r\nconnection: close\r\n\r\n`);
        assert.match(reply, /^HTTP\/1\.1 200 /);
      }
    });

    it("refuses bytes that are not HTTP, and headers that are too large, as JSON", async () => {
      const garbage = await sendRaw(base, "NOT HTTP AT ALL\r\n\r\n");
      assert.match(garbage, /^HTTP\/1\.1 400 Bad Request\r\n/);
      assert.match(
        garbage,
        /\{"code":"invalid_argument","message":"the request is not valid HTTP\/1\.1: .+","details":null\}$/,
      );
      const large = await sendRaw(base, `GET / HTTP/1.1\r\nhost: a\r\nx-large: ${"a".repeat(20_000)}\r\n\r\n`);
      assert.match(large, /^HTTP\/1\.1 431 /);
      assert.match(large, /"code":"invalid_argument"/);
      const noHost = await sendRaw(base, "GET /users/1 HTTP/1.1\r\nconnection: close\r\n\r\n");
      assert.match(noHost, /^HTTP\/1\.1 400 [\s\S]*the host header is missing/);
      const both = await sendRaw(
        base,
        "POST /small HTTP/1.1\r\nhost: a\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n",
      );
      assert.match(both, /^HTTP\/1\.1 400 /);
    });

    it("takes the absolute form of a target", async () => {
      const reply = await sendRaw(
        base,
        "GET http://example.test/users/7 HTTP/1.1\r\nhost: example.test\r\nconnection: close\r\n\r\n",
      );
      assert.match(reply, /^HTTP\/1\.1 200 [\s\S]*"id":"7"/);
    });

    it("asks for a body only when it is going to read it", async () => {
      const head = (length: number) =>
        `POST /small HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\nexpect: 100-continue\r\n`;
      const accepted = await sendRaw(base, `${head(12)}connection: close\r\n\r\n{"text":"a"}`);
      assert.match(accepted, /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 [\s\S]*\{"text":"a"\}$/);
      const lost = await sendRaw(
        base,
        "POST /nowhere HTTP/1.1\r\nhost: a\r\ncontent-length: 12\r\nexpect: 100-continue\r\n\r\n",
      );
      assert.match(lost, /^HTTP\/1\.1 404 /);
      assert.match(lost, /\r\nconnection: close\r\n/i);
    });

    it("leaves nothing of a body that was refused half way to the requests after it", async () => {
      const { hostname, port } = new URL(base);
      const socket = connect(Number(port), hostname);
      const half = " ".repeat(100_000);
      socket.write(
        `POST /small HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 200000\r\nconnection: close\r\n\r\n${half}`,
      );
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.match(String(answer), /^HTTP\/1\.1 413 /);
      socket.resume();
      socket.write(half);
      await once(socket, "close");
      for (let count = 0; count < 3; count++) {
        const reply = await send(base, small('{"text":"after"}'));
        assert.deepEqual([reply.status, reply.text], [200, '{"text":"after"}']);
      }
    });

    it("goes on after a large body that was refused half way, on either side of the gateway", async () => {
      const { hostname, port } = new URL(base);
      const socket = connect(Number(port), hostname);
      const half = " ".repeat(400_000);
      socket.write(
        `POST /small HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 800000\r\n\r\n${half}`,
      );
      const [answer] = (await once(socket, "data")) as [Buffer];
      assert.match(String(answer), /^HTTP\/1\.1 413 /);
      socket.write(`${half}GET /users/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      const rest = (await socket.toArray()).join("");
      assert.match(rest, /HTTP\/1\.1 200 [\s\S]*"id":"1"/);
      for (let count = 0; count < 3; count++) {
        // Chunked: it goes over the connections that the large one went over.
        const chunked = "content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n";
        const body = '10\r\n{"text":"after"}\r\n0\r\n\r\n';
        const reply = await sendRaw(base, `POST /small HTTP/1.1\r\nhost: a\r\n${chunked}${body}`);
        assert.match(reply, /^HTTP\/1\.1 200 [\s\S]*"text":"after"/);
      }
    });

    it("keeps a connection after a refusal", async () => {
      const one = "POST /small HTTP/1.1\r\nhost: a\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{]";
      const replies = await sendRaw(base, `${one}GET /users/1 HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n`);
      assert.match(replies, /^HTTP\/1\.1 400 [\s\S]*HTTP\/1\.1 200 [\s\S]*"id":"1"/);
    });

    it("aborts the handler's signal when the client goes away", async () => {
      const stateNow = async () =>
        (JSON.parse((await send(base, { path: "/state" })).text) as { value: { hanging: number; stopped: number } })
          .value;
      const earlier = await stateNow();
      const controller = new AbortController();
      const hanging = fetch(`${base}/hang`, { method: "POST", signal: controller.signal });
      while ((await stateNow()).hanging === earlier.hanging) await new Promise((resolve) => setTimeout(resolve, 5));
      controller.abort();
      await assert.rejects(hanging);
      while ((await stateNow()).stopped === earlier.stopped) await new Promise((resolve) => setTimeout(resolve, 5));
    });
  });
}

describe("gateway", () => {
  let build: TestBuild;
  let worker: TestWorker;
  let gateway: OpenGateway;
  before(async () => {
    build = writeTestBuild();
    worker = await startWorker(testConfig(build.dir, {}));
    const address = (worker.answer as { internal: string }).internal;
    gateway = await createGateway({
      address: { host: "127.0.0.1", port: 0 },
      graph: testGraph(),
      remotes: { users: address, orders: address },
      credential: CREDENTIAL,
    });
  });
  after(async () => {
    await gateway.close({ timeoutMs: 1_000 });
    await worker.stop();
    build.remove();
  });

  it("answers 503 for a service that is not there, that has no address, or that refuses the credential", async () => {
    const address = (worker.answer as { internal: string }).internal;
    const ask = async (remotes: Record<string, string>, credential = CREDENTIAL) => {
      const other = await createGateway({
        address: { host: "127.0.0.1", port: 0 },
        graph: testGraph(),
        remotes,
        credential,
      });
      const reply = await send(other.address, { path: "/users/1" });
      await other.close({ timeoutMs: 1_000 });
      return `${reply.status} ${reply.text}`;
    };
    const unreachable = '503 {"code":"unavailable","message":"the service users could not be reached","details":null}';
    assert.equal(await ask({ users: `unix:${build.dir}/none.sock` }), unreachable);
    assert.equal(await ask({ users: address }, "wrong"), unreachable);
    assert.equal(
      await ask({}),
      '503 {"code":"unavailable","message":"no address is configured for the service users","details":null}',
    );
  });

  it("says that it is not ready until it knows the app", async () => {
    const early = await createGateway({
      address: { host: "127.0.0.1", port: 0 },
      graph: null,
      remotes: {},
      credential: CREDENTIAL,
    });
    const before = await send(early.address, { path: "/users/1" });
    assert.equal(before.status, 503);
    assert.equal((JSON.parse(before.text) as { code: string }).code, "unavailable");
    const address = (worker.answer as { internal: string }).internal;
    early.update({ graph: testGraph(), remotes: { users: address, orders: address } });
    assert.equal((await send(early.address, { path: "/users/1" })).status, 200);
    await early.close({ timeoutMs: 1_000 });
  });

  it("streams large bodies both ways", async () => {
    const text = "ž".repeat(500_000);
    const reply = await send(gateway.address, {
      method: "POST",
      path: "/echo",
      headers: JSON_HEADERS,
      body: JSON.stringify({ text, at: "2026-01-01T00:00:00.000Z", big: "1" }),
    });
    assert.equal(reply.status, 200);
    assert.equal((JSON.parse(reply.text) as { text: string }).text, text);
  });

  it("swaps routes and addresses in one step while requests are under way", async () => {
    const address = (worker.answer as { internal: string }).internal;
    const hanging = send(gateway.address, { method: "POST", path: "/hang" });
    let release = (_address: string) => {};
    const held = new Promise<string>((resolve) => (release = resolve));
    const graph = testGraph();
    const moved = {
      ...graph,
      services: graph.services.map((service) => ({
        ...service,
        endpoints: service.endpoints.filter((endpoint) => endpoint.name !== "echo"),
      })),
    };
    gateway.update({ graph: moved, remotes: () => held });
    assert.equal((await send(gateway.address, { method: "POST", path: "/echo" })).status, 404);
    const waiting = send(gateway.address, { path: "/users/1" });
    release(address);
    assert.equal((await waiting).status, 200);
    gateway.update({ graph, remotes: { users: address, orders: address } });
    assert.equal((await send(gateway.address, { path: "/users/1" })).status, 200);
    void hanging.catch(() => {});
  });

  it("lets requests under way finish when it closes, and takes no new ones", async () => {
    const address = (worker.answer as { internal: string }).internal;
    let release = (_address: string) => {};
    const held = new Promise<string>((resolve) => (release = resolve));
    let hasArrived = () => {};
    const arrived = new Promise<void>((resolve) => (hasArrived = resolve));
    const closing = await createGateway({
      address: { host: "127.0.0.1", port: 0 },
      graph: testGraph(),
      credential: CREDENTIAL,
      remotes: () => {
        hasArrived();
        return held;
      },
    });
    const underWay = send(closing.address, { path: "/users/1" });
    await arrived;
    const closed = closing.close({ timeoutMs: 10_000 });
    await assert.rejects(send(closing.address, { path: "/users/2" }), { code: "ECONNREFUSED" });
    release(address);
    const reply = await underWay;
    assert.equal(reply.status, 200);
    assert.equal(reply.headers["connection"], "close");
    await closed;
  });

  it("cuts off what is left when the time to close is over", async () => {
    const closing = await createGateway({
      address: { host: "127.0.0.1", port: 0 },
      graph: testGraph(),
      credential: CREDENTIAL,
      remotes: () => new Promise(() => {}),
    });
    const stuck = send(closing.address, { path: "/users/1" });
    stuck.catch(() => {});
    await closing.close({ timeoutMs: 100 });
    await assert.rejects(stuck);
  });

  it("says so when its port is taken", async () => {
    const { port } = new URL(gateway.address);
    await assert.rejects(
      createGateway({
        address: { host: "127.0.0.1", port: Number(port) },
        graph: testGraph(),
        credential: CREDENTIAL,
        remotes: {},
      }),
      { code: "address_in_use", message: `127.0.0.1:${port} is already in use`, hint: /--port/ },
    );
  });

  it("refuses a table with a conflict and keeps the old one", async () => {
    const graph = testGraph();
    const users = graph.services[1]!;
    const twice = {
      ...graph,
      services: [
        graph.services[0]!,
        { ...users, endpoints: [...users.endpoints, { ...users.endpoints[0]!, name: "again" }] },
      ],
    };
    assert.throws(() => gateway.update({ graph: twice, remotes: {} }), {
      code: "route_conflict",
      message: "users.get and users.again both answer GET /users/:id",
    });
    assert.equal((await send(gateway.address, { path: "/users/1" })).status, 200);
  });
});
