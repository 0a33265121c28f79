// Thanks customers for their orders. The order does not wait for it, and does not fail with it: a message that cannot be handled now
// comes again.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { getAuthData } from "~tenon/auth";
import { users } from "~tenon/clients";
import { orderPlaced } from "../orders/order-placed.ts";
import { db } from "./database.ts";

export interface Notification {
  orderId: string;
  text: string;
  createdAt: Date;
}

export const thankForOrder = new Subscription(orderPlaced, "thank-for-order", {
  handler: async ({ orderId, userId, totalCents }) => {
    const { name } = await users.get({ id: userId });
    const text = `Thank you, ${name}! Your order of ${(totalCents / 100).toFixed(2)} € is on its way.`;
    // A message may come twice, a customer is thanked once.
    await db.exec`
      INSERT INTO notifications (order_id, user_id, text) VALUES (${orderId}, ${userId}, ${text})
      ON CONFLICT (order_id) DO NOTHING`;
  },
});

/** What the shop has told whoever is logged in, newest first. */
export const list = api(
  { method: "GET", path: "/me/notifications", expose: true, auth: true },
  async (): Promise<{ items: Notification[] }> => {
    const rows = await db.queryAll<{ order_id: string; text: string; created_at: Date }>`
      SELECT order_id, text, created_at FROM notifications
      WHERE user_id = ${getAuthData()!.userID} ORDER BY created_at DESC LIMIT 50`;
    return {
      items: rows.map(({ order_id, text, created_at }) => ({ orderId: order_id, text, createdAt: created_at })),
    };
  },
);
