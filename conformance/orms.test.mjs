// ORMs, query builders and drivers on `connectionString`, unmodified and from npm: their migrations are applied, they work in every
// topology and in a production build away from where it was made, and each statement is one span below the endpoint that sent it.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { gunzipSync } from "node:zlib";
import { provisionDatabase } from "@tenon/runtime";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { indexSpans, outlineOf } from "./harness/spans.mjs";
import { root, runNode, runTenon } from "./harness/tenon.mjs";

const { startPostgres } = await import(join(root, "packages/tenon/dist/engines/postgres/start-postgres.js"));

/** Service -> its database. */
const databases = {
  drizzle: "drizzle_books",
  drizzlejs: "drizzlejs_books",
  knex: "siteDB",
  kysely: "kysely_books",
  postgresjs: "postgresjs_books",
  prisma: "prisma_books",
  sequelize: "sequelize_books",
  typeorm: "typeorm_books",
};
const services = Object.keys(databases);

/** What must hold wherever the app runs. `request` as of the harness; `traceOf(response, isComplete)` waits for a trace. */
function describeServices(context) {
  for (const service of services) {
    test(`${service}: writes in a transaction, reads, and is in the trace`, async () => {
      const { request } = context;
      const added = await request("POST", `/${service}/books`, { title: "Middlemarch", pages: 880 });
      assert.equal(added.status, 200, added.text);
      assert.deepEqual(added.body, { id: 1, title: "Middlemarch", pages: 880 });
      const list = await request("GET", `/${service}/books`);
      assert.equal(list.status, 200, list.text);
      assert.deepEqual(list.body, { books: [{ id: 1, title: "Middlemarch", pages: 880 }] });

      const writing = await context.traceOf(added, (spans) => spans.some(({ name }) => name === "COMMIT"));
      const inserts = statementsOf(writing, service, "add").filter(({ name }) => name.startsWith("INSERT"));
      assert.equal(inserts.length, 1, outlineOf(writing));
      assert.match(inserts[0].attributes["db.query.text"], /insert into .*books/is);
      assert.ok(!inserts[0].attributes["db.query.text"].includes("Middlemarch"));
      const reading = await context.traceOf(list, (spans) => spans.some(({ name }) => /^SELECT .*books$/.test(name)));
      const [select] = statementsOf(reading, service, "list");
      assert.equal(select.kind, "client");
      assert.equal(select.attributes["db.system.name"], "postgresql");
      assert.equal(select.attributes["db.namespace"], databases[service]);
    });

    test(`${service}: statements that wait for a connection stay in the call that sent them`, async () => {
      const calls = await Promise.all([1, 2].map(() => context.request("GET", `/${service}/crowd`)));
      for (const crowd of calls) {
        assert.deepEqual(crowd.body, { count: 25 }, crowd.text);
        const isBook = ({ name }) => /^SELECT .*books$/.test(name);
        const trace = await context.traceOf(crowd, (spans) => spans.filter(isBook).length >= 25);
        assert.equal(statementsOf(trace, service, "crowd").filter(isBook).length, 25, outlineOf(trace));
      }
    });

    test(`${service}: a statement that fails says why in the trace`, async () => {
      const broken = await context.request("GET", `/${service}/broken`);
      assert.equal(broken.status, 500, broken.text);
      const trace = await context.traceOf(broken, (spans) => spans.some(({ name }) => name === "SELECT nowhere"));
      const [statement] = statementsOf(trace, service, "broken").filter(({ name }) => name === "SELECT nowhere");
      assert.equal(statement.attributes["db.response.status_code"], "42P01");
      assert.equal(statement.status, "error");
    });
  }
}

/** The statements of a trace; all of them must be directly below the endpoint. */
function statementsOf(trace, service, endpoint) {
  const spans = indexSpans(trace);
  const statements = spans.statements(service);
  for (const statement of statements) {
    assert.equal(spans.parentOf(statement)?.name, `${service}.${endpoint}`, outlineOf(trace));
  }
  return statements;
}

function traceIdOf(response) {
  const [, traceId] = /^00-([0-9a-f]{32})-/.exec(response.headers.get("traceresponse")) ?? [];
  assert.ok(traceId, "the response names its trace");
  return traceId;
}

