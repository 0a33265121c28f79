// Streams of every kind, in every topology: between services, over WebSockets, as server-sent events and as lines; with slow readers,
// clients that vanish, proxies on the way, and processes that stop.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { createServer, request as sendRequest } from "node:http";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { chromiumPath, startBrowser } from "./harness/browser.mjs";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";
import { connect } from "./harness/web-socket.mjs";

const apiError = (code, message, details = null) => ({ isAPIError: true, code, message, details });

/** What each case of the app's caller must give, whether or not the other service lives in the same process. */
const betweenServices = {
  talk: {
    heard: [
      { from: "room", text: "welcome ann with t" },
      { from: "ann", text: "one" },
    ],
    afterwards: apiError("failed_precondition", "the stream of chat.talk has been closed on this side"),
  },
  upload: { chunks: 3, text: "a b c" },
  "an early response": { chunks: 1, text: "only" },
  ticks: [1, 2, 3].map((n) => ({ n, at: n, padding: "" })),
  "many messages": 12_502_500,
  "a handshake that is not valid": ({ code, details }) => {
    assert.equal(code, "invalid_argument");
    assert.equal(details.issues[0].path, "count");
  },
  "a message that is not valid": ({ isAPIError, code, message, details }) => {
    assert.equal(isAPIError, true);
    assert.equal(code, "invalid_argument");
    assert.match(message, /^a message to chat\.upload is not valid: data must be a string/);
    assert.equal(details.issues[0].path, "data");
  },
  "a handler that refuses": apiError("failed_precondition", "no more of this", { after: 1 }),
  "a handler that crashes": apiError("internal", "an internal error occurred"),
  "what comes behind the end": apiError("out_of_range", "the other side of chat.ticks has nothing more to say"),
  "a caller that cancels": ({ code }) => assert.equal(code, "canceled"),
  "a caller that closes": { text: "x" },
  "the caller's half": { echo: { text: "x" } },
  "for somebody": {
    text: "ann",
    nobody: apiError("unauthenticated", "chat.whoami answers authenticated callers only"),
  },
  numbers: [1, 2, 3, 4].map((n) => ({ n, square: n * n })),
  "numbers, not all": 3,
  "numbers that fail": { numbers: [1, 2], error: apiError("out_of_range", "too far", { n: 3 }) },
  events: [1, 2, 3].map((n) => ({ id: String(n), event: "tick", retryMs: 50, n, isDate: true })),
  "events of no room": apiError("not_found", "no such room"),
};

const outcomes = { single: {}, "per-service": {} };

