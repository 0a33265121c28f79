// Everything a service has around its endpoints: its life, its settings and secrets, its logs and metrics, and what it can learn about the
// request it serves; in one process, in one per service, and in production.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, describe, test } from "node:test";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { root, runTenon, tenonCommand } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

const source = "conformance/apps/service";

for (const topology of ["single", "per-service"]) {
  describe(`a service, topology ${topology}`, () => {
    let copy;
    let app;
    before(async () => {
      copy = await copyApp(source);
      app = await startDev(copy.dir, { topology });
    });
    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("settings come from code, files and environment, typed and frozen", async () => {
      const { body } = await app.request("GET", "/mail/about");
      assert.deepEqual(body.settings, {
        sender: "from the file",
        limits: { timeoutMs: 250, recipients: ["a"] },
        flags: { beta: true },
        mode: "sandbox",
        token: "token-of-the-file".length,
        since: 0,
      });
      assert.equal(body.isFrozen, true);
    });

    test("init ran before the first request, with the database there", async () => {
      const { body } = await app.request("GET", "/mail/about");
      assert.deepEqual(body.init, { answer: 42, aborted: false, healthy: true });
    });

    test("secrets are read, and those that nobody set are empty and told once", async () => {
      const { body } = await app.request("GET", "/mail/about");
      assert.equal(body.keyLength, "key-of-the-mail-service".length);
      assert.equal(body.unset, "");
      const warnings = app.events.filter(({ event }) => event === "warning");
      assert.deepEqual(
        warnings.map(({ code }) => code),
        ["secrets_missing"],
      );
      assert.match(warnings[0].message, /NobodySetsThis \(used by mail\)$/);
    });

    test("the app knows where it is", async () => {
      const { meta } = (await app.request("GET", "/mail/about")).body;
      assert.equal(meta.appId, "service");
      assert.equal(meta.apiBaseUrl, app.gateway);
      assert.deepEqual(meta.environment, { name: "local", type: "development", cloud: "local" });
      const hosted =
        topology === "single" ? { mail: { name: "mail" }, shop: { name: "shop" } } : { mail: { name: "mail" } };
      assert.deepEqual(meta.deploy.hostedServices, hosted);
    });

    test("a request knows itself, from outside and from another service", async () => {
      const outside = (await app.request("POST", "/mail/send/x?q=1", { size: 700 }, { "x-correlation-id": "c-1" })).body
        .request;
      const { headers, trace, ...rest } = outside;
      assert.deepEqual(rest, {
        type: "api-call",
        api: { service: "mail", endpoint: "send", raw: false, auth: false, tags: ["out"] },
        method: "POST",
        path: "/mail/send/x",
        pathAndQuery: "/mail/send/x?q=1",
        pathParams: { to: "x" },
        parsedPayload: { to: "x", size: 700 },
      });
      assert.equal(headers["content-type"], "application/json");
      assert.equal(trace.extCorrelationId, "c-1");
      const { inner, own, atLoad } = (await app.request("GET", "/shop/buy/y?size=3")).body;
      assert.equal(atLoad, true);
      assert.equal(own.pathAndQuery, "/shop/buy/y?size=3");
      assert.equal(inner.trace.traceId, own.trace.traceId);
      const { trace: _, ...call } = inner;
      assert.deepEqual(call, {
        ...rest,
        path: "/mail/send/y",
        pathAndQuery: "/mail/send/y",
        pathParams: { to: "y" },
        headers: {},
        parsedPayload: { to: "y", size: 3 },
        callerService: "shop",
      });
    });

    test("health checks decide whether the app is ready", async () => {
      const ready = await app.request("GET", "/__tenon/readyz");
      assert.equal(ready.status, 200);
      assert.deepEqual(
        ready.body.checks.map(({ name, status }) => [name, status]),
        [
          ["database mail", "ok"],
          ["mail.server", "ok"],
          ["mail.slow", "ok"],
        ],
      );
      await app.request("POST", "/mail/health", { healthy: false });
      const failing = await app.request("GET", "/__encore/readyz");
      assert.equal(failing.status, 503);
      assert.deepEqual(failing.body.problems, { "mail.server": "it returned false" });
      await app.request("POST", "/mail/health", { healthy: true });
    });

    test("neither logs nor traces show secrets, sensitive fields or sensitive endpoints", async () => {
      const login = await app.request("POST", "/mail/login", { user: "ada", password: "pw-123456" });
      assert.equal(login.body.password, "pw-123456");
      const hidden = await app.request("POST", "/mail/hidden", { note: "for nobody" });
      const spanOf = async (response, name) => {
        const traceId = response.headers.get("traceresponse").split("-")[1];
        return eventually(`the span ${name}`, async () => {
          const { spans } = await app.fromDashboard(`/api/traces/${traceId}`);
          return spans.find((span) => span.name === name);
        });
      };
      const { attributes, events } = await spanOf(login, "mail.login");
      const shown = '{"user":"ada","password":"[sensitive]"}';
      assert.equal(attributes["tenon.request.body"], shown);
      assert.equal(attributes["tenon.response.body"], shown);
      assert.equal(events[0].attributes.key, "[secret MailKey]");
      assert.equal((await spanOf(hidden, "mail.hidden")).attributes["tenon.request.body"], undefined);
      const logs = await eventually("the log", async () => {
        const { logs: listed } = await app.fromDashboard("/api/logs?service=mail&limit=1000");
        const traceId = listed.find(({ message }) => message === "careless")?.traceId;
        return listed.some((line) => line.traceId === traceId && line.level === "warn") && listed;
      });
      const text = JSON.stringify([logs, events, app.output]);
      for (const secret of ["pw-123456", "key-of-the-mail", "token-of-the-file"])
        assert.ok(!text.includes(secret), secret);
      assert.deepEqual(
        logs
          .filter(({ traceId }) => traceId === logs.find(({ message }) => message === "careless").traceId)
          .map(({ level }) => level),
        ["info", "warn"],
      );
    });

    test("what is logged and printed is listed, and followed", async () => {
      const { logs } = await app.fromDashboard("/api/logs?limit=1000");
      assert.ok(logs.some(({ message }) => message === "printed ada"));
      const listed = await runTenon(["logs", "--app", copy.dir, "--service", "mail", "--level", "warn", "--json"]);
      assert.equal(listed.code, 0, listed.stderr);
      const lines = listed.stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
      assert.deepEqual([...new Set(lines.map(({ level }) => level))], ["warn"]);
      assert.equal((await fetch(`${app.dashboard}/api/logs?level=loud`)).status, 400);
    });

    test("metrics are in the graph and reach the dashboard", async () => {
      const { metrics } = await app.fromDashboard("/api/graph");
      assert.deepEqual(
        metrics.map(({ name, kind, labels, services }) => [name, kind, labels, services]),
        [
          ["disk_free_ratio", "gauge", ["disk"], ["mail", "shop"]],
          ["mail_size_bytes", "histogram", [], ["mail", "shop"]],
          ["mail_step_seconds", "histogram", ["step"], ["mail", "shop"]],
          ["mails_by_kind", "counter", ["kind", "urgent"], ["mail", "shop"]],
          ["mails_queued", "gauge", [], ["mail", "shop"]],
          ["mails_sent", "counter", [], ["mail", "shop"]],
          ["shop_sold", "counter", [], ["shop"]],
        ],
      );
      const sizes = await eventually("the metrics", async () => {
        const { services } = await app.fromDashboard("/api/metrics");
        const mail = services.find(({ service }) => service === "mail");
        return mail?.metrics.find(({ name }) => name === "mail_size_bytes")?.points.find(({ count }) => count === 2);
      });
      assert.deepEqual([sizes.bounds, sizes.counts, sizes.sum], [[100, 1000], [1, 1, 0], 703]);
    });

    test("a setting that is changed while the app runs counts from then on; one that does not fit is told with its place", async () => {
      const file = join(copy.dir, "mail/config.local.json");
      const seen = app.events.length;
      await writeFile(file, '{ "flags": { "beta": "yes" }, "limit": {} }');
      const { message } = await app.waitForEvent("error", 60_000, seen);
      assert.match(message, /mail: flags\.beta must be a boolean.* \(set in mail\/config\.local\.json\)/);
      assert.match(message, /mail: there is no setting limit \(set in mail\/config\.local\.json\)/);
      assert.equal((await app.request("GET", "/mail/about")).body.settings.flags.beta, true);
      await writeFile(file, '{ "flags": { "beta": false } }');
      await eventually("the new setting", async () => {
        const { body } = await app.request("GET", "/mail/about");
        return body?.settings.flags.beta === false;
      });
    });

    test("shutdown runs when the app is stopped", async () => {
      await app.stop();
      const line = app.events.map(({ entry }) => entry).findLast((entry) => entry?.message === "mail shuts down");
      assert.equal(line.answer, 42);
      assert.equal(line.hasTime, true);
    });
  });
}

