// Real libraries, unchanged, in raw endpoints: applications of other frameworks, GraphQL, sockets, uploads, MCP. The same in one process
// and behind the gateway.
import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { once as nextEvent } from "node:events";
import { after, before, describe, test } from "node:test";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { io } from "socket.io-client";
import { WebSocket } from "ws";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { indexSpans, outlineOf } from "./harness/spans.mjs";
import { runTenon, runTypeScript } from "./harness/tenon.mjs";

const json = { "content-type": "application/json" };
const once = (emitter, event) => nextEvent(emitter, event, { signal: AbortSignal.timeout(60_000) });

for (const topology of ["single", "per-service"]) {
  describe(`mounted libraries, ${topology}`, () => {
    let copy;
    let app;

    before(async () => {
      copy = await copyApp("conformance/apps/mounts");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("Express 5: parameters, bodies, cookies, errors, the client's address", async () => {
      const hello = await app.request("GET", "/express5/hello/Ada?x=1&x=2");
      assert.equal(hello.status, 200);
      assert.equal(hello.body.hello, "Ada");
      assert.deepEqual(hello.body.query, { x: ["1", "2"] });
      assert.match(hello.body.ip, /^(?:::ffff:)?127\.0\.0\.1$/);
      assert.equal(`http://${hello.body.host}`, app.gateway);
      assert.equal(hello.headers.get("set-cookie"), "seen=yes; Path=/; HttpOnly");
      assert.match(hello.headers.get("traceresponse"), /^00-/);
      const echo = await app.request("POST", "/express5/echo", { a: [1, "ü"] });
      assert.deepEqual([echo.status, echo.body], [201, { got: { a: [1, "ü"] } }]);
      const page = await app.request("GET", "/express5/page");
      assert.deepEqual([page.headers.get("content-type"), page.text], ["text/html; charset=utf-8", "<p>a page</p>"]);
      // Without the second, `fetch` asks for what no cache may answer.
      const conditions = { "if-none-match": page.headers.get("etag"), "cache-control": "max-age=0" };
      const notModified = await app.request("GET", "/express5/page", undefined, conditions);
      assert.equal(notModified.status, 304);
      const failed = await app.request("GET", "/express5/fail");
      assert.deepEqual([failed.status, failed.body], [500, { handled: "caught by the app" }]);
      assert.equal((await app.request("GET", "/express5/nothing")).status, 404);
      assert.deepEqual((await app.request("GET", "/express5/typed")).body, { pong: true });
    });

    test("Express 4 as Encore.ts writes it: forms and views", async () => {
      const form = await app.request("POST", "/express4/form", "a=1&b=ü", {
        "content-type": "application/x-www-form-urlencoded",
      });
      assert.deepEqual(form.body, { form: { a: "1", b: "ü" } });
      const view = await app.request("GET", "/express4/view");
      assert.match(view.text, /<h1>Hello Ada<\/h1>/);
    });

    test("Fastify, with its own validation", async () => {
      assert.deepEqual((await app.request("GET", "/fastify/hello/Ada")).body, { hello: "Ada" });
      assert.deepEqual((await app.request("POST", "/fastify/sum", { a: 1, b: 2 })).body, { sum: 3 });
      const wrong = await app.request("POST", "/fastify/sum", { a: 1 });
      assert.deepEqual([wrong.status, wrong.body.code], [400, "FST_ERR_VALIDATION"]);
    });

    test("Hono, with streams", async () => {
      const hello = await app.request("GET", "/hono/hello/Ada?y=1", undefined, { "x-twice": "a" });
      assert.deepEqual(hello.body, { hello: "Ada", twice: "a", url: `${app.gateway}/hono/hello/Ada?y=1` });
      const bytes = randomBytes(300_000);
      const echo = await fetch(`${app.gateway}/hono/echo`, { method: "POST", body: bytes });
      assert.equal(echo.status, 202);
      assert.ok(bytes.equals(Buffer.from(await echo.arrayBuffer())));
      assert.equal((await app.request("GET", "/hono/stream")).text, "one two three");
    });

    test("NestJS, with injection", async () => {
      assert.deepEqual((await app.request("GET", "/nest/cats/1")).body, { id: "1", name: "Tom" });
      assert.equal((await app.request("POST", "/nest/cats", { id: "2", name: "Kit" })).status, 201);
      assert.deepEqual((await app.request("GET", "/nest/cats/2")).body, { id: "2", name: "Kit" });
      const missing = await app.request("GET", "/nest/cats/3");
      assert.deepEqual([missing.status, missing.body.message], [404, "no such cat"]);
    });

    test("templates", async () => {
      const page = await app.request("GET", "/page/Grace%20%3CH%3E");
      assert.equal(page.text.trim(), "<h1>Hello Grace &lt;H&gt;</h1>");
      assert.equal(page.headers.get("content-type"), "text/html");
    });

    for (const path of ["/graphql", "/graphql/express"]) {
      test(`Apollo Server at ${path}`, async () => {
        const query = `query Q($name: String!) { hello(name: $name) pong }`;
        const reply = await app.request("POST", path, { query, variables: { name: "Ada" } });
        assert.deepEqual(reply.body, { data: { hello: "Hello Ada", pong: true } });
        const wrong = await app.request("POST", path, { query: "{ nothing }" });
        assert.deepEqual([wrong.status, wrong.body.errors.length], [400, 1]);
      });
    }

    test("busboy", async () => {
      const bytes = randomBytes(3_000_000);
      const form = new FormData();
      form.set("text", "not a file");
      form.set("file", new Blob([bytes], { type: "image/png" }), "a.png");
      const reply = await fetch(`${app.gateway}/files`, { method: "POST", body: form });
      const hash = createHash("sha256").update(bytes).digest("hex");
      assert.deepEqual(await reply.json(), [
        { field: "file", filename: "a.png", mimeType: "image/png", bytes: 3_000_000, hash },
      ]);
    });

    test("an MCP server, asked by the SDK's own client", async () => {
      const client = new Client({ name: "test", version: "1.0.0" });
      await client.connect(new StreamableHTTPClientTransport(new URL(`${app.gateway}/mcp`)));
      const { tools } = await client.listTools();
      assert.deepEqual(
        tools.map(({ name }) => name),
        ["add"],
      );
      const result = await client.callTool({ name: "add", arguments: { a: 2, b: 3 } });
      assert.equal(result.content[0].text, "5");
      await client.close();
    });

    for (const transports of [["polling"], ["websocket"], ["polling", "websocket"]]) {
      test(`socket.io by ${transports.join(", then ")}`, async () => {
        const socket = io(app.gateway, { path: "/socket", transports, reconnection: false });
        try {
          await once(socket, "connect");
          assert.equal(await socket.timeout(30_000).emitWithAck("add", 2, 3), 5);
          if (transports.length === 2) {
            await eventually("the upgrade", () => socket.io.engine.transport.name === "websocket");
          }
          const said = once(socket, "said");
          socket.emit("say", "hello");
          assert.deepEqual(await said, ["hello", transports.at(-1)]);
        } finally {
          socket.disconnect();
        }
      });
    }

    test("ws in a handler: messages both ways, a large one, and the end on both sides", async () => {
      const address = app.gateway.replace("http", "ws");
      const socket = new WebSocket(`${address}/ws/echo`);
      await once(socket, "open");
      const text = once(socket, "message");
      socket.send("grüße");
      assert.equal(String((await text)[0]), "grüße");
      const bytes = randomBytes(2_000_000);
      const large = once(socket, "message");
      socket.send(bytes);
      assert.ok(bytes.equals((await large)[0]));
      const closing = once(socket, "close");
      socket.close(1000);
      await closing;
      await eventually("the server to know", async () => {
        const state = await app.request("GET", "/ws/echo");
        assert.equal(state.status, 426);
        return state.text === "closed 1";
      });
    });

    test("a handler that knows nothing of upgrades answers them", async () => {
      const address = app.gateway.replace("http", "ws");
      for (const [path, status] of [
        ["/ws/plain", 200],
        ["/ws/failing", 500],
      ]) {
        const socket = new WebSocket(`${address}${path}`);
        const [, response] = await once(socket, "unexpected-response");
        assert.equal(response.statusCode, status);
        assert.match(response.headers.traceresponse, /^00-/);
        socket.on("error", () => {});
        socket.terminate();
      }
    });

    test("what mounted code does is in the trace", async () => {
      const reply = await app.request("GET", "/express5/typed", undefined, json);
      const traceId = reply.headers.get("traceresponse").split("-")[1];
      const trace = await eventually("the trace", async () => {
        const found = await app.fromDashboard(`/api/traces/${traceId}`);
        return found.spans.length >= 4 ? found : undefined;
      });
      const spans = indexSpans(trace);
      const endpoint = spans.find("web", "web.express5", "server");
      const call = spans.find("live", "live.ping", "server");
      assert.equal(endpoint?.attributes["http.response.status_code"], 200, outlineOf(trace));
      assert.ok(spans.ancestorsOf(call).includes(endpoint), outlineOf(trace));
    });
  });
}

test("the app type-checks, by `tenon check` and by tsc", async () => {
  const copy = await copyApp("conformance/apps/mounts");
  try {
    const check = await runTenon(["check", copy.dir]);
    assert.equal(check.code, 0, check.stdout + check.stderr);
    const types = await runTypeScript("classic", copy.dir);
    assert.equal(types.code, 0, types.stdout);
  } finally {
    await copy.remove();
  }
});