for (const topology of Object.keys(outcomes)) {
  describe(`streams, topology ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/streams");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy?.remove();
    });

    const seen = async () => (await app.request("GET", "/seen")).body;
    const memoryMb = async () => (await app.request("GET", "/memory")).body.memoryMb;
    const forget = () => app.request("POST", "/forget");

    describe("between services", () => {
      for (const [name, expected] of Object.entries(betweenServices)) {
        test(name, async () => {
          const { body } = await app.request("POST", "/run", { name });
          outcomes[topology][name] = body.outcome;
          if (typeof expected === "function") expected(body.outcome);
          else assert.deepEqual(body.outcome, expected);
        });
      }

      test("no case is left out", async () => {
        const { body } = await app.request("GET", "/cases");
        assert.deepEqual(body.names.toSorted(), Object.keys(betweenServices).toSorted());
      });

      test("a handler learns how its caller has left", async () => {
        await forget();
        await app.request("POST", "/run", { name: "a caller that closes" });
        await eventually("the end", async () => (await seen()).ended.includes("end"));
        await forget();
        await app.request("POST", "/run", { name: "a caller that cancels" });
        await eventually("the error", async () => (await seen()).ended.includes("error canceled"));
        await eventually("the signal", async () => (await seen()).ended.includes("signal canceled"));
        await forget();
        await app.request("POST", "/run", { name: "numbers, not all" });
        await eventually("the generator to end", async () => (await seen()).ended.includes("numbers"));
        assert.ok((await seen()).given < 10_000);
      });
    });

    describe("over a WebSocket", () => {
      test("a room: path, query, and a header in a subprotocol as browsers send it", async () => {
        const headers = `encore.dev.headers.${Buffer.from('{"x-token":"secret"}').toString("base64url")}`;
        const ann = await connect(app.gateway, "/rooms/a?name=ann", { protocols: ["encore-ws", headers] });
        assert.equal(ann.socket.protocol, "encore-ws");
        assert.deepEqual(await ann.next(), { from: "room", text: "welcome ann with secret" });
        const bob = await connect(app.gateway, "/rooms/a?name=bob");
        assert.equal(bob.socket.protocol, "");
        assert.deepEqual(await bob.next(), { from: "room", text: "welcome bob" });
        ann.send({ text: "hello", secret: "not declared" });
        assert.deepEqual(await bob.next(), { from: "ann", text: "hello" });
        assert.deepEqual(await ann.next(), { from: "ann", text: "hello" });
        await ann.close();
        assert.deepEqual(await bob.next(), { from: "room", text: "ann left" });
        await bob.close();
      });

      test("a response comes last; the client ends with an empty message, or with what the handler takes for the end", async () => {
        const upload = await connect(app.gateway, "/upload");
        upload.send({ data: "a" });
        upload.socket.send(Buffer.from('{"data":"b"}'));
        upload.socket.send("");
        assert.deepEqual(await upload.next(), { chunks: 2, text: "a b" });
        assert.deepEqual(await upload.closed, { code: 1000, reason: "" });
        const other = await connect(app.gateway, "/upload");
        other.send({ data: "all", done: true });
        assert.deepEqual(await other.next(), { chunks: 1, text: "all" });
        assert.equal((await other.closed).code, 1000);
      });

      const refused = [
        [
          "a message that is not valid",
          '{"data":1}',
          1007,
          "invalid_argument",
          /chat\.upload is not valid: data must be/,
        ],
        ["a message that is not JSON", "{", 1007, "invalid_argument", /it is not JSON/],
        ["an error of the handler", '{"data":"fail"}', 4400, "failed_precondition", /^no more of this$/],
        ["an unexpected error", '{"data":"crash"}', 1011, "internal", /^an internal error occurred$/],
      ];
      for (const [name, message, code, errorCode, text] of refused) {
        test(`${name} closes with ${code}`, async () => {
          const upload = await connect(app.gateway, "/upload");
          upload.socket.send(message);
          const end = await upload.closed;
          assert.equal(end.code, code);
          const reason = JSON.parse(end.reason);
          assert.equal(reason.code, errorCode);
          assert.match(reason.message, text);
        });
      }

      test("a message that is too large closes with 1009, one that is not UTF-8 with 1007", async () => {
        const upload = await connect(app.gateway, "/upload");
        upload.send({ data: "x".repeat(1024) });
        assert.equal((await upload.closed).code, 1009);
        const other = await connect(app.gateway, "/upload");
        other.socket.send(Buffer.from([0x22, 0xff, 0x22]));
        assert.equal((await other.closed).code, 1007);
      });

      test("what can be refused before the upgrade is an answer", async () => {
        const answers = [
          ["/ticks?count=three", 400, "invalid_argument"],
          ["/nowhere", 404, "not_found"],
          ["/rooms/a", 400, "invalid_argument"],
        ];
        for (const [path, status, code] of answers) {
          const error = await connect(app.gateway, path).catch((reason) => reason);
          assert.deepEqual([path, error.status, error.body?.code], [path, status, code]);
        }
        const bad = `encore.dev.headers.${Buffer.from('{"cookie":"a=b"}').toString("base64url")}`;
        const error = await connect(app.gateway, "/rooms/a?name=x", { protocols: [bad] }).catch((reason) => reason);
        assert.equal(error.status, 400);
        const plain = await app.request("GET", "/ticks?count=1");
        assert.equal(plain.status, 426);
        assert.equal(plain.body.code, "failed_precondition");
      });

      test("a stream for authenticated callers", async () => {
        const nobody = await connect(app.gateway, "/whoami").catch((reason) => reason);
        assert.deepEqual([nobody.status, nobody.body.code], [401, "unauthenticated"]);
        const bob = await connect(app.gateway, "/whoami?as=bob");
        assert.deepEqual(await bob.next(), { text: "bob" });
      });

      test("a stream out: projected messages in order, and an orderly end", async () => {
        const ticks = await connect(app.gateway, "/ticks?count=3");
        await ticks.closed;
        assert.deepEqual(
          ticks.messages,
          [1, 2, 3].map((n) => ({ n, at: new Date(n).toISOString(), padding: "" })),
        );
        assert.equal(ticks.end.code, 1000);
        const refusing = await connect(app.gateway, "/ticks?count=-1");
        assert.deepEqual(JSON.parse((await refusing.closed).reason), {
          code: "invalid_argument",
          message: "count must not be negative",
        });
        assert.equal(refusing.end.code, 4400);
      });

      test("a message that breaks the contract is not sent", async () => {
        const wrong = await connect(app.gateway, "/wrong");
        assert.equal((await wrong.closed).code, 1011);
        assert.deepEqual(wrong.messages, [{ text: "right" }]);
        assert.doesNotMatch(wrong.end.reason, /42/);
      });

      test("a handler that has returned does not end what something else goes on sending to", async () => {
        const listeners = [await connect(app.gateway, "/listen"), await connect(app.gateway, "/listen")];
        await eventually("both", async () => (await app.request("POST", "/shout", { text: "?" })).body.listeners === 2);
        await app.request("POST", "/shout", { text: "now" });
        for (const listener of listeners) {
          while ((await listener.next()).text !== "now");
          listener.socket.terminate();
        }
        await eventually(
          "nobody",
          async () => (await app.request("POST", "/shout", { text: "?" })).body.listeners === 0,
        );
      });

      test("a handler learns whether its client has left in good order", async () => {
        await forget();
        const polite = await connect(app.gateway, "/wait");
        polite.send({ text: "x" });
        assert.deepEqual(await polite.next(), { text: "x" });
        await polite.close();
        await eventually("the end", async () => (await seen()).ended.length >= 2);
        assert.deepEqual((await seen()).ended.toSorted(), ["end", "signal out_of_range"]);
        await forget();
        const rude = await connect(app.gateway, "/wait");
        rude.send({ text: "x" });
        await rude.next();
        rude.socket.terminate();
        await eventually("the error", async () => (await seen()).ended.length >= 2);
        assert.deepEqual((await seen()).ended.toSorted(), ["error canceled", "signal canceled"]);
      });

      test("a client that does not answer pings is given up, one that does is not", async () => {
        const dead = await connect(app.gateway, "/listen", { autoPong: false });
        const alive = await connect(app.gateway, "/listen");
        assert.equal((await dead.closed).code, 1006);
        assert.equal(alive.end, undefined);
        await app.request("POST", "/shout", { text: "still there" });
        assert.deepEqual(await alive.next(), { text: "still there" });
        await alive.close();
      });

      test("10,000 messages to a reader that does not read: the handler waits, memory is bounded, none is lost", async (t) => {
        await forget();
        const beforeMb = await memoryMb();
        const reader = await connect(app.gateway, "/ticks?count=10000&padding=10000");
        reader.socket.pause();
        let { sent } = await seen();
        // As long as the buffers on the way still take some.
        await eventually(
          "the handler to wait",
          async () => {
            const now = await seen();
            const isWaiting = now.sent > 0 && now.sent === sent;
            sent = now.sent;
            return isWaiting;
          },
          { everyMs: 200 },
        );
        assert.ok(sent < 9_000, `${sent} messages are on the way`);
        const moreMb = (await memoryMb()) - beforeMb;
        t.diagnostic(`${sent} of 10,000 messages (100 MB) on the way, ${moreMb} MB more memory`);
        assert.ok(moreMb < 80, `${moreMb} MB`);
        reader.socket.resume();
        await reader.closed;
        assert.equal(reader.received, 10_000);
        assert.deepEqual(reader.messages.at(-1).n, 10_000);
        assert.equal(reader.end.code, 1000);
      });

      test("a reader that does not read what nobody waits for is given up", async () => {
        await forget();
        const beforeMb = await memoryMb();
        const reader = await connect(app.gateway, "/flood");
        reader.socket.pause();
        await eventually("the handler to be told", async () =>
          (await seen()).ended.includes("flood resource_exhausted"),
        );
        const moreMb = (await memoryMb()) - beforeMb;
        assert.ok(moreMb < 80, `${moreMb} MB`);
        reader.socket.resume();
        assert.equal((await reader.closed).code, 1006);
      });

      test("10,000 messages to a handler that takes its time: the client waits, none is lost", async (t) => {
        const writer = await connect(app.gateway, "/slow");
        const beforeMb = await memoryMb();
        const data = "x".repeat(10_000);
        let peak = 0;
        for (let n = 0; n < 10_000; n++) {
          writer.send({ data });
          if (n % 500 === 0) {
            await new Promise((resolve) => setImmediate(resolve));
            peak = Math.max(peak, writer.socket.bufferedAmount);
          }
        }
        const moreMb = (await memoryMb()) - beforeMb;
        t.diagnostic(`${moreMb} MB more memory, ${Math.round(peak / 1e6)} MB left to the client`);
        assert.ok(moreMb < 80, `${moreMb} MB`);
        writer.socket.send("");
        assert.deepEqual(await writer.next(), { chunks: 10_000 });
      });
    });

    describe("as server-sent events", () => {
      test("events with id, name and time to wait, from behind the last one that is known", async () => {
        const response = await fetch(`${app.gateway}/events/a?count=2`, { headers: { "last-event-id": "4" } });
        assert.equal(response.headers.get("content-type"), "text/event-stream");
        assert.equal(response.headers.get("cache-control"), "no-cache, no-transform");
        assert.equal(response.headers.get("x-accel-buffering"), "no");
        const event = (n) =>
          `retry: 50\nid: ${n}\nevent: tick\ndata: {"room":"a","n":${n},"at":"${new Date(n).toISOString()}"}\n\n`;
        assert.equal(await response.text(), event(5) + event(6));
      });

      test("an error before the first event is an answer, one after it is an event; no event is no content", async () => {
        const unknown = await app.request("GET", "/events/none");
        assert.deepEqual([unknown.status, unknown.body.code], [404, "not_found"]);
        const broken = await (await fetch(`${app.gateway}/events/broken?count=1`)).text();
        assert.match(broken, /event: error\ndata: \{"code":"aborted","message":"lost the room","details":null\}\n\n$/);
        const empty = await app.request("GET", "/events/a?count=0");
        assert.deepEqual([empty.status, empty.text], [204, ""]);
        await forget();
        const head = await fetch(`${app.gateway}/events/quiet`, { method: "HEAD" });
        assert.deepEqual([head.status, head.headers.get("content-type")], [200, "text/event-stream"]);
        assert.deepEqual((await seen()).ended, []);
      });

      test("through a proxy: events arrive as they are yielded, signs of life between them, and the handler learns of the end", async () => {
        await forget();
        const proxy = createServer((request, response) => {
          const upstream = sendRequest(`${app.gateway}${request.url}`, { headers: request.headers }, (answer) => {
            response.writeHead(answer.statusCode, answer.headers);
            answer.pipe(response);
          });
          request.pipe(upstream);
          response.once("close", () => upstream.destroy());
        });
        proxy.listen(0, "127.0.0.1");
        await new Promise((resolve) => proxy.once("listening", resolve));
        const controller = new AbortController();
        const response = await fetch(`http://127.0.0.1:${proxy.address().port}/events/quiet?count=2`, {
          signal: controller.signal,
        });
        let text = "";
        const reader = response.body.getReader();
        while (!text.endsWith(":\n\n:\n\n")) text += Buffer.from((await reader.read()).value).toString();
        assert.equal(text.match(/^id: /gm).length, 2);
        assert.deepEqual((await seen()).ended, []);
        controller.abort();
        await reader.read().catch(() => {});
        await eventually("the handler to be told", async () => (await seen()).ended.includes("events quiet aborted"));
        proxy.close();
        proxy.closeAllConnections();
      });
    });

    describe("as lines", () => {
      test("one projected item a line", async () => {
        const response = await fetch(`${app.gateway}/numbers?to=3`);
        assert.equal(response.headers.get("content-type"), "application/x-ndjson");
        assert.equal(await response.text(), [1, 2, 3].map((n) => `{"n":${n},"square":${n * n}}\n`).join(""));
      });

      test("an error before the first item is an answer, one after it is the last line", async () => {
        const early = await app.request("GET", "/numbers?to=3&failAt=1");
        assert.deepEqual(
          [early.status, early.body],
          [400, { code: "out_of_range", message: "too far", details: { n: 1 } }],
        );
        const late = await (await fetch(`${app.gateway}/numbers?to=3&failAt=2`)).text();
        assert.equal(
          late,
          '{"n":1,"square":1}\n{"error":{"code":"out_of_range","message":"too far","details":{"n":2}}}\n',
        );
        assert.equal((await app.request("GET", "/numbers?to=x")).status, 400);
      });

      test("a handler is asked for no more than is read, and told when nobody reads any more", async () => {
        await forget();
        const request = sendRequest(`${app.gateway}/numbers?to=100000000`, { agent: false });
        const response = await new Promise((resolve, reject) => {
          request.once("response", resolve);
          request.once("error", reject);
          request.end();
        });
        let { given } = await seen();
        await eventually(
          "the handler to wait",
          async () => {
            const now = await seen();
            const isWaiting = now.given > 0 && now.given === given;
            given = now.given;
            return isWaiting;
          },
          { everyMs: 200 },
        );
        response.destroy();
        await eventually("the handler to be told", async () => (await seen()).ended.includes("numbers"));
      });
    });

    test("a real browser: WebSocket with headers, EventSource that comes back for what it has missed", {
      skip: chromiumPath() === undefined && "there is no Chromium here",
    }, async () => {
      const browser = await startBrowser(chromiumPath());
      try {
        const page = await browser.newPage();
        const inBrowser = await page.evaluate(async (gateway) => {
          const header = `tenon.headers.${btoa('{"x-token":"t"}').replaceAll("=", "")}`;
          const socket = new WebSocket(`${gateway.replace("http", "ws")}/rooms/b?name=page`, ["encore-ws", header]);
          const heard = [];
          await new Promise((resolve, reject) => {
            socket.onerror = () => reject(new Error("no WebSocket"));
            socket.onopen = () => socket.send('{"text":"from a page"}');
            socket.onmessage = ({ data }) => heard.push(JSON.parse(data).text) === 2 && resolve();
          });
          const end = new Promise((resolve) => socket.addEventListener("close", ({ code }) => resolve(code)));
          socket.close();
          const events = new EventSource(`${gateway}/events/page?count=2`);
          const ids = [];
          await new Promise((resolve) => {
            events.addEventListener("tick", ({ lastEventId }) => ids.push(lastEventId) === 5 && resolve());
          });
          events.close();
          return { protocol: socket.protocol, heard, code: await end, ids };
        }, app.gateway);
        assert.deepEqual(inBrowser, {
          protocol: "encore-ws",
          heard: ["welcome page with t", "from a page"],
          code: 1005,
          ids: ["1", "2", "3", "4", "5"],
        });
      } finally {
        await browser.close();
      }
    });

    test("an edit sends clients to the new version", async () => {
      const waiting = await connect(app.gateway, "/wait");
      const file = join(copy.dir, "chat/chat.ts");
      const source = await readFile(file, "utf8");
      await writeFile(
        file,
        source.replace("await stream.send(said);", 'await stream.send({ text: "new " + said.text });'),
      );
      assert.equal((await waiting.closed).code, 1001);
      const again = await connect(app.gateway, "/wait");
      again.send({ text: "version" });
      assert.deepEqual(await again.next(), { text: "new version" });
      await again.close();
    });

    test("one span for each stream, from the gateway on, with the number of messages", async () => {
      const ticks = await connect(app.gateway, "/ticks?count=7");
      await ticks.closed;
      const span = await eventually("the span", async () => {
        const { traces } = await app.fromDashboard("/api/traces?limit=50");
        for (const { traceId, root } of traces) {
          if (root.path !== "/ticks") continue;
          const { spans } = await app.fromDashboard(`/api/traces/${traceId}`);
          const found = spans.find((one) => one.name === "chat.ticks" && one.attributes["tenon.stream.sent"] === 7);
          const gateway = spans.find((one) => one.spanId === found?.parentSpanId);
          if (gateway !== undefined) return { found, gateway };
        }
        return undefined;
      });
      assert.equal(span.gateway.attributes["http.response.status_code"], 101);
      assert.equal(span.gateway.attributes["http.route"], "/ticks");
      assert.equal(span.found.status, "unset");
    });

    test("a process that stops tells its streams to come again", async () => {
      const waiting = await connect(app.gateway, "/wait");
      const events = await fetch(`${app.gateway}/events/quiet?count=1`);
      const text = events.text();
      const stopped = app.stop();
      const end = await waiting.closed;
      assert.equal(end.code, 1001);
      assert.equal(JSON.parse(end.reason).code, "unavailable");
      assert.match(await text, /^retry: 50\nid: 1\n/);
      const { code, signal } = await stopped;
      assert.deepEqual([code, signal], [0, null]);
      app = undefined;
    });
  });
}

