// `POST /api/call` against a real server in the app's place: what is sent, what is told of the answer, and what is refused.
import assert from "node:assert/strict";
import fs from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import type { Endpoint, Graph, HttpMethod } from "@tenon/model";
import type { AppStatus } from "../server/app-status.ts";
import { type Dashboard, startDashboard } from "../server/start-dashboard.ts";
import { createTraceStore, type TraceStore } from "../traces/trace-store.ts";
import type { CallAnswer, PrivateTarget } from "./call-endpoint.ts";

const folder = fs.mkdtempSync(join(tmpdir(), "tenon-call-"));
const traceId = "4bf92f3577b34da6a3ce929d0e0e4736";
const seen: {
  method?: string | undefined;
  url?: string | undefined;
  headers: http.IncomingHttpHeaders;
  body: string;
}[] = [];
const privately: PrivateTarget[] = [];
let store: TraceStore;
let dashboard: Dashboard;
let gateway: http.Server;
let status: AppStatus = { state: "starting", diagnostics: [] };

function endpoint(name: string, words: Partial<Endpoint> = {}): Endpoint {
  return {
    name,
    kind: "typed",
    methods: ["POST"] as HttpMethod[],
    path: { pattern: `/${name}`, segments: [{ kind: "literal", value: name }] },
    expose: true,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: null,
    fields: [],
    location: { file: "a.ts", line: 1, column: 1 },
    ...words,
  };
}

const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [
    {
      name: "users",
      directory: "users",
      calls: [],
      databases: [],
      secrets: [],
      endpoints: [
        endpoint("create", {
          request: { kind: "object", properties: [] },
          fields: [
            { name: "name", in: "body", wireName: "name" },
            { name: "tag", in: "header", wireName: "x-tag" },
          ],
        }),
        endpoint("forever", { methods: ["GET"], kind: "sse" }),
        endpoint("large", { methods: ["GET"] }),
        endpoint("picture", { methods: ["GET"] }),
        endpoint("talk", { kind: "stream-in-out" }),
        endpoint("inner", { expose: false, request: { kind: "object", properties: [] } }),
      ],
    },
  ],
  databases: [],
  secrets: [],
  schemas: {},
};

before(async () => {
  gateway = http.createServer((request, response) => {
    let body = "";
    request.setEncoding("utf8").on("data", (text) => {
      body += text;
    });
    request.on("end", () => {
      seen.push({ method: request.method, url: request.url, headers: request.headers, body });
      response.setHeader("traceresponse", `00-${traceId}-00f067aa0ba902b7-01`);
      response.setHeader("set-cookie", ["a=1", "b=2"]);
      if (request.url === "/forever") response.write("data: 1\n\n");
      else if (request.url === "/large") response.end("x".repeat(2_000_000));
      else if (request.url === "/picture") response.end(Buffer.from([0xff, 0xd8, 0]));
      else response.writeHead(404, "Not Here").end('{"code":"not_found"}');
    });
  });
  await new Promise<void>((resolve) => gateway.listen(0, "127.0.0.1", resolve));
  store = await createTraceStore({ folder: join(folder, "traces") });
  dashboard = await startDashboard({
    host: "127.0.0.1",
    port: 0,
    store,
    getGraph: () => graph,
    getStatus: () => status,
    describeApi: ({ app }, serverUrl) => ({ openapi: "3.1.0", info: { title: app.id }, servers: [{ url: serverUrl }] }),
    callPrivate: async (target) => {
      privately.push(target);
      return Response.json({ inside: true });
    },
    report: (error) => assert.fail(String(error)),
  });
});

after(async () => {
  await dashboard.close();
  gateway.closeAllConnections();
  gateway.close();
  store.close();
  fs.rmSync(folder, { recursive: true, force: true });
});

