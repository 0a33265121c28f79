// Caches of a running app: shared between services in both topologies, traced, and on a real Redis where there is one.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { linesOf, tour } from "./harness/cache-tour.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { freePort } from "./harness/free-port.mjs";
import { runTenon, tenonCommand } from "./harness/tenon.mjs";

const { cert, key } = await import("../packages/runtime/dist/call/certificate.test.support.js");

/** `ask(method, path, body)` resolves with `{ status, body }`. */
function checkAll(ask) {
  test("objects come back, and two services see the same cache", async () => {
    const session = { userId: "ada", roles: ["admin"] };
    assert.deepEqual((await ask("PUT", "/sessions/s1", session)).body, { visits: 1, recent: ["s1"] });
    assert.deepEqual((await ask("PUT", "/sessions/s2", session)).body, { visits: 2, recent: ["s2", "s1"] });
    assert.deepEqual((await ask("PUT", "/sessions/s3", session)).body, { visits: 3, recent: ["s3", "s2"] });
    assert.deepEqual((await ask("GET", "/sessions/s1")).body, session);
    assert.equal((await ask("PUT", "/sessions/s1", session)).status, 409);
    assert.equal((await ask("GET", "/sessions/none")).status, 404);
  });

  test("errors are of the classes that code asks for", async () => {
    const miss = await ask("POST", "/sessions/none/user", { userId: "x" });
    assert.deepEqual(miss.body, { isMiss: true, isCacheError: true });
    await ask("PUT", "/sessions/s9", { userId: "old", roles: [] });
    assert.deepEqual((await ask("POST", "/sessions/s9/user", { userId: "new" })).body, {
      isMiss: false,
      isCacheError: false,
    });
    assert.equal((await ask("GET", "/sessions/s9")).body.userId, "new");
  });

  test("entries expire", async () => {
    await ask("POST", "/brief/b");
    await eventually("the end of the entry", async () => (await ask("GET", "/sessions/b")).status === 404);
  });

  test("sets and numbers", async () => {
    await ask("POST", "/groups/7", { members: [3, 1, 3] });
    assert.deepEqual((await ask("POST", "/groups/7", { members: [2] })).body, { members: [1, 2, 3] });
    await ask("POST", "/sums/total", { by: 0.1 });
    assert.deepEqual((await ask("POST", "/sums/total", { by: 0.2 })).body, { sum: 0.3 });
  });

  for (const [part, expected] of Object.entries(tour)) {
    test(`every method of Encore.ts' keyspaces: ${part}`, async () => {
      assert.deepEqual((await ask("POST", `/tour/${part}`)).body.lines, linesOf(expected));
    });
  }

  test("many who miss load once", async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, () => ask("GET", "/reports/monthly")));
    for (const { body } of answers) assert.deepEqual(body, { report: "report 1", loads: 1 });
  });

  test("locks are held by one after the other, with growing tokens", async () => {
    const answers = await Promise.all(Array.from({ length: 5 }, () => ask("POST", "/once/job")));
    const tokens = answers.map(({ body }) => body.token);
    assert.equal(new Set(tokens).size, 5, JSON.stringify(tokens));
  });

  test("rates are limited", async () => {
    const take = async () => (await ask("POST", "/limited/a")).body;
    assert.deepEqual(
      [await take(), await take(), await take()],
      [
        { allowed: true, remaining: 1 },
        { allowed: true, remaining: 0 },
        { allowed: false, remaining: 0 },
      ],
    );
  });
}

