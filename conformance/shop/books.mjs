// Looks into the databases of a shop after a storm: stock, payments and notifications have to agree with its orders.

/**
 * @param {import("../kills/deployment.mjs").Deployment} deployment
 * @param {{ accepted: Set<string>, stock: Record<string, number> }} facts ids of orders that customers were given, and what was in stock
 *   of each product before the first of them
 * @returns {Promise<string[]>} what is wrong
 */
export async function auditShop(deployment, { accepted, stock }) {
  const orders = await deployment.query("orders", "SELECT id, status FROM orders");
  const reserved = await deployment.query("products", "SELECT order_id, is_held FROM reservations");
  const payments = await deployment.query("payments", "SELECT order_id, status FROM payments");
  const told = await deployment.query("notifications", "SELECT order_id, text FROM notifications");
  const known = new Set(orders.map(({ id }) => id));
  const missing = [...accepted].filter((id) => !known.has(id)).map((id) => `order ${id} was accepted and is not there`);
  const books = { reservations: byOrder(reserved), payments: byOrder(payments), notifications: byOrder(told) };
  return [
    ...missing,
    ...orders.flatMap((order) => wrongOf(order, books)),
    ...[...books.payments.keys()].filter((id) => !known.has(id)).map((id) => `a payment for ${id}, which is no order`),
    ...(await wrongStock(deployment, stock)),
  ];
}

function byOrder(rows) {
  const found = new Map();
  for (const row of rows) found.set(row.order_id, [...(found.get(row.order_id) ?? []), row]);
  return found;
}

function wrongOf({ id, status }, { reservations, payments, notifications }) {
  const held = (reservations.get(id) ?? []).filter(({ is_held: isHeld }) => isHeld).length;
  const taken = (payments.get(id) ?? []).filter((payment) => payment.status === "taken").length;
  const texts = (notifications.get(id) ?? []).map(({ text }) => text);
  const thanks = texts.filter((text) => text.startsWith("Thank you")).length;
  const regrets = texts.length - thanks;
  const facts = `${status} order ${id}: ${held} reservations held, ${taken} payments taken, ${thanks} thanks, ${regrets} regrets`;
  if (status === "paid") return held === 1 && taken === 1 && thanks === 1 && regrets === 0 ? [] : [facts];
  // One that was paid and then cancelled by its customer has had its thanks.
  if (status === "cancelled") return held === 0 && taken === 0 && thanks <= 1 && regrets === 1 ? [] : [facts];
  return [facts];
}

/** What is in stock and what is held for orders is what there was. */
async function wrongStock(deployment, before) {
  const rows = await deployment.query(
    "products",
    `SELECT id, stock::int, coalesce((
       SELECT sum(quantity) FROM reservation_lines JOIN reservations USING (order_id)
       WHERE is_held AND product_id = products.id), 0)::int AS held
     FROM products WHERE id = ANY ($1)`,
    [Object.keys(before)],
  );
  return rows
    .filter(({ id, stock, held }) => stock + held !== before[id])
    .map(({ id, stock, held }) => `${id}: ${stock} in stock and ${held} held, of ${before[id]}`);
}
