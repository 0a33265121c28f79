// An order is paid once its stock is set aside, and paid back when it is cancelled. The bank is played by a limit in the settings; a real
// one is told the order's id as its idempotency key, so that an attempt that is made again takes nothing twice.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { getAuthData } from "~tenon/auth";
import { orderCancelled } from "../orders/events.ts";
import { stockReserved } from "../products/events.ts";
import { db } from "./database.ts";
import { paymentRefused, paymentTaken } from "./events.ts";
import { settings } from "./settings.ts";

export interface Payment {
  orderId: string;
  amountCents: number;
  status: "taken" | "refused" | "refunded" | "void";
  createdAt: Date;
}

/** Nothing is paid without stock: that is why it listens to the stock and not to the orders. */
new Subscription(stockReserved, "take-payment", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, userId, totalCents }, { tx }) => {
    const status = totalCents <= settings.cardLimitCents ? "taken" : "refused";
    const payment = await tx.queryRow`
      INSERT INTO payments (order_id, user_id, amount_cents, status)
      VALUES (${orderId}, ${userId}, ${totalCents}, ${status})
      ON CONFLICT (order_id) DO NOTHING RETURNING order_id`;
    // The order was cancelled in the meantime.
    if (payment === null) return;
    if (status === "taken") await paymentTaken.publish({ orderId });
    else await paymentRefused.publish({ orderId, reason: "the card was refused" });
  },
});

new Subscription(orderCancelled, "pay-back", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, userId, totalCents }, { tx }) => {
    await tx.exec`
      INSERT INTO payments (order_id, user_id, amount_cents, status)
      VALUES (${orderId}, ${userId}, ${totalCents}, 'void')
      ON CONFLICT (order_id) DO UPDATE SET status = 'refunded' WHERE payments.status = 'taken'`;
  },
});

/** What whoever is logged in has paid, newest first. */
export const list = api(
  { method: "GET", path: "/me/payments", expose: true, auth: true },
  async (): Promise<{ items: Payment[] }> => {
    const rows = await db.queryAll<PaymentRow>`
      SELECT order_id, amount_cents, status, created_at FROM payments
      WHERE user_id = ${getAuthData()!.userID} ORDER BY created_at DESC LIMIT 50`;
    return { items: rows.map(toPayment) };
  },
);

interface PaymentRow {
  order_id: string;
  amount_cents: number;
  status: Payment["status"];
  created_at: Date;
}

function toPayment({ order_id, amount_cents, created_at, status }: PaymentRow): Payment {
  return { orderId: order_id, amountCents: amount_cents, status, createdAt: created_at };
}
