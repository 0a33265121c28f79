// Raw endpoints and folders of files in every way of running an app: what a handler sees, what it is told, what it may write, and that
// large bodies and slow or vanishing clients cost no memory.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as sendRequest } from "node:http";
import { after, before, describe, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gunzipSync } from "node:zlib";
import { eventually } from "./harness/eventually.mjs";
import { everywhere } from "./harness/everywhere.mjs";
import { indexSpans, outlineOf } from "./harness/spans.mjs";

const MIB = 1024 * 1024;
/** Generous: garbage collection takes its time. Whoever holds on to what passes through is found out. */
const MAX_GROWTH_BYTES = 160 * MIB;
const PASSED_MIB = 240;

/** A request whose body is left to the caller; neither `fetch` nor `URL`, which put headers and paths in order. */
function open(gateway, method, path, headers = {}) {
  const { hostname, port } = new URL(gateway);
  const request = sendRequest({ hostname, port, path, method, headers, agent: false });
  request.on("error", () => {});
  return {
    request,
    answer: once(request, "response", { signal: AbortSignal.timeout(30_000) }).then(([answer]) => answer),
  };
}

async function read(answer) {
  const chunks = [];
  for await (const chunk of answer) chunks.push(chunk);
  return Buffer.concat(chunks);
}

async function send(gateway, method, path, { headers, body } = {}) {
  const { request, answer } = open(gateway, method, path, headers);
  request.end(body);
  const head = await answer;
  const bytes = await read(head);
  return {
    status: head.statusCode,
    statusText: head.statusMessage,
    headers: head.headers,
    trailers: head.trailers,
    bytes,
    text: String(bytes),
  };
}

const json = (reply) => JSON.parse(reply.text);

