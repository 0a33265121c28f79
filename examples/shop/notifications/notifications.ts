// Tells customers what becomes of their orders, once. Orders do not wait for it, and do not fail with it: a message that cannot be handled
// now comes again.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import type { Transaction } from "tenon/storage/sqldb";
import { getAuthData } from "~tenon/auth";
import { users } from "~tenon/clients";
import { orderCancelled, orderPaid } from "../orders/events.ts";
import { db } from "./database.ts";

export interface Notification {
  orderId: string;
  text: string;
  createdAt: Date;
}

new Subscription(orderPaid, "thank-for-order", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, userId, totalCents }, { tx }) => {
    const { name } = await users.get({ id: userId });
    await tell(tx, userId, orderId, `Thank you, ${name}! Your order of ${euros(totalCents)} is on its way.`);
  },
});

new Subscription(orderCancelled, "tell-of-cancellation", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, userId, totalCents, reason }, { tx }) => {
    const { name } = await users.get({ id: userId });
    await tell(tx, userId, orderId, `${name}, your order of ${euros(totalCents)} was cancelled: ${reason}.`);
  },
});

async function tell(tx: Transaction, userId: string, orderId: string, text: string): Promise<void> {
  await tx.exec`INSERT INTO notifications (order_id, user_id, text) VALUES (${orderId}, ${userId}, ${text})`;
}

function euros(cents: number): string {
  return `${(cents / 100).toFixed(2)} €`;
}

/** What the shop has told whoever is logged in, newest first. */
export const list = api(
  { method: "GET", path: "/me/notifications", expose: true, auth: true },
  async (): Promise<{ items: Notification[] }> => {
    const rows = await db.queryAll<{ order_id: string; text: string; created_at: Date }>`
      SELECT order_id, text, created_at FROM notifications
      WHERE user_id = ${getAuthData()!.userID} ORDER BY id DESC LIMIT 50`;
    return {
      items: rows.map(({ order_id, text, created_at }) => ({ orderId: order_id, text, createdAt: created_at })),
    };
  },
);
