// The shop as its README describes it: one body of requests against each topology, the trace of an order, and nothing left behind.
import assert from "node:assert/strict";
import { after, before, describe, test } from "node:test";
import { copyApp } from "./harness/app-copy.mjs";
import { startDev } from "./harness/dev.mjs";
import { readEvents } from "./harness/event-source.mjs";
import { eventually } from "./harness/eventually.mjs";
import { canListProcesses } from "./harness/processes.mjs";
import { indexSpans, outlineOf } from "./harness/spans.mjs";
import { connect } from "./harness/web-socket.mjs";

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
    test("counts orders, and releases expired reservations by its cron job", () => checkMetricsAndCron(app));

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

function orderOf(userId, lines, note) {
  const body = { userId, lines: lines.map(([productId, quantity]) => ({ productId, quantity })) };
  return note === undefined ? body : { ...body, note };
}

function traceIdOf(response) {
  const [, traceId] = /^00-([0-9a-f]{32})-/.exec(response.headers.get("traceresponse") ?? "") ?? [];
  assert.ok(traceId, "the answer names its trace");
  return traceId;
}

/** Status and body of each answer, with what differs from run to run taken out. */
async function walkThroughTheShop(app) {
  const answers = [];
  const ask = async (status, method, path, body) => {
    const response = await app.request(method, path, body);
    assert.equal(response.status, status, `${method} ${path}: ${response.text}`);
    answers.push({ method, status, body: withoutIds(response.body ?? response.text) });
    return response.body;
  };

  await readAndCreateUsers(ask);
  // Random ids decide on which page a user is: what is compared is all pages together.
  answers.push({ method: "GET", status: 200, body: withoutIds(await readPages(app, "/users?limit=1")) });
  await readAndCreateProducts(ask);
  await orderAndCancel(ask);
  await orderWhatCannotBe(ask);
  return answers;
}

async function readAndCreateUsers(ask) {
  assert.deepEqual(await ask(200, "GET", "/users/ada"), {
    id: "ada",
    email: "ada@example.com",
    name: "Ada Lovelace",
    phone: "+44 20 7946 0018",
    tier: "premium",
    createdAt: "2026-01-10T09:00:00.000Z",
  });
  const grace = await ask(200, "GET", "/users/grace");
  assert.equal("phone" in grace, false, "an absent optional field stays absent");
  assert.equal((await ask(404, "GET", "/users/nobody")).code, "not_found");

  const linus = await ask(200, "POST", "/users", { email: "Linus@Example.com", name: "Linus Müller 🐧" });
  assert.equal(linus.email, "linus@example.com");
  assert.equal(linus.tier, "standard");
  assert.ok(!Number.isNaN(Date.parse(linus.createdAt)));
  assert.deepEqual(await ask(200, "GET", `/users/${linus.id}`), linus);
  const again = await ask(409, "POST", "/users", { email: "linus@example.com", name: "Another" });
  assert.equal(again.code, "already_exists");

  const wrong = await ask(400, "POST", "/users", { email: "no-at-sign", tier: "gold" });
  assert.equal(wrong.code, "invalid_argument");
  assert.deepEqual(wrong.details.issues.map((issue) => issue.path).sort(), ["email", "name", "tier"]);

  assert.equal((await ask(400, "GET", "/users?limit=0")).code, "invalid_argument");
}

/** The items of all pages, one request a page. */
async function readPages(app, path) {
  const items = [];
  let cursor = "";
  do {
    const page = await app.request("GET", `${path}${cursor}`);
    assert.equal(page.status, 200, page.text);
    assert.equal(page.body.items.length, 1);
    items.push(...page.body.items);
    cursor = page.body.nextCursor === undefined ? "" : `&cursor=${encodeURIComponent(page.body.nextCursor)}`;
  } while (cursor !== "");
  assert.equal(new Set(items.map((item) => item.id)).size, items.length, "no item is on two pages");
  return items;
}

async function readAndCreateProducts(ask) {
  const desk = await ask(200, "POST", "/products", { name: "Desk", priceCents: 60_000, stock: 3 });
  assert.deepEqual(await ask(200, "GET", `/products/${desk.id}`), desk);
  assert.equal(
    (await ask(400, "POST", "/products", { name: "x", priceCents: 1.5, stock: 0 })).code,
    "invalid_argument",
  );
  assert.equal((await ask(404, "GET", "/products/nothing")).code, "not_found");
  const inStock = await ask(200, "GET", "/products?inStock=true");
  assert.ok(inStock.items.every((product) => product.stock > 0));
  await ask(404, "POST", "/products.reserve", { lines: [] });
  await ask(404, "POST", "/products.release", { reservationId: "x" });

  // A later step of orders.create fails (a standard customer may not spend this much): the stock is given back.
  const tooMuch = await ask(400, "POST", "/orders", orderOf("grace", [[desk.id, 1]]));
  assert.equal(tooMuch.code, "failed_precondition");
  assert.equal((await ask(200, "GET", `/products/${desk.id}`)).stock, 3);
}

