// Endpoints of the orders service. Creating an order is the shop's main journey: it asks the users service who buys, takes stock at
// the products service, and gives the stock back when a later step fails.
import { APIError, api } from "tenon/api";
import log from "tenon/log";
import { products, users } from "~tenon/clients";
import { type Page, type PageRequest, pageSize, toPage } from "../shared/page.ts";
import { findOrder, findOrders, insertOrder, markCancelled, type Order } from "./order-store.ts";

/** What a customer may spend in one order. */
const maxTotalCents = { standard: 50_000, premium: 500_000 };

interface CreateOrderRequest {
  userId: string;
  lines: { productId: string; quantity: number }[];
  note?: string;
}

/** Orders products for a customer: all lines, or nothing. */
export const create = api(
  { method: "POST", path: "/orders", expose: true },
  async ({ userId, lines, note }: CreateOrderRequest): Promise<Order> => {
    requireLines(lines);
    const user = await users.get({ id: userId });
    const reservation = await products.reserve({ lines });
    try {
      const totalCents = reservation.lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
      const limitCents = maxTotalCents[user.tier];
      if (totalCents > limitCents) {
        throw APIError.failedPrecondition(
          `a ${user.tier} customer may spend ${limitCents} cents in one order, this one is ${totalCents}`,
        );
      }
      const order = await insertOrder({
        userId,
        reservationId: reservation.id,
        lines: reservation.lines,
        totalCents,
        note,
      });
      log.info("order created", { orderId: order.id, userId, totalCents });
      return order;
    } catch (error) {
      await products.release({ reservationId: reservation.id });
      throw error;
    }
  },
);

/** Finds an order by id. */
export const get = api(
  { method: "GET", path: "/orders/:id", expose: true },
  async ({ id }: { id: string }): Promise<Order> => {
    const order = await findOrder(id);
    if (order === null) throw APIError.notFound(`no order "${id}"`);
    return order;
  },
);

interface ListOrdersRequest extends PageRequest {
  userId: string;
}

/** Lists the orders of a customer by id. */
export const list = api(
  { method: "GET", path: "/orders", expose: true },
  async (request: ListOrdersRequest): Promise<Page<Order>> => {
    const size = pageSize(request);
    const orders = await findOrders(request.userId, request.cursor ?? "", size + 1);
    return toPage(orders, size);
  },
);

/** Cancels an order and puts its products back into stock. */
export const cancel = api(
  { method: "POST", path: "/orders/:id/cancel", expose: true },
  async ({ id }: { id: string }): Promise<Order> => {
    const order = await findOrder(id);
    if (order === null) throw APIError.notFound(`no order "${id}"`);
    const reservationId = await markCancelled(id);
    if (reservationId === null) throw APIError.failedPrecondition(`order "${id}" is cancelled already`);
    await products.release({ reservationId });
    return { ...order, status: "cancelled" };
  },
);

function requireLines(lines: CreateOrderRequest["lines"]): void {
  if (lines.length === 0) throw APIError.invalidArgument("an order needs at least one line");
  for (const { productId, quantity } of lines) {
    if (!Number.isInteger(quantity) || quantity < 1 || quantity > 1_000) {
      throw APIError.invalidArgument(
        `quantity of "${productId}" must be a whole number from 1 to 1000, got ${quantity}`,
      );
    }
  }
}