describe("a service in production", () => {
  let copy;
  let server;
  let environment;
  const running = new Set();

  before(async () => {
    copy = await copyApp(source);
    await rm(join(copy.dir, ".secrets.local.cue"));
    const key = ["secret", "set", "MailKey", "--encrypted", "--value", "key-of-production", "--app", copy.dir];
    const set = await runTenon(key);
    assert.equal(set.code, 0, set.stderr);
    const built = await runTenon(["build", copy.dir]);
    assert.equal(built.code, 0, built.stderr);
    server = await startPostgres({ dataDir: join(copy.dir, ".tenon", "postgres") });
    const { connectionString } = await provisionDatabase(server.adminUrl, { database: "mail", role: "mail" });
    environment = {
      MAIL_DATABASE_URL: connectionString,
      TENON_SECRETS_KEY: (await readFile(join(copy.dir, ".tenon-secrets.key"), "utf8")).trim(),
      NobodySetsThis: "somebody did",
    };
  });
  after(async () => {
    for (const child of running) child.kill("SIGKILL");
    await server?.stop();
    await copy?.remove();
  });

  /** Until it says that it serves. */
  async function start(env) {
    const child = spawn(process.execPath, [tenonCommand, "start", copy.dir, "--port", "0"], {
      env: { ...process.env, ...environment, ...env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    running.add(child);
    const lines = [];
    createInterface({ input: child.stdout }).on("line", (line) => lines.push(JSON.parse(line)));
    // Not "exit": what it said at its end may be read after that.
    const ended = new Promise((resolve) => child.once("close", resolve));
    const started = await eventually("the process to serve", () => lines.find(({ message }) => message === "started"));
    return {
      started,
      lines,
      async stop() {
        child.kill("SIGTERM");
        return ended;
      },
    };
  }

  test("it does not start without its secrets and settings, and tells all of them", async () => {
    const bare = await runTenon(["start", copy.dir, "--port", "0"]);
    assert.equal(bare.code, 1);
    for (const part of ['database "mail"', 'secret "MailKey"', 'secret "NobodySetsThis"']) {
      assert.ok(bare.stderr.includes(part), bare.stderr);
    }
    const env = { ...environment, TENON_CONFIG_MAIL_LIMITS_TIMEOUT_MS: "soon", TENON_CONFIG_MAIL_MODE: "test" };
    const wrong = await runTenon(["start", copy.dir, "--port", "0"], { env });
    assert.equal(wrong.code, 1);
    assert.match(wrong.stderr, /mail: limits\.timeoutMs must be a number.*TENON_CONFIG_MAIL_LIMITS_TIMEOUT_MS/);
    assert.match(wrong.stderr, /mail: mode .*TENON_CONFIG_MAIL_MODE/);
  });

  test("it has the settings and secrets of its environment, and metrics on its own port only", async () => {
    const app = await start({
      TENON_INTERNAL_PORT: "0",
      TENON_ENVIRONMENT: "production",
      TENON_DEPLOY_ID: "d-1",
      TENON_CONFIG_MAIL_LIMITS_RECIPIENTS: "b, c",
    });
    const { gateway, internal } = app.started;
    const about = await (await fetch(`${gateway}/mail/about`)).json();
    assert.equal(about.settings.mode, "live");
    assert.equal(about.settings.flags.beta, false);
    assert.deepEqual(about.settings.limits, { timeoutMs: 250, recipients: ["b", "c"] });
    assert.equal(about.keyLength, "key-of-production".length);
    assert.equal(about.unset, "somebody did");
    assert.equal(about.meta.environment.name, "production");
    assert.equal(about.meta.deploy.id, "d-1");
    assert.equal((await fetch(`${gateway}/__tenon/metrics`)).status, 404);
    const metrics = await (await fetch(`${internal}/__tenon/metrics`)).text();
    assert.match(metrics, /^tenon_requests_total\{service="mail",endpoint="about",code="ok"\} 1$/m);
    const exitCode = await app.stop();
    assert.equal(exitCode, 0);
    assert.ok(app.lines.some(({ message }) => message === "mail shuts down"));
  });

  test("the build takes the configuration files of all environments along, but not a developer's own", async () => {
    const folder = join(copy.dir, ".tenon/build/config/mail");
    assert.match(await readFile(join(folder, "config.production.json"), "utf8"), /live/);
    await assert.rejects(readFile(join(folder, "config.local.json")), { code: "ENOENT" });
  });
});