async function orderAndCancel(ask) {
  const order = await ask(
    200,
    "POST",
    "/orders",
    orderOf(
      "ada",
      [
        ["notebook", 3],
        ["keyboard", 1],
      ],
      "gift wrap",
    ),
  );
  assert.equal(order.totalCents, 15_600);
  assert.equal(order.status, "confirmed");
  assert.equal(order.note, "gift wrap");
  assert.deepEqual(order.lines, [
    { productId: "keyboard", name: "Mechanical keyboard", quantity: 1, unitPriceCents: 12_900 },
    { productId: "notebook", name: "Notebook, dotted", quantity: 3, unitPriceCents: 900 },
  ]);
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 9);
  assert.deepEqual(await ask(200, "GET", `/orders/${order.id}`), order);
  assert.deepEqual(await ask(200, "GET", "/orders?userId=ada"), { items: [order] });

  assert.equal((await ask(200, "POST", `/orders/${order.id}/cancel`)).status, "cancelled");
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 10);
  assert.equal((await ask(400, "POST", `/orders/${order.id}/cancel`)).code, "failed_precondition");
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 10, "stock is put back once");
  assert.equal((await ask(404, "GET", "/orders/nothing")).code, "not_found");
}

async function orderWhatCannotBe(ask) {
  const unknownUser = await ask(404, "POST", "/orders", orderOf("nobody", [["keyboard", 1]]));
  assert.deepEqual(unknownUser, { code: "not_found", message: 'no user "nobody"', details: null });
  const unknownProduct = await ask(404, "POST", "/orders", orderOf("ada", [["nothing", 1]]));
  assert.deepEqual(unknownProduct, { code: "not_found", message: 'no product "nothing"', details: null });

  const outOfStock = await ask(
    400,
    "POST",
    "/orders",
    orderOf("ada", [
      ["keyboard", 1],
      ["typewriter", 2],
    ]),
  );
  assert.deepEqual(outOfStock, {
    code: "failed_precondition",
    message: 'only 1 of "typewriter" left',
    details: { productId: "typewriter", requested: 2, available: 1 },
  });
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 10, "all lines or none");

  const missing = await ask(400, "POST", "/orders", { userId: "ada", lines: [{ productId: "keyboard" }] });
  assert.equal(missing.code, "invalid_argument");
  assert.deepEqual(
    missing.details.issues.map((issue) => [issue.path, issue.code]),
    [["lines[0].quantity", "required"]],
  );
  assert.equal((await ask(400, "POST", "/orders", '{"userId": "ada",')).code, "invalid_argument");
  assert.equal((await ask(400, "POST", "/orders", orderOf("ada", []))).code, "invalid_argument");
}

/** Ids made at run time and the times that go with them, wherever they stand. */
function withoutIds(value) {
  const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g;
  if (typeof value === "string") return value.replace(uuid, "<id>");
  if (Array.isArray(value)) return value.map(withoutIds).sort(byText);
  if (value === null || typeof value !== "object") return value;
  const madeNow = typeof value.id === "string" && value.id.search(uuid) >= 0;
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => [key, madeNow && key === "createdAt" ? "<time>" : withoutIds(field)]),
  );
}

/** Lists are ordered by id, and ids of new rows are random. */
function byText(a, b) {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
}

const ada = { authorization: "Bearer ada-token" };

async function checkCustomer(app) {
  assert.equal((await app.request("GET", "/me")).status, 401);
  assert.equal((await app.request("GET", "/me", undefined, { authorization: "Bearer wrong" })).status, 401);
  assert.equal((await app.request("GET", "/me", undefined, { cookie: "session=grace-token" })).body.id, "grace");

  const { body: order } = await app.request("POST", "/orders", orderOf(undefined, [["desk-lamp", 1]]), ada);
  assert.equal(order.userId, "ada");
  const mine = await app.request("GET", "/me/orders?limit=100", undefined, ada);
  assert.ok(mine.body.items.some(({ id }) => id === order.id));
  const other = await app.request("POST", "/orders", orderOf("grace", [["desk-lamp", 1]]), ada);
  assert.deepEqual([other.status, other.body.code], [403, "permission_denied"]);
  const nobody = await app.request("POST", "/orders", orderOf(undefined, [["desk-lamp", 1]]));
  assert.deepEqual([nobody.status, nobody.body.code], [400, "invalid_argument"]);

  const thanks = await eventually("the notification", async () => {
    const { body } = await app.request("GET", "/me/notifications", undefined, ada);
    return body.items.find(({ orderId }) => orderId === order.id);
  });
  assert.equal(thanks.text, "Thank you, Ada Lovelace! Your order of 49.00 € is on its way.");
}

