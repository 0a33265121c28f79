// Handles orders: fails as often as it is told to, and keeps what it saw in the journal.
import { Subscription } from "encore.dev/pubsub";
import { journal } from "~encore/clients";
import { moved, placed } from "../orders/orders.js";

new Subscription(placed, "send-mail", {
  retryPolicy: { minBackoff: "50ms", maxBackoff: "100ms", maxRetries: 2 },
  handler: async (order, { attempt }) => {
    if (attempt <= order.failures) throw new Error(`attempt ${attempt} of ${order.id} fails`);
    await journal.note({ kind: "mail", id: order.id, attempt, text: order.placedAt.toISOString() });
  },
});

const _ = new Subscription(moved, "follow", {
  maxConcurrency: 10,
  retryPolicy: { minBackoff: "20ms", maxBackoff: "20ms" },
  handler: async (order, { attempt }) => {
    if (attempt <= order.failures) throw new Error("not yet");
    await journal.note({ kind: `follow ${order.customer}`, id: order.id, attempt, text: String(order.sequence) });
  },
});
