// One walk through the shop as its README describes it, the same in every topology and on every engine.
import assert from "node:assert/strict";
import { eventually } from "../harness/eventually.mjs";

/** The body of `POST /orders`; lines are pairs of product and quantity. */
export function orderOf(userId, lines, note) {
  const body = { userId, lines: lines.map(([productId, quantity]) => ({ productId, quantity })) };
  return note === undefined ? body : { ...body, note };
}

/** Status and body of each answer, with what differs from run to run taken out. */
export async function walkThroughTheShop(app) {
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
  await orderAndCancel(app, ask);
  await orderMoreThanTheCardAllows(app, ask);
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
  await ask(404, "POST", "/products.quote", { lines: [] });

  // A standard customer may not spend this much: nothing is set aside.
  const tooMuch = await ask(400, "POST", "/orders", orderOf("grace", [[desk.id, 1]]));
  assert.equal(tooMuch.code, "failed_precondition");
  assert.equal((await ask(200, "GET", `/products/${desk.id}`)).stock, 3);
}

async function orderAndCancel(app, ask) {
  const lines = [
    ["notebook", 3],
    ["keyboard", 1],
  ];
  const order = await ask(200, "POST", "/orders", orderOf("ada", lines, "gift wrap"));
  assert.equal(order.totalCents, 15_600);
  assert.equal(order.status, "pending");
  assert.equal(order.note, "gift wrap");
  assert.deepEqual(order.lines, [
    { productId: "keyboard", name: "Mechanical keyboard", quantity: 1, unitPriceCents: 12_900 },
    { productId: "notebook", name: "Notebook, dotted", quantity: 3, unitPriceCents: 900 },
  ]);
  await becomes(app, order.id, "paid");
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 9);
  const paid = { ...order, status: "paid" };
  assert.deepEqual(await ask(200, "GET", `/orders/${order.id}`), paid);
  assert.deepEqual(await ask(200, "GET", "/orders?userId=ada"), { items: [paid] });

  const cancelled = await ask(200, "POST", `/orders/${order.id}/cancel`);
  assert.deepEqual([cancelled.status, cancelled.cancelReason], ["cancelled", "you asked for it"]);
  await hasStock(app, "keyboard", 10);
  assert.equal((await ask(400, "POST", `/orders/${order.id}/cancel`)).code, "failed_precondition");
  assert.equal((await ask(200, "GET", "/products/keyboard")).stock, 10, "stock is put back once");
  assert.equal((await ask(404, "GET", "/orders/nothing")).code, "not_found");
}

async function orderMoreThanTheCardAllows(app, ask) {
  const order = await ask(200, "POST", "/orders", orderOf("ada", [["keyboard", 8]]));
  const cancelled = await becomes(app, order.id, "cancelled");
  assert.equal(cancelled.cancelReason, "the card was refused");
  await hasStock(app, "keyboard", 10);
}

/** The order once it is what the messages make of it. */
export function becomes(app, orderId, status) {
  return eventually(`order ${orderId} to become ${status}`, async () => {
    const { body } = await app.request("GET", `/orders/${orderId}`);
    return body?.status === status && body;
  });
}

export function hasStock(app, productId, stock) {
  return eventually(`${stock} of ${productId}`, async () => {
    const { body } = await app.request("GET", `/products/${productId}`);
    return body?.stock === stock;
  });
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
