// An app in the style of Encore.ts that uses every export of the encore.dev modules at least once. What it must answer is written from
// the reference; both topologies have to give it.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { runTenon } from "./harness/tenon.mjs";
import { connect } from "./harness/web-socket.mjs";

const source = "conformance/apps/reference";

const services = ["counts", "desk", "events", "files", "gate", "library"];

/** Error code -> HTTP status, of the reference. */
const statuses = {
  ok: 200,
  canceled: 499,
  unknown: 500,
  invalid_argument: 400,
  deadline_exceeded: 504,
  not_found: 404,
  already_exists: 409,
  permission_denied: 403,
  resource_exhausted: 429,
  failed_precondition: 400,
  aborted: 409,
  out_of_range: 400,
  unimplemented: 501,
  internal: 500,
  unavailable: 503,
  data_loss: 500,
  unauthenticated: 401,
};

for (const topology of ["single", "per-service"]) {
  describe(`the reference, topology ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp(source);
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await app?.cleanUp();
      await copy?.remove();
    });
    const get = (path, headers) => app.request("GET", path, undefined, headers);

    test("fields travel where their types say", async () => {
      const query = "tags=x&tags=y&from=2026-01-02T03:04:05Z";
      const headers = { "x-trace": "t1", "x-retries": "3", cookie: "session=s1" };
      const placed = await app.request("POST", `/place/a/true?${query}`, { body: "text" }, headers);
      assert.equal(placed.status, 201, placed.text);
      assert.deepEqual(placed.body, {
        echo: {
          id: "a",
          flag: true,
          trace: "t1",
          body: "text",
          retries: 3,
          tags: ["x", "y"],
          since: "2026-01-02T03:04:05.000Z",
          session: "s1",
        },
      });
      assert.equal(placed.headers.get("location"), "/places/a");
      assert.match(placed.headers.get("set-cookie"), /^visits=3; Path=\/; Max-Age=60; HttpOnly; SameSite=Lax$/i);
    });

    test("rules are checked, and decimals are exact", async () => {
      const good = { name: "Ada", age: 36, code: "NO-12", contact: "ada@example.com", handle: "@ada", file: "a.ts" };
      const accepted = await app.request("POST", "/check", { ...good, price: "0.10", every: "1h30m" });
      assert.deepEqual(accepted.body, { name: "Ada", price: "0.2", half: "0.05", every: "1h30m" });
      const bad = { name: "Ad", age: 151, code: "no", contact: "x", handle: "ada", file: "a.js", price: "x" };
      const refused = await app.request("POST", "/check", { ...bad, every: "soon" });
      assert.deepEqual([refused.status, refused.body.code], [400, "invalid_argument"]);
      assert.deepEqual(
        refused.body.details.issues.map(({ path }) => path),
        ["name", "age", "code", "contact", "handle", "file", "price", "every"],
      );
    });

    test("an endpoint without a path has that of its name, with any method the fields where that method has them", async () => {
      assert.deepEqual((await get("/library.plain?q=a&n=2")).body, { method: "GET", endpoint: "plain", q: "a", n: 2 });
      assert.deepEqual((await app.request("POST", "/library.plain", { q: "b" })).body, {
        method: "POST",
        endpoint: "plain",
        q: "b",
      });
    });

    test("private endpoints and large bodies are refused", async () => {
      assert.equal((await app.request("POST", "/library.hidden", {})).status, 404);
      const large = await app.request("POST", "/small", { text: "x".repeat(200) });
      assert.equal(large.status, 413);
      assert.deepEqual((await app.request("POST", "/small", { text: "x" })).body, { length: 1 });
      assert.deepEqual((await get("/options")).body, { exposed: true });
    });

    test("middleware runs in order, for its targets, and may answer itself", async () => {
      const layered = await get("/layered");
      assert.deepEqual(layered.body, { layers: ["layered", "inner"] });
      assert.equal(layered.headers.get("x-layers"), "inner, outer");
      assert.equal(layered.headers.get("x-same"), "true");
      const closed = await get("/closed");
      assert.deepEqual([closed.status, closed.body], [203, { answeredBy: "middleware" }]);
    });

    test("every error code has its status; what is thrown otherwise stays inside", async () => {
      const { codes } = (await get("/codes")).body;
      assert.deepEqual(codes.toSorted(), Object.keys(statuses).toSorted());
      for (const [code, status] of Object.entries(statuses)) {
        const { status: actual, body } = await get(`/fail/${code}`);
        assert.deepEqual(
          [actual, body],
          [status, { code, message: `it is ${code}`, details: { hint: "try another" } }],
        );
      }
      const thrown = await get("/fail/thrown");
      assert.equal(thrown.status, 500);
      assert.ok(!thrown.text.includes("nobody should read this"), thrown.text);
    });

    test("raw endpoints, files, and what was declared of them", async () => {
      const raw = await app.request("POST", "/raw/a/b", "hello");
      assert.deepEqual([raw.status, raw.text, raw.headers.get("x-asked-with")], [202, "hello", "POST"]);
      const index = await get("/site/");
      assert.deepEqual([index.text.trim(), index.headers.get("x-site")], ["<h1>index</h1>", "yes"]);
      assert.match((await get("/site/site.css")).headers.get("content-type"), /^text\/css/);
      const missing = await get("/site/none");
      assert.deepEqual([missing.status, missing.text.trim()], [410, "<h1>missing</h1>"]);
    });

    test("streams over WebSockets, with middleware around them", async () => {
      const talk = await connect(app.gateway, "/talk/ada");
      talk.send({ text: "hello" });
      assert.deepEqual(await talk.next(), { from: "ada", text: "hello" });
      await talk.close();
      const count = await connect(app.gateway, "/count?to=2");
      assert.deepEqual([await count.next(), await count.next()], [{ n: 1 }, { n: 2 }]);
      await count.closed;
      const collect = await connect(app.gateway, "/collect");
      collect.send({ text: "a" });
      await collect.close();
      const { body } = await get("/doors");
      const { streams, ...declared } = body;
      assert.deepEqual(declared, { isAssets: true, dir: "./public", streamPath: "/count" });
      assert.deepEqual(streams, ["in and out", "out", "in"]);
    });

    test("the auth handler identifies, refuses, or lets nobody in", async () => {
      const whoami = await get("/whoami", { authorization: "Bearer ada" });
      assert.deepEqual(whoami.body, { userID: "ada", via: "token", hasHandler: true });
      assert.equal((await get("/whoami")).status, 401);
      assert.equal((await get("/whoami", { authorization: "Bearer eve" })).status, 401);
      assert.equal((await get("/anybody", { authorization: "Bearer eve" })).body.userID, null);
      assert.equal((await get("/anybody", { authorization: "Bearer broken" })).status, 503);
      assert.equal((await get("/anybody?ticket=bob")).body.via, "ticket");
      assert.equal((await get("/anybody", { cookie: "session=cleo" })).body.userID, "cleo");
    });

    test("the database is asked in every way", async () => {
      const added = await app.request("POST", "/books", { title: "Persuasion" });
      assert.deepEqual(added.body, { id: 1, title: "Persuasion" });
      assert.deepEqual((await get("/shelf/1")).body, {
        fromGenerator: ["kept", "by rawExec"],
        fromRawGenerator: ["by rawExec"],
        all: [
          { id: 1, title: "kept" },
          { id: 2, title: "by rawExec" },
        ],
        rawAll: [{ id: 1, title: "kept" }],
        rawRow: "by rawExec",
        kept: "kept",
        rolledBack: "kept",
        disposed: "kept",
        ownConnection: 42,
        connects: true,
        configured: true,
      });
    });

    test("services call each other: for somebody, over streams, and errors come back as they were", async () => {
      assert.deepEqual((await get("/visit", { authorization: "Bearer ada" })).body, {
        hidden: "inside",
        title: "Emma",
        asSelf: "ada",
        asBob: "bob",
        refused: {
          code: "not_found",
          message: "no such book",
          details: { id: 1_000_000 },
          isAPIError: true,
          hasCode: true,
        },
        talk: [{ from: "desk", text: "hello" }],
        collected: ["a", "b"],
        counted: [1, 2, 3],
      });
    });

    test("buckets do all that their permissions say", async () => {
      const { publicUrl, ...objects } = (await app.request("POST", "/objects")).body;
      assert.deepEqual(objects, {
        first: "one",
        latest: "one, again",
        contentType: "image/png",
        sizes: [3, 10],
        names: ["a/1.txt"],
        second: "precondition failed",
        missing: "not found",
        exists: [true, false],
        uploadedBySignature: "three",
        isPublic: true,
      });
      const picture = await fetch(publicUrl);
      assert.deepEqual(new Uint8Array(await picture.arrayBuffer()), new Uint8Array([1, 2, 3]));
    });

    test("caches keep values, numbers, lists and sets", async () => {
      assert.deepEqual((await app.request("POST", "/counts")).body, {
        strings: ["Ada!", "none", "exists", "miss", 4, "Ad", 4, "Ida!", ["Bob", "none"], "Bob", 0],
        numbers: [1, 5, 3, 1.5, 1.25],
        lists: [["z", "a", "x", "b", "y", "c"], "a", ["b", "c"], "b", "c", 0, 10, [10, 2, 3]],
        sets: [true, 2, ["x", "y", "z"], ["y"], ["x"], ["x", "y", "z"], 3, 3, true, ["y", "y"], "y", [2, 3], 2, "none"],
        profile: { name: "Ada", logins: 3 },
        configured: true,
      });
    });

    test("a message comes again until it is handled, and the handler knows which it is", async () => {
      const signup = await app.request("POST", "/signups", { user: "ada", failures: 1 });
      assert.deepEqual(signup.body, { hasId: true, declared: true });
      const [seen] = await eventually("the message", async () => {
        const { seen } = (await get("/state")).body;
        return seen.length > 0 ? seen : undefined;
      });
      assert.deepEqual(seen, {
        user: "ada",
        at: "2026-01-02T00:00:00.000Z",
        attempt: 2,
        service: "events",
        topic: "signups",
        subscription: "welcome",
        hasId: true,
      });
    });

    test("a cron job calls its endpoint", async () => {
      const ran = await runTenon(["cron", "run", "hourly", "--app", copy.dir]);
      assert.equal(ran.code, 0, ran.stderr);
      const { ticks, title } = (await get("/state")).body;
      assert.deepEqual([ticks, title], [1, "Every hour"]);
      const { jobs } = await app.fromDashboard("/api/cron");
      assert.deepEqual(
        jobs.map(({ name }) => name),
        ["hourly", "yearly"],
      );
    });

    test("the app, the request, secrets, logs and metrics", async () => {
      const { body } = await get("/around/x?q=1", { "x-mark": "m" });
      assert.deepEqual(body, {
        appId: "reference",
        environment: { name: "local", type: "development", cloud: "local" },
        apiBaseUrl: app.gateway,
        hasRevision: true,
        hosted: topology === "single" ? services : ["events"],
        request: {
          type: "api-call",
          service: "events",
          endpoint: "around",
          method: "GET",
          path: "/around/x",
          pathAndQuery: "/around/x?q=1",
          tags: ["around"],
        },
        pathParams: { id: "x" },
        header: "m",
        payload: '{"id":"x","q":"1"}',
        hasTrace: true,
        secretLength: "key-of-the-post".length,
      });
      const logs = await eventually("the logs", async () => {
        const { logs } = await app.fromDashboard("/api/logs?service=events&limit=1000");
        const found = logs.filter(({ message }) => message.startsWith("around"));
        return found.some(({ level }) => level === "error") ? found : undefined;
      });
      assert.ok(logs.some(({ message, level }) => message === "around, with fields" && level === "info"));
      assert.ok(logs.some(({ message, level }) => message === "around, warned" && level === "warn"));
      const pointOf = (metrics, name) => metrics.find((metric) => metric.name === name)?.points[0]?.value;
      const metrics = await eventually("the metrics", async () => {
        const { services } = await app.fromDashboard("/api/metrics");
        const found = services.find(({ service }) => service === "events")?.metrics ?? [];
        return pointOf(found, "reference_asked") === 3 ? found : undefined;
      });
      assert.deepEqual(
        ["reference_asked_by", "reference_depth", "reference_free"].map((name) => pointOf(metrics, name)),
        [1, 7, 0.5],
      );
    });

    test("requests from the app's own origins may carry credentials", async () => {
      const { headers } = await get("/whoami", { origin: "https://app.example.com" });
      assert.equal(headers.get("access-control-allow-origin"), "https://app.example.com");
      assert.equal(headers.get("access-control-allow-credentials"), "true");
      assert.match(headers.get("access-control-expose-headers"), /x-layers/i);
    });
  });
}
