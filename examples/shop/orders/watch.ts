// Follows an order while it changes, as server-sent events: `new EventSource("/orders/<id>/events")` in a browser, `curl -N` in a shell.
import { APIError, api } from "tenon/api";
import { findOrder, type OrderStatus } from "./order-store.ts";
import { settings } from "./settings.ts";

/** Tells the status of an order, and every change of it until it is cancelled. */
export const watch = api.sse(
  { path: "/orders/:id/events", expose: true },
  async function* ({ id }: { id: string }, { lastEventId, signal }) {
    // A browser that connects again says what it has seen.
    let told = lastEventId;
    while (!signal.aborted) {
      const order = await findOrder(id);
      if (order === null) throw APIError.notFound(`no order "${id}"`);
      if (order.status !== told) yield statusEvent(order.id, order.status);
      if (order.status === "cancelled") return;
      told = order.status;
      await new Promise((resolve) => setTimeout(resolve, settings.watchIntervalMs));
    }
  },
);

function statusEvent(orderId: string, status: OrderStatus) {
  return { id: status, event: "status", data: { orderId, status } };
}