test("a production build on its own: streams from outside and between services, told to come again when it stops", async () => {
  const copy = await copyApp("conformance/apps/streams");
  let child;
  try {
    const built = await runTenon(["build", copy.dir, "--no-check"]);
    assert.equal(built.code, 0, built.stderr);
    child = spawn(process.execPath, [join(copy.dir, ".tenon/build/main.js"), "--port", "0"], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const gateway = await eventually("the process to serve", () => /"gateway":"([^"]+)"/.exec(output)?.[1]);
    const ticks = await connect(gateway, "/ticks?count=2");
    assert.equal((await ticks.closed).code, 1000);
    assert.equal(ticks.received, 2);
    const ran = await fetch(`${gateway}/run`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: '{"name":"talk"}',
    });
    assert.deepEqual((await ran.json()).outcome, betweenServices.talk);
    const waiting = await connect(gateway, "/wait");
    const exited = new Promise((resolve) => child.once("exit", (code) => resolve(code)));
    child.kill("SIGTERM");
    assert.equal((await waiting.closed).code, 1001);
    assert.equal(await exited, 0);
  } finally {
    child?.kill("SIGKILL");
    await copy.remove();
  }
});

test("both topologies gave the same outcomes", () => {
  assert.equal(Object.keys(outcomes.single).length, Object.keys(betweenServices).length);
  assert.deepEqual(outcomes.single, outcomes["per-service"]);
});
