// The shop as its README describes it: one body of requests against each topology, the trace of an order, and nothing left behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { eventually } from "./harness/eventually.mjs";
import { canListProcesses } from "./harness/processes.mjs";
import { indexSpans, outlineOf } from "./harness/spans.mjs";
import { checkChat, checkCustomer, checkPage, checkWatch } from "./shop/customers.mjs";
import { orderOf, walkThroughTheShop } from "./shop/walk.mjs";

const answersPerTopology = new Map();

for (const topology of ["single", "per-service"]) {
  describe(`shop, ${topology}`, () => {
    let copy;
    let app;

    before(async () => {
      copy = await copyApp("examples/shop");
      app = await startDev(copy.dir, { topology });
    });

    after(async () => {
      await app?.cleanUp();
      await copy?.remove();
    });

    test("answers the requests of the README", async () => {
      answersPerTopology.set(topology, await walkThroughTheShop(app));
    });

    test("shows an order as one trace from the gateway to the SQL of each service", async () => {
      const response = await app.request("POST", "/orders", orderOf("grace", [["notebook", 1]]));
      assert.equal(response.status, 200, response.text);
      await checkOrderTrace(app, traceIdOf(response));
    });

    test("knows who is logged in, in every service, and thanks for an order", () => checkCustomer(app));
    test("tells of an order's changes while they happen", () => checkWatch(app));
    test("lets customers chat, and nobody else", () => checkChat(app));
    test("serves its page, timed as everything else", () => checkPage(app));
    test("counts orders, and runs its cron job", () => checkMetricsAndCron(app));

    test("stops on SIGINT and leaves nothing behind", async (t) => {
      const { gateway, dashboard } = app;
      if (canListProcesses) assert.ok(app.processes().length > 0, "the app's own process is found while it runs");
      const ended = await app.stop("SIGINT");
      assert.equal(ended.code, 0, app.output);
      await assert.rejects(fetch(`${gateway}/users/ada`), "the gateway's port is closed");
      await assert.rejects(fetch(`${dashboard}/api/graph`), "the dashboard's port is closed");
      if (canListProcesses) await app.waitUntilGone();
      else t.diagnostic("processes cannot be listed on this system: looked at ports only");
    });
  });
}

test("the shop answers the same in both topologies", (t) => {
  if (answersPerTopology.size < 2) return t.skip("a topology did not run to its end");
  assert.deepEqual(answersPerTopology.get("per-service"), answersPerTopology.get("single"));
});

function traceIdOf(response) {
  const [, traceId] = /^00-([0-9a-f]{32})-/.exec(response.headers.get("traceresponse") ?? "") ?? [];
  assert.ok(traceId, "the answer names its trace");
  return traceId;
}

async function checkMetricsAndCron(app) {
  // Two orders by the walk, one each by the trace, the customer and the watcher; those that failed are not counted.
  await eventually("the metrics of five orders", async () => {
    const { services } = await app.fromDashboard("/api/metrics");
    const { metrics } = services.find(({ service }) => service === "orders") ?? { metrics: [] };
    const points = (name) => metrics.find((metric) => metric.name === name)?.points ?? [];
    const placed = points("orders_placed").reduce((sum, { value }) => sum + value, 0);
    return placed === 5 && points("order_total_cents")[0]?.count === 5;
  });
  const run = await fetch(`${app.dashboard}/api/cron/cancel-overdue-orders/run`, { method: "POST" });
  assert.equal(run.status, 200, await run.text());
}

/** How an order goes on by messages: service and span of each step. */
const steps = [
  ["products", "order-placed/reserve-stock"],
  ["payments", "stock-reserved/take-payment"],
  ["orders", "payment-taken/mark-paid"],
  ["notifications", "order-paid/thank-for-order"],
];

async function checkOrderTrace(app, traceId) {
  let seen = { spans: [] };
  await eventually("the whole trace", async () => {
    seen = await app.fromDashboard(`/api/traces/${traceId}`);
    const { find, statements } = indexSpans(seen);
    const isWhole = find("orders", "orders.create", "server") && seen.spans.some((span) => span.parentSpanId === null);
    return (
      isWhole &&
      steps.every(([service, name]) => find(service, name, "consumer")) &&
      statements("notifications").length > 0
    );
  }).catch((error) => {
    throw new Error(`${error.message}; the trace is\n${outlineOf(seen)}`, { cause: error });
  });

  const { parentOf, ancestorsOf, find, statements } = indexSpans(seen);
  const root = seen.spans.filter((span) => parentOf(span) === undefined);
  assert.equal(root.length, 1, `one root, no missing parents:\n${outlineOf(seen)}`);
  assert.equal(root[0].service, "gateway");
  assert.equal(root[0].name, "POST /orders");
  assert.equal(root[0].parentSpanId, null);

  const create = find("orders", "orders.create", "server");
  assert.ok(ancestorsOf(create).includes(root[0]), "orders.create is below the gateway's span");
  const handlers = steps.map(([service, name]) => find(service, name, "consumer"));
  for (const handler of handlers) {
    const publish = seen.spans.find((span) => span.name === `publish ${handler.name.split("/")[0]}`);
    assert.ok(ancestorsOf(handler).includes(publish), `handled for what was published:\n${outlineOf(seen)}`);
  }
  for (const [service, endpoint] of [
    ["users", "get"],
    ["products", "quote"],
  ]) {
    const name = `${service}.${endpoint}`;
    const caller = seen.spans.find((span) => span.kind === "client" && span.name === name && parentOf(span) === create);
    const callee = seen.spans.find((span) => span.service === service && parentOf(span) === caller);
    assert.equal(callee?.name, name, `both sides of ${name}:\n${outlineOf(seen)}`);
    for (const statement of statements(service)) {
      const above = ancestorsOf(statement);
      const isForMessage = handlers.some((handler) => above.includes(handler));
      assert.ok(isForMessage || above.includes(callee), `SQL of ${service} is below ${name}:\n${outlineOf(seen)}`);
    }
  }
  for (const statement of statements("orders")) {
    const above = ancestorsOf(statement);
    assert.ok(above.includes(create) || handlers.some((handler) => above.includes(handler)));
  }
  assert.ok(statements("users").some((span) => span.attributes["db.query.text"].includes("FROM users")));
  assert.ok(seen.spans.every((span) => span.traceId === traceId && span.status !== "error"));

  const { traces } = await app.fromDashboard("/api/traces?service=orders&limit=50");
  const summary = traces.find((trace) => trace.traceId === traceId);
  assert.deepEqual(summary?.root, { service: "orders", endpoint: "create", method: "POST", path: "/orders" });
  assert.deepEqual(
    summary.services.filter((name) => name !== "gateway"),
    ["notifications", "orders", "payments", "products", "users"],
  );
}