for (const topology of ["single", "per-service"]) {
  describe(topology, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp("conformance/apps/cache");
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.stop();
      await copy.remove();
    });
    checkAll((method, path, body) => app.request(method, path, body));

    test("operations are spans of the call that they belong to", async () => {
      await app.request("GET", "/sessions/traced");
      const span = await eventually("the span", async () => {
        const { traces } = await app.fromDashboard("/api/traces?limit=20");
        const found = traces.find(({ root }) => root.path === "/sessions/traced");
        if (found === undefined) return undefined;
        const { spans } = await app.fromDashboard(`/api/traces/${found.traceId}`);
        return spans.find(({ name }) => name === "get session/:id");
      });
      assert.equal(span.service, "sessions");
      assert.notEqual(span.parentSpanId, null);
      assert.equal(span.attributes["db.system.name"], "redis");
      assert.equal(span.attributes["db.operation.name"], "GET");
      assert.equal(span.attributes["tenon.cache.cluster"], "main");
      assert.equal(span.attributes["tenon.cache.found"], false);
      assert.ok(!JSON.stringify(span.attributes).includes("traced"), "keys can be secrets");
    });
  });
}

test("tests of an app have a cache of their own, empty for every file", async () => {
  const copy = await copyApp("conformance/apps/cache");
  try {
    const { code, stdout, stderr } = await runTenon(["test", copy.dir], { env: { MAIN_CACHE_URL: "redis://nowhere" } });
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /Tests +2 passed \(2\)/);
  } finally {
    await copy.remove();
  }
});

const hasRedis = spawnSync("redis-server", ["--version"]).status === 0;

describe("a build on Redis", { skip: hasRedis ? false : "redis-server is not installed here" }, () => {
  let copy;
  let redis;
  let app;
  let base;
  const buildDir = () => join(copy.dir, "out");

  before(async () => {
    copy = await copyApp("conformance/apps/cache");
    const port = await freePort();
    redis = await startGuardedRedis(join(copy.dir, "redis"), port);
    const built = await runTenon(["build", copy.dir, "-o", buildDir()]);
    assert.equal(built.code, 0, built.stderr);
    const main = {
      host: `localhost:${port}`,
      auth: { type: "acl", username: "app", password: { $env: "CACHE_PASSWORD" } },
      tls_config: { ca: cert },
      key_prefix: "shop:",
      database_index: 1,
    };
    await writeFile(join(copy.dir, "infra.json"), JSON.stringify({ redis: { main } }));
    const own = await freePort();
    const args = ["start", buildDir(), "--infra", join(copy.dir, "infra.json"), "--port", String(own)];
    app = await start(process.execPath, [tenonCommand, ...args], /started/, { CACHE_PASSWORD: "only-for-tests" });
    base = `http://127.0.0.1:${own}`;
  });
  after(async () => {
    for (const child of [app, redis]) {
      if (child === undefined) continue;
      child.kill();
      await once(child, "exit");
    }
    await copy.remove();
  });

  checkAll(async (method, path, body) => {
    const headers = body === undefined ? {} : { "content-type": "application/json" };
    const response = await fetch(base + path, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text === "" ? undefined : JSON.parse(text) };
  });

  test("a start without a server says what to add", async () => {
    const { code, stderr } = await runTenon(["start", buildDir(), "--port", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, /cache cluster "main": redis\.main, or MAIN_CACHE_URL=redis:/);
  });
});

/** Over TLS alone, with a user who may write under one prefix and ask for nothing about the server. */
async function startGuardedRedis(directory, port) {
  await mkdir(directory);
  await writeFile(join(directory, "cert.pem"), cert);
  await writeFile(join(directory, "key.pem"), key);
  const settings = {
    port: 0,
    "tls-port": port,
    "tls-cert-file": "cert.pem",
    "tls-key-file": "key.pem",
    "tls-auth-clients": "no",
    save: '""',
    dir: directory,
  };
  const users = ["user default off", "user app on >only-for-tests ~shop:* +@all -@admin -@dangerous"];
  const lines = [...Object.entries(settings).map(([name, value]) => `${name} ${value}`), ...users];
  await writeFile(join(directory, "redis.conf"), `${lines.join("\n")}\n`);
  return start("redis-server", [join(directory, "redis.conf")], /Ready to accept/);
}

/** Resolves once it has printed that it is ready. */
async function start(command, args, ready, env = {}) {
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  await new Promise((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (chunk) => {
        output += chunk;
        if (ready.test(output)) resolve();
      });
    }
    child.once("exit", () => reject(new Error(`${command} ended: ${output}`)));
  });
  return child;
}
