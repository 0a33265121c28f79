// Private endpoints of the products service, for other services only: take stock for an order, and give it back. A reservation is kept
// once its order was placed; what nobody has ordered in time goes back into stock.
import { APIError, api } from "tenon/api";
import { CronJob } from "tenon/cron";
import log from "tenon/log";
import { Subscription } from "tenon/pubsub";
import { orderPlaced } from "../orders/order-placed.ts";
import type { Quantity } from "../shared/amounts.ts";
import { db } from "./database.ts";
import { settings } from "./settings.ts";

export interface ReserveLine {
  productId: string;
  quantity: Quantity;
}

export interface Reservation {
  id: string;
  /** In order of product, with names and prices as they are now. */
  lines: { productId: string; name: string; quantity: number; unitPriceCents: number }[];
}

/** Takes all lines out of stock, or none of them. */
export const reserve = api({ expose: false }, async ({ lines }: { lines: ReserveLine[] }): Promise<Reservation> => {
  return await db.transaction(async (tx) => {
    const reservation = await tx.queryRow<{ id: string }>`INSERT INTO reservations DEFAULT VALUES RETURNING id`;
    if (reservation === null) throw APIError.internal("the new reservation was not returned");

    const reserved: Reservation["lines"] = [];
    // Always in the same order, so that two orders for the same products wait for each other instead of deadlocking.
    const ordered = lines.toSorted((a, b) => a.productId.localeCompare(b.productId));
    for (const { productId, quantity } of ordered) {
      const taken = await tx.queryRow<{ name: string; price_cents: number }>`
        UPDATE products SET stock = stock - ${quantity}
        WHERE id = ${productId} AND stock >= ${quantity}
        RETURNING name, price_cents`;
      if (taken === null) {
        const product = await tx.queryRow<{ stock: number }>`SELECT stock FROM products WHERE id = ${productId}`;
        throw notAvailable(productId, quantity, product?.stock);
      }
      await tx.exec`
        INSERT INTO reservation_lines (reservation_id, product_id, quantity)
        VALUES (${reservation.id}, ${productId}, ${quantity})`;
      reserved.push({ productId, name: taken.name, quantity, unitPriceCents: taken.price_cents });
    }
    return { id: reservation.id, lines: reserved };
  });
});

/** Puts the lines of a reservation back into stock. Doing it twice does no harm: the second time there is nothing left to put back. */
export const release = api({ expose: false }, async ({ reservationId }: { reservationId: string }): Promise<void> => {
  await db.exec`
    WITH gone AS (DELETE FROM reservations WHERE id = ${reservationId} RETURNING id),
         back AS (
           SELECT product_id, sum(quantity) AS quantity
           FROM reservation_lines JOIN gone ON gone.id = reservation_id
           GROUP BY product_id
         )
    UPDATE products SET stock = stock + back.quantity FROM back WHERE products.id = back.product_id`;
});

/** Keeps what was ordered. Doing it twice does no harm, so it can take a message that comes again. */
export const keepReservation = new Subscription(orderPlaced, "keep-reservation", {
  handler: async ({ reservationId }) => {
    await db.exec`UPDATE reservations SET is_kept = true WHERE id = ${reservationId}`;
  },
});

/** Releases the reservations whose order never came. */
export const releaseExpired = api({ expose: false }, async (): Promise<{ released: number }> => {
  const expired = await db.queryAll<{ id: string }>`
    SELECT id FROM reservations
    WHERE NOT is_kept AND created_at < now() - make_interval(mins => ${settings.reservationMinutes})`;
  for (const { id } of expired) await release({ reservationId: id });
  if (expired.length > 0) log.info("expired reservations released", { released: expired.length });
  return { released: expired.length };
});

export const expiry = new CronJob("release-expired-reservations", {
  title: "Puts what was reserved and not ordered back into stock",
  every: "5m",
  endpoint: releaseExpired,
});

function notAvailable(productId: string, requested: number, available: number | undefined): APIError {
  if (available === undefined) return APIError.notFound(`no product "${productId}"`);
  return APIError.failedPrecondition(`only ${available} of "${productId}" left`).withDetails({
    productId,
    requested,
    available,
  });
}
