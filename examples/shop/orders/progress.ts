// How an order goes on after it was placed: it is paid, or there is no stock, or no payment, and it is cancelled. Each step is taken
// exactly once: the message and what it leads to are one transaction.
import { api } from "tenon/api";
import { CronJob } from "tenon/cron";
import log from "tenon/log";
import { Subscription } from "tenon/pubsub";
import { paymentRefused, paymentTaken } from "../payments/events.ts";
import { stockRefused } from "../products/events.ts";
import { db } from "./database.ts";
import { cancelOrder, findOverdue, markPaid } from "./order-store.ts";
import { settings } from "./settings.ts";

new Subscription(paymentTaken, "mark-paid", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId }, { tx }) => markPaid(tx, orderId),
});

new Subscription(stockRefused, "cancel-without-stock", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, reason }, { tx }) => cancelOrder(tx, orderId, reason, ["pending"]),
});

new Subscription(paymentRefused, "cancel-without-payment", {
  database: db,
  ackDeadline: "5s",
  retryPolicy: { minBackoff: "500ms", maxBackoff: "1m" },
  handler: async ({ orderId, reason }, { tx }) => cancelOrder(tx, orderId, reason, ["pending"]),
});

/** Cancels orders that have waited for too long, for instance because nobody takes payments at the moment. */
export const cancelOverdue = api({ expose: false }, async (): Promise<{ cancelled: number }> => {
  let cancelled = 0;
  for (const id of await findOverdue(settings.payWithinMinutes)) {
    if (await db.transaction((tx) => cancelOrder(tx, id, "it could not be paid in time", ["pending"]))) cancelled++;
  }
  if (cancelled > 0) log.info("overdue orders cancelled", { cancelled });
  return { cancelled };
});

new CronJob("cancel-overdue-orders", {
  title: "Cancels orders that were not paid in time",
  every: "5m",
  endpoint: cancelOverdue,
});
