// What the shop counts about orders.
import { CounterGroup, Histogram } from "tenon/metrics";

export const ordersPlaced = new CounterGroup<{ tier: string }>("orders_placed", {
  description: "Orders that were placed, by the customer's tier",
});

export const orderTotalCents = new Histogram("order_total_cents", {
  description: "What orders cost",
  buckets: [1_000, 5_000, 10_000, 50_000, 100_000, 500_000],
});