async function call(
  body: unknown,
): Promise<{ status: number; answer: CallAnswer & { code?: string; message?: string } }> {
  const response = await fetch(`${dashboard.url}/api/call`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  return { status: response.status, answer: (await response.json()) as CallAnswer };
}

test("says so while the app has no door yet", async () => {
  const { status: code, answer } = await call({ service: "users", endpoint: "create" });
  assert.deepEqual([code, answer.code], [503, "unavailable"]);
  status = {
    state: "running",
    gateway: `http://127.0.0.1:${(gateway.address() as AddressInfo).port}`,
    diagnostics: [],
  };
});

test("calls as anybody would, and tells of the answer whatever its status is", async () => {
  const { status: code, answer } = await call({
    service: "users",
    endpoint: "create",
    request: { name: "Ada", tag: "t" },
    headers: { "X-Mine": "m" },
  });
  assert.equal(code, 200);
  const sent = seen.at(-1);
  assert.deepEqual([sent?.method, sent?.url, sent?.body], ["POST", "/create", '{"name":"Ada"}']);
  assert.deepEqual([sent?.headers["x-tag"], sent?.headers["x-mine"]], ["t", "m"]);
  assert.deepEqual(
    [answer.request.method, answer.request.url, answer.request.body],
    ["POST", `${status.gateway}/create`, '{"name":"Ada"}'],
  );
  assert.deepEqual(
    [answer.response.status, answer.response.body, answer.traceId],
    [404, '{"code":"not_found"}', traceId],
  );
  assert.deepEqual(
    answer.response.headers.filter(([name]) => name === "set-cookie"),
    [
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ],
  );
  assert.ok(answer.durationMs >= answer.headMs && answer.headMs > 0);
});

test("of what has no end, or is large, or is no text, it shows what can be shown", async () => {
  const forever = await call({ service: "users", endpoint: "forever" });
  assert.deepEqual([forever.answer.response.body, forever.answer.response.truncated], ["data: 1\n\n", true]);
  const large = await call({ service: "users", endpoint: "large" });
  assert.deepEqual([large.answer.response.body.length, large.answer.response.truncated], [1024 * 1024, true]);
  const picture = await call({ service: "users", endpoint: "picture" });
  assert.deepEqual([picture.answer.response.body, picture.answer.response.encoding], ["/9gA", "base64"]);
});

test("private endpoints are called as services call them", async () => {
  const { answer } = await call({
    service: "users",
    endpoint: "inner",
    request: { id: 1 },
    auth: { auth: { userID: "u" } },
  });
  assert.deepEqual(answer.response.body, '{"inside":true}');
  const target = privately.at(-1);
  assert.deepEqual([target?.service, target?.endpoint, target?.body], ["users", "inner", '{"id":1}']);
  assert.deepEqual(target?.auth, { handler: "auth", data: { userID: "u" } });
  assert.equal(target?.traceparent.slice(3, 35), answer.traceId);
});

test("refuses what makes no sense, before anything is sent", async () => {
  const before = seen.length;
  const cases: [unknown, string][] = [
    [[], "invalid_argument"],
    [{ endpoint: "create" }, "invalid_argument"],
    [{ service: "users", endpoint: "gone" }, "not_found"],
    [{ service: "users", endpoint: "create", method: "GET" }, "invalid_argument"],
    [{ service: "users", endpoint: "create", request: [] }, "invalid_argument"],
    [{ service: "users", endpoint: "create", auth: { a: 1 } }, "invalid_argument"],
    [{ service: "users", endpoint: "create", headers: { "a b": "c" } }, "invalid_argument"],
    [{ service: "users", endpoint: "create", headers: { a: "b\r\nc: d" } }, "invalid_argument"],
    [{ service: "users", endpoint: "talk" }, "failed_precondition"],
  ];
  for (const [body, code] of cases) assert.equal((await call(body)).answer.code, code, JSON.stringify(body));
  assert.equal(seen.length, before);
});

test("the OpenAPI document names the running app, and is for this machine's pages only", async () => {
  const response = await fetch(`${dashboard.url}/api/openapi.json`);
  assert.equal(response.headers.get("access-control-allow-origin"), null);
  const document = (await response.json()) as { servers: { url: string }[] };
  assert.equal(document.servers[0]?.url, status.gateway);
});
