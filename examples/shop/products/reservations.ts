// Stock is set aside for an order once it was placed, and goes back when it is cancelled. Both happen exactly once, whatever crashes: the
// message, the stock, and what others are told of it are one transaction.
import { Subscription } from "tenon/pubsub";
import type { Transaction } from "tenon/storage/sqldb";
import { type OrderPlaced, orderCancelled, orderPlaced } from "../orders/events.ts";
import { db } from "./database.ts";
import { stockRefused, stockReserved } from "./events.ts";

new Subscription(orderPlaced, "reserve-stock", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, userId, lines, totalCents }, { tx }) => {
    const missing = await findMissing(tx, lines);
    const isHeld = missing === undefined;
    const reservation = await tx.queryRow`
      INSERT INTO reservations (order_id, is_held) VALUES (${orderId}, ${isHeld})
      ON CONFLICT (order_id) DO NOTHING RETURNING order_id`;
    // The order was cancelled before we heard of it.
    if (reservation === null) return;
    if (missing !== undefined) {
      await stockRefused.publish({ orderId, reason: `"${missing}" is sold out` });
      return;
    }
    for (const { productId, quantity } of lines) {
      await tx.exec`UPDATE products SET stock = stock - ${quantity} WHERE id = ${productId}`;
      await tx.exec`
        INSERT INTO reservation_lines (order_id, product_id, quantity) VALUES (${orderId}, ${productId}, ${quantity})`;
    }
    await stockReserved.publish({ orderId, userId, totalCents });
  },
});

/** A product of which there is not enough; the stock of all of them stays as it is until the transaction ends. */
async function findMissing(tx: Transaction, lines: OrderPlaced["lines"]): Promise<string | undefined> {
  const ids = lines.map(({ productId }) => productId);
  // Locked in one order everywhere, so that two orders for the same products wait for each other instead of deadlocking.
  const products = await tx.queryAll<{ id: string; stock: number }>`
    SELECT id, stock FROM products WHERE id = ANY (${ids}) ORDER BY id FOR UPDATE`;
  const stock = new Map(products.map((product) => [product.id, product.stock]));
  return lines.find(({ productId, quantity }) => (stock.get(productId) ?? 0) < quantity)?.productId;
}

new Subscription(orderCancelled, "release-stock", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId }, { tx }) => {
    // An order that we have not heard of yet gets its row, too: it says that nothing is to be set aside any more.
    const first = await tx.queryRow`
      INSERT INTO reservations (order_id, is_held) VALUES (${orderId}, false)
      ON CONFLICT (order_id) DO NOTHING RETURNING order_id`;
    if (first !== null) return;
    const lines = await tx.queryAll<{ product_id: string; quantity: number }>`
      WITH released AS (
        UPDATE reservations SET is_held = false WHERE order_id = ${orderId} AND is_held RETURNING order_id
      )
      SELECT product_id, quantity FROM reservation_lines JOIN released USING (order_id) ORDER BY product_id`;
    for (const { product_id, quantity } of lines) {
      await tx.exec`UPDATE products SET stock = stock + ${quantity} WHERE id = ${product_id}`;
    }
  },
});