for (const topology of ["single", "per-service"]) {
  describe(`ORMs with --topology ${topology}`, () => {
    const context = {};
    let copy;
    let app;

    before(async () => {
      copy = await copyApp("conformance/apps/orms");
      app = await startDev(copy.dir, { topology });
      context.request = (...args) => app.request(...args);
      context.traceOf = (response, isComplete) =>
        eventually("the trace", async () => {
          const trace = await app.fromDashboard(`/api/traces/${traceIdOf(response)}`);
          return isComplete(trace.spans) ? trace : undefined;
        });
    });

    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    describeServices(context);

    test("their pools keep no process from ending", async () => {
      assert.deepEqual(await app.stop(), { code: 0, signal: null }, app.output);
      await app.waitUntilGone();
    });
  });
}

describe("ORMs in a production build", () => {
  const context = {};
  let away;
  let server;
  let collector;
  let child;
  let exited;
  let output = "";
  const env = { ...process.env };

  before(async () => {
    away = await mkdtemp(join(tmpdir(), "tenon-orms-"));
    server = await startPostgres({ dataDir: join(away, "postgres") });
    for (const database of services.map((service) => databases[service])) {
      const { connectionString } = await provisionDatabase(server.adminUrl, { database, role: database });
      const url = new URL(connectionString);
      url.searchParams.delete("host");
      env[`${database.toUpperCase()}_DATABASE_URL`] = url.href;
    }
    const copy = await copyApp("conformance/apps/orms");
    try {
      const built = await runTenon(["build", copy.dir]);
      assert.equal(built.code, 0, built.stderr + built.stdout);
      await cp(join(copy.dir, ".tenon/build"), join(away, "build"), { recursive: true });
    } finally {
      await copy.remove();
    }
    const migrated = await runNode(join(away, "build/main.js"), ["migrate"], { cwd: away, env });
    assert.equal(migrated.code, 0, migrated.stderr);
    assert.match(
      migrated.stdout,
      /prisma_books: applied 20260101100339_init\/migration\.sql, 20260102100339_pages\/migration\.sql \(2 in all\)/,
    );
    collector = await startCollector();
    env.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url;
    await start();
  });

  async function start() {
    child = spawn(process.execPath, [join(away, "build/main.js"), "start", "--port", "0"], { cwd: away, env });
    exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve({ code, signal })));
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    }
    const started = await eventually("the build to serve", () => {
      const line = output.split("\n").find((one) => one.includes(`"message":"started"`) && one.endsWith("}"));
      if (line === undefined && child.exitCode !== null) throw new Error(`it ended:\n${output}`);
      return line;
    });
    const { gateway } = JSON.parse(started);
    const base = gateway.replace("0.0.0.0", "127.0.0.1");
    context.request = async (method, path, body) => {
      const response = await fetch(base + path, {
        method,
        ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(20_000),
      });
      const text = await response.text();
      return { status: response.status, headers: response.headers, text, body: text && JSON.parse(text) };
    };
    context.traceOf = (response, isComplete) =>
      eventually("the trace", () => {
        const spans = collector.spansOf(traceIdOf(response));
        return isComplete(spans) ? { spans } : undefined;
      });
  }

  after(async () => {
    child?.kill("SIGKILL");
    collector?.close();
    await server?.stop();
    if (away !== undefined) await rm(away, { recursive: true, force: true });
  });

  describeServices(context);

  test("their pools keep the process from nothing", async () => {
    child.kill("SIGTERM");
    assert.deepEqual(await exited, { code: 0, signal: null }, output);
  });
});

/** Takes OTLP over HTTP and gives spans as the dashboard's API does. */
async function startCollector() {
  const spans = [];
  const plain = ({ value }) => value.stringValue ?? value.intValue ?? value.boolValue ?? value.doubleValue;
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const text = request.headers["content-encoding"] === "gzip" ? gunzipSync(body) : body;
    const { resourceSpans = [] } = JSON.parse(text.toString());
    for (const { resource, scopeSpans } of resourceSpans) {
      const service = plain(resource.attributes.find(({ key }) => key === "service.name"));
      for (const span of scopeSpans.flatMap((scope) => scope.spans)) {
        spans.push({
          ...span,
          service,
          parentSpanId: span.parentSpanId || null,
          startedAt: Number(span.startTimeUnixNano),
          kind: { 2: "server", 3: "client" }[span.kind],
          status: span.status?.code === 2 ? "error" : "unset",
          attributes: Object.fromEntries(span.attributes.map((attribute) => [attribute.key, plain(attribute)])),
        });
      }
    }
    response.setHeader("content-type", "application/json").end("{}");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    spansOf: (traceId) => spans.filter((span) => span.traceId === traceId),
    close: () => server.close().closeAllConnections(),
  };
}