async function checkWatch(app) {
  const { body: order } = await app.request("POST", "/orders", orderOf("ada", [["notebook", 1]]));
  const seen = [];
  for await (const { event, id, data } of readEvents(`${app.gateway}/orders/${order.id}/events`)) {
    assert.deepEqual({ event, data }, { event: "status", data: { orderId: order.id, status: id } });
    seen.push(id);
    if (id === "confirmed") await app.request("POST", `/orders/${order.id}/cancel`);
  }
  assert.deepEqual(seen, ["confirmed", "cancelled"]);
  await assert.rejects(readEvents(`${app.gateway}/orders/nothing/events`).next(), /refused with 404/);
}

async function checkChat(app) {
  await assert.rejects(connect(app.gateway, "/support"), { status: 401 });
  const [asks, answers] = await Promise.all([
    connect(app.gateway, "/support", { headers: ada }),
    connect(app.gateway, "/support", { headers: { cookie: "session=grace-token" } }),
  ]);
  const greeting = await asks.next();
  assert.deepEqual([greeting.from, greeting.text], ["shop", "Hello ada, how can we help?"]);
  assert.equal((await answers.next()).text, "Hello grace, how can we help?");
  asks.send({ text: "Is the typewriter still there?" });
  for (const member of [asks, answers]) {
    const { from, text } = await member.next();
    assert.deepEqual([from, text], ["ada", "Is the typewriter still there?"]);
  }
  asks.send({ text: "" });
  assert.equal((await asks.closed).code, 1007);
  answers.socket.close();
  await answers.closed;
}

async function checkPage(app) {
  for (const [path, type] of [
    ["/shop/", "text/html"],
    ["/shop/shop.css", "text/css"],
    ["/shop/shop.js", "javascript"],
  ]) {
    const { status, headers } = await app.request("GET", path);
    assert.equal(status, 200, path);
    assert.ok(headers.get("content-type").includes(type), path);
  }
  assert.equal((await app.request("GET", "/shop/nothing.css")).status, 404);
  assert.match((await app.request("GET", "/users/ada")).headers.get("server-timing"), /^shop;dur=\d/);
}

async function checkMetricsAndCron(app) {
  // One order each by the README, the trace, the customer and the watcher; those that failed are not counted.
  await eventually("the metrics of four orders", async () => {
    const { services } = await app.fromDashboard("/api/metrics");
    const { metrics } = services.find(({ service }) => service === "orders") ?? { metrics: [] };
    const points = (name) => metrics.find((metric) => metric.name === name)?.points ?? [];
    const placed = points("orders_placed").reduce((sum, { value }) => sum + value, 0);
    return placed === 4 && points("order_total_cents")[0]?.count === 4;
  });
  const run = await fetch(`${app.dashboard}/api/cron/release-expired-reservations/run`, { method: "POST" });
  assert.equal(run.status, 200, await run.text());
}

async function checkOrderTrace(app, traceId) {
  let seen = { spans: [] };
  await eventually("the whole trace", async () => {
    seen = await app.fromDashboard(`/api/traces/${traceId}`);
    const { find, statements } = indexSpans(seen);
    const isWhole = find("orders", "orders.create", "server") && seen.spans.some((span) => span.parentSpanId === null);
    return (
      isWhole && ["users", "products", "orders", "notifications"].every((service) => statements(service).length > 0)
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
  const handlers = ["products", "notifications"].map((service) =>
    seen.spans.find((span) => span.service === service && span.name.startsWith("order-placed/")),
  );
  for (const handler of handlers) {
    const publish = seen.spans.find((span) => span.name === "publish order-placed");
    assert.ok(handler && ancestorsOf(handler).includes(publish), `handled for what was published:\n${outlineOf(seen)}`);
  }
  for (const [service, endpoint] of [
    ["users", "get"],
    ["products", "reserve"],
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
  for (const statement of statements("orders")) assert.ok(ancestorsOf(statement).includes(create));
  assert.ok(statements("users").some((span) => span.attributes["db.query.text"].includes("FROM users")));
  assert.ok(seen.spans.every((span) => span.traceId === traceId && span.status !== "error"));

  const { traces } = await app.fromDashboard("/api/traces?service=orders&limit=50");
  const summary = traces.find((trace) => trace.traceId === traceId);
  assert.deepEqual(summary?.root, { service: "orders", endpoint: "create", method: "POST", path: "/orders" });
  assert.deepEqual(
    summary.services.filter((name) => name !== "gateway"),
    ["notifications", "orders", "products", "users"],
  );
}
