// What customers of the shop can do and see: log in, watch their orders, chat, look at the page.
import assert from "node:assert/strict";
import { readEvents } from "../harness/event-source.mjs";
import { eventually } from "../harness/eventually.mjs";
import { connect } from "../harness/web-socket.mjs";
import { orderOf } from "./walk.mjs";

export const ada = { authorization: "Bearer ada-token" };

export async function checkCustomer(app) {
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
  const { body: payments } = await app.request("GET", "/me/payments", undefined, ada);
  const { amountCents, status } = payments.items.find(({ orderId }) => orderId === order.id);
  assert.deepEqual([amountCents, status], [4_900, "taken"]);
}

export async function checkWatch(app) {
  const { body: order } = await app.request("POST", "/orders", orderOf("ada", [["notebook", 1]]));
  const seen = [];
  for await (const { event, id, data } of readEvents(`${app.gateway}/orders/${order.id}/events`)) {
    assert.deepEqual({ event, data }, { event: "status", data: { orderId: order.id, status: id } });
    seen.push(id);
    if (id === "paid") await app.request("POST", `/orders/${order.id}/cancel`);
  }
  // Whoever begins to watch may find it paid already.
  assert.deepEqual(
    seen.filter((status) => status !== "pending"),
    ["paid", "cancelled"],
  );
  await assert.rejects(readEvents(`${app.gateway}/orders/nothing/events`).next(), /refused with 404/);
}

export async function checkChat(app) {
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

export async function checkPage(app) {
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