for (const { name, start } of everywhere("conformance/apps/raw", { apart: ["files"] })) {
  describe(name, () => {
    let app;
    let gateway;
    before(async () => {
      app = await start();
      gateway = app.gateway;
    });
    after(async () => {
      await app?.stop();
    });
    const state = async () => json(await send(gateway, "GET", "/state"));

    test("a handler sees the request as it was sent, and where it came from", async () => {
      const reply = await send(gateway, "POST", "/show/7/a/b%2Fc?x=1&x=2", {
        headers: { "X-Twice": ["1", "2"], "x-tenon-caller": "nobody", "x-forwarded-for": "10.0.0.1", cookie: "a=b" },
        body: "hello",
      });
      assert.deepEqual([reply.status, reply.statusText], [200, "Shown"]);
      assert.deepEqual(reply.headers["set-cookie"], ["a=1", "b=2"]);
      assert.equal(reply.headers["x-marked"], "yes");
      assert.match(reply.headers.traceresponse, /^00-/);
      const seen = json(reply);
      assert.deepEqual(
        {
          method: seen.method,
          url: seen.url,
          body: seen.body,
          params: seen.params,
          raw: seen.raw,
          caller: seen.caller,
        },
        {
          method: "POST",
          url: "/show/7/a/b%2Fc?x=1&x=2",
          body: "hello",
          params: { id: "7", rest: "a/b/c" },
          raw: true,
          caller: null,
        },
      );
      assert.equal(`http://${seen.headers.host}`, gateway);
      assert.equal(seen.headers.cookie, "a=b");
      assert.equal(seen.headers["x-twice"], "1, 2");
      assert.match(seen.remoteAddress, /^(?:::ffff:)?127\.0\.0\.1$/);
      assert.equal(seen.headers["x-forwarded-for"], `10.0.0.1, ${seen.remoteAddress}`);
      assert.equal(seen.headers["x-request-id"], reply.headers["x-request-id"]);
      const names = seen.rawHeaders.filter((_, index) => index % 2 === 0).map((one) => one.toLowerCase());
      assert.deepEqual(
        [...names].filter((one) => one.startsWith("x-tenon")),
        [],
      );
      assert.deepEqual([...new Set(names)].sort(), Object.keys(seen.headers).sort());
    });

    test("an empty rest of the path is no parameter at all", async () => {
      assert.deepEqual(json(await send(gateway, "GET", "/rest")), {});
      assert.deepEqual(json(await send(gateway, "GET", "/rest/")), {});
      assert.deepEqual(json(await send(gateway, "GET", "/rest/a/b")), { path: "a/b" });
    });

    test("what is thrown is answered as any endpoint's error, with nothing of the answer that was meant", async () => {
      const refused = await send(gateway, "GET", "/fail/api");
      assert.equal(refused.status, 404);
      assert.deepEqual(json(refused), { code: "not_found", message: "no such thing", details: { id: 7 } });
      assert.equal(refused.headers["cache-control"], undefined);
      const failed = await send(gateway, "GET", "/fail/unknown");
      assert.deepEqual([failed.status, json(failed).code], [500, "internal"]);
      assert.ok(!failed.text.includes("nobody's business"));
      await assert.rejects(send(gateway, "GET", "/fail/late"), { code: "ECONNRESET" });
    });

    test("middleware runs around it, and may answer instead", async () => {
      const stopped = await send(gateway, "GET", "/show/1/x", { headers: { "x-stop": "1" } });
      assert.deepEqual([stopped.status, json(stopped)], [418, { stopped: true }]);
    });

    test("authentication is demanded, and private endpoints are not there", async () => {
      assert.equal((await send(gateway, "GET", "/guarded")).status, 401);
      const [hidden, nowhere] = [await send(gateway, "POST", "/private/a"), await send(gateway, "POST", "/nowhere/a")];
      assert.equal(hidden.status, nowhere.status);
      assert.equal(hidden.text.replace("private", "nowhere"), nowhere.text);
    });

    test("a page of another origin may read the answer, unless the handler has its own word on that", async () => {
      const headers = { origin: "https://page.example" };
      const shown = await send(gateway, "GET", "/show/1/x", { headers });
      assert.equal(shown.headers["access-control-allow-origin"], "https://page.example");
      const own = await send(gateway, "GET", "/open", { headers });
      assert.equal(own.headers["access-control-allow-origin"], "https://own.example");
      assert.equal(own.headers.vary, "accept, origin");
    });

    test("trailers go both ways", async () => {
      const reply = await send(gateway, "GET", "/trailers");
      assert.deepEqual([reply.text, reply.trailers["x-checksum"]], ["body", "abc"]);
      const { request, answer } = open(gateway, "POST", "/show/1/x", { trailer: "x-sum" });
      request.write("a ");
      request.write("body");
      request.addTrailers({ "x-sum": "12" });
      request.end();
      const seen = JSON.parse(await read(await answer));
      assert.deepEqual([seen.body, seen.trailers["x-sum"]], ["a body", "12"]);
    });

    test("a client that asks first is told to go on only when the handler reads", async () => {
      const ask = async (token) => {
        const headers = { expect: "100-continue", "content-length": 5, "x-token": token };
        const { request, answer } = open(gateway, "POST", "/picky", headers);
        let asked = false;
        request.on("continue", () => {
          asked = true;
          request.end("hello");
        });
        request.flushHeaders();
        const head = await answer;
        const text = String(await read(head));
        request.destroy();
        return { asked, status: head.statusCode, text };
      };
      assert.deepEqual(await ask("wrong"), { asked: false, status: 403, text: "no" });
      assert.deepEqual(await ask("right"), { asked: true, status: 200, text: "hello" });
    });

    test("a body beyond the limit is refused, by its announcement or as it comes", async () => {
      const announced = await send(gateway, "POST", "/limited", { body: "x".repeat(1001) });
      assert.equal(announced.status, 413);
      const { request, answer } = open(gateway, "POST", "/limited");
      for (let sent = 0; sent < 5; sent++) request.write("x".repeat(300));
      const head = await answer;
      assert.equal(head.statusCode, 413);
      assert.equal(JSON.parse(await read(head)).code, "invalid_argument");
      request.destroy();
      const within = await send(gateway, "POST", "/limited", {
        headers: { "transfer-encoding": "chunked" },
        body: "x".repeat(1000),
      });
      assert.deepEqual([within.status, within.text], [200, "got 1000"]);
    });

    test("a handler learns that its client is gone, before and after the answer has begun", async () => {
      const { request, answer } = open(gateway, "POST", "/hang?name=gone");
      request.end("body");
      const head = await answer;
      assert.equal(head.headers["content-type"], "text/event-stream");
      request.destroy();
      await eventually("the handler to be told", async () => {
        const { told } = await state();
        return ["gone request closed", "gone response closed"].every((one) => told.includes(one));
      });
    });

    test("other services call it as fetch would, with streams, errors, limits and a name", async () => {
      const called = async (path) => {
        const reply = await send(gateway, "GET", path);
        assert.equal(reply.status, 200, reply.text);
        return json(reply);
      };
      const direct = await called("/call/private");
      assert.deepEqual(
        [direct.status, direct.text, direct.headers["x-caller"]],
        [201, 'POST /private/a%2Fb%20%C3%BC?x=1&x=2 {"hello":"there"}', "seen"],
      );
      const shown = JSON.parse((await called("/call/show")).text);
      assert.deepEqual(
        [shown.method, shown.url, shown.caller, shown.params, shown.headers["x-own"]],
        ["PUT", "/show/7/a/b?c=d", "caller", { id: "7", rest: "a/b" }, "1"],
      );
      assert.match(shown.body, /name="field"\r\n\r\nvalue/);
      assert.equal(JSON.parse((await called("/call/upload")).text).bytes, 200 * 64 * 1024);
      assert.equal((await called("/call/download")).bytes, 20 * MIB);
      assert.deepEqual((await called("/call/errors")).statuses, [404, 500, 401, 404, 405]);
      assert.deepEqual((await called("/call/late")).outcomes, [
        "timeout: deadline_exceeded",
        "abort: canceled",
        "aborted before: canceled",
        "no parameter: invalid_argument",
      ]);
      await eventually("the handlers to be told", async () => {
        const { told } = await state();
        return ["timeout response closed", "abort response closed"].every((one) => told.includes(one));
      });
    });

    test("it is in the trace, with its status", async (t) => {
      if (app.dev === undefined) return t.skip("no dashboard");
      const reply = await send(gateway, "GET", "/call/private");
      const traceId = reply.headers.traceresponse.split("-")[1];
      const trace = await eventually("the trace", async () => {
        const found = await app.dev.fromDashboard(`/api/traces/${traceId}`);
        return found.spans.length >= 4 ? found : undefined;
      });
      const spans = indexSpans(trace);
      const served = spans.find("files", "files.privateOne", "server");
      assert.equal(served.attributes["http.response.status_code"], 201, outlineOf(trace));
      assert.equal(spans.parentOf(served)?.name, "files.privateOne", outlineOf(trace));
      assert.equal(spans.parentOf(served)?.service, "caller", outlineOf(trace));
    });

    describe("memory", () => {
      const gatewayRss = () => {
        if (app.dev === undefined) return 0;
        return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${app.dev.pid}/status`, "utf8"))[1]) * 1024;
      };
      const measure = async () => ({ service: (await state()).rssBytes, gateway: gatewayRss() });
      const growth = (before, now) => {
        const grown = { service: now.service - before.service, gateway: now.gateway - before.gateway };
        for (const bytes of Object.values(grown)) assert.ok(bytes < MAX_GROWTH_BYTES, JSON.stringify(grown));
        return `grown by ${Math.round(grown.service / MIB)} MiB (service), ${Math.round(grown.gateway / MIB)} MiB (gateway)`;
      };

      test(`${PASSED_MIB} MiB of upload pass through`, async (t) => {
        const before = await measure();
        const { request, answer } = open(gateway, "POST", "/upload", { "content-type": "application/octet-stream" });
        const chunk = Buffer.alloc(MIB, 5);
        const hash = createHash("sha256");
        for (let sent = 0; sent < PASSED_MIB; sent++) {
          hash.update(chunk);
          if (!request.write(chunk)) await once(request, "drain");
        }
        request.end();
        const { bytes, hash: seen } = JSON.parse(await read(await answer));
        assert.deepEqual([bytes, seen], [PASSED_MIB * MIB, hash.digest("hex")]);
        t.diagnostic(growth(before, await measure()));
      });

      test("a client that does not read makes the handler wait, and gets all of it later", async (t) => {
        const before = await measure();
        const total = PASSED_MIB * MIB;
        const { request, answer } = open(gateway, "GET", `/download?bytes=${total}`);
        request.end();
        const head = await answer;
        head.pause();
        const waiting = await eventually("the handler to wait", async () => {
          const first = (await state()).sentBytes;
          await sleep(300);
          const second = (await state()).sentBytes;
          return first > 0 && first === second ? second : undefined;
        });
        assert.ok(waiting < 64 * MIB, `${waiting} bytes were written for a client that reads none`);
        const text = growth(before, await measure());
        t.diagnostic(`${Math.round(waiting / MIB)} of ${PASSED_MIB} MiB written before waiting; ${text}`);
        let received = 0;
        for await (const chunk of head) received += chunk.length;
        assert.equal(received, total);
      });

      test("a client that vanishes in the middle of a download ends it", async () => {
        const { request, answer } = open(gateway, "GET", `/download?bytes=${1024 * MIB}`);
        request.end();
        const head = await answer;
        await once(head, "data");
        request.destroy();
        await eventually("the handler to be told", async () => (await state()).told.includes("download closed early"));
      });
    });

    describe("folders of files", () => {
      test("files, the pages of folders, and what to make of paths without a file", async () => {
        const page = await send(gateway, "GET", "/assets");
        assert.deepEqual([page.status, page.headers["content-type"]], [200, "text/html; charset=utf-8"]);
        assert.match(page.text, /<title>Site/);
        assert.equal(page.headers["x-site"], "a, b");
        assert.match((await send(gateway, "GET", "/assets/")).text, /<title>Site/);
        assert.match((await send(gateway, "GET", "/")).text, /<title>Site/);
        const folder = await send(gateway, "GET", "/assets/docs?x=1");
        assert.deepEqual([folder.status, folder.headers.location], [307, "docs/?x=1"]);
        assert.match((await send(gateway, "GET", "/assets/docs/")).text, /<title>Docs/);
        assert.match((await send(gateway, "GET", "/only")).text, /<title>Docs/);
        const missing = await send(gateway, "GET", "/assets/nothing.txt");
        assert.deepEqual([missing.status, json(missing).code], [404, "not_found"]);
        const routed = await send(gateway, "GET", "/orders/7");
        assert.equal(routed.status, 200);
        assert.match(routed.text, /<title>Site/);
        assert.equal((await send(gateway, "POST", "/assets/large.txt")).status, 405);
        // An endpoint comes before the fallback, whatever it is.
        assert.ok(json(await send(gateway, "GET", "/state")).told);
      });

      test("nothing but the folder", async () => {
        for (const path of [
          "/assets/../files.ts",
          "/assets/%2e%2e/files.ts",
          "/assets/..%2ffiles.ts",
          "/assets/docs/%2e%2e%2f%2e%2e%2ffiles.ts",
          "/assets/.hidden/secret.txt",
          "/assets//etc/passwd",
          "/assets/%2fetc%2fpasswd",
          "/assets/%00",
          "/assets/docs%5c..%5cfiles.ts",
        ]) {
          const reply = await send(gateway, "GET", path);
          assert.equal(reply.status, 404, path);
        }
      });

      test("compression, conditions, ranges, HEAD", async () => {
        const plain = await send(gateway, "GET", "/assets/large.txt");
        const zipped = await send(gateway, "GET", "/assets/large.txt", { headers: { "accept-encoding": "gzip" } });
        assert.equal(zipped.headers["content-encoding"], "gzip");
        assert.ok(gunzipSync(zipped.bytes).equals(plain.bytes));
        assert.notEqual(zipped.headers.etag, plain.headers.etag);
        const condition = { "if-none-match": plain.headers.etag };
        assert.equal((await send(gateway, "GET", "/assets/large.txt", { headers: condition })).status, 304);
        const part = await send(gateway, "GET", "/assets/large.txt", { headers: { range: "bytes=5-9" } });
        assert.deepEqual([part.status, part.text], [206, plain.text.slice(5, 10)]);
        assert.equal(part.headers["content-range"], `bytes 5-9/${plain.bytes.length}`);
        const beyond = await send(gateway, "GET", "/assets/large.txt", { headers: { range: "bytes=9999999-" } });
        assert.equal(beyond.status, 416);
        const head = await send(gateway, "HEAD", "/assets/large.txt");
        assert.deepEqual([head.status, head.bytes.length], [200, 0]);
        assert.equal(head.headers["content-length"], String(plain.bytes.length));
      });
    });
  });
}
