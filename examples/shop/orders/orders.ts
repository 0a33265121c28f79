// Endpoints of the orders service. Placing an order is the shop's main journey: it asks the users service who buys and the products
// service what it costs, and keeps the order with the message that tells of it. What happens then is in progress.ts.
import { APIError, api } from "tenon/api";
import log from "tenon/log";
import type { MaxLen, MinLen } from "tenon/validate";
import { getAuthData } from "~tenon/auth";
import { products, users } from "~tenon/clients";
import type { Quantity } from "../shared/amounts.ts";
import { type Page, type PageRequest, pageSize, toPage } from "../shared/page.ts";
import { db } from "./database.ts";
import { SpendingLimitExceeded } from "./errors.ts";
import { orderTotalCents, ordersPlaced } from "./metrics.ts";
import { cancelOrder, findOrder, findOrders, type Order, placeOrder } from "./order-store.ts";
import { settings } from "./settings.ts";

interface CreateOrderRequest {
  /** Who buys. Whoever is logged in can leave it out, and buys for nobody else. */
  userId?: string;
  lines: { productId: string; quantity: Quantity }[] & MinLen<1> & MaxLen<100>;
  note?: string & MaxLen<500>;
}

/** Orders products for a customer. The order is pending until its stock is reserved and it is paid. */
export const create = api(
  { method: "POST", path: "/orders", expose: true, errors: [SpendingLimitExceeded] },
  async ({ userId, lines: wanted, note }: CreateOrderRequest): Promise<Order> => {
    const user = await users.get({ id: buyerOf(userId) });
    const { lines } = await products.quote({ lines: wanted });
    const totalCents = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceCents, 0);
    const limitCents = settings.maxTotalCents[user.tier];
    if (totalCents > limitCents) {
      const message = `a ${user.tier} customer may spend ${limitCents} cents in one order, this one is ${totalCents}`;
      throw new SpendingLimitExceeded(message, { limitCents, totalCents });
    }
    const order = await placeOrder({ userId: user.id, lines, totalCents, note });
    ordersPlaced.with({ tier: user.tier }).increment();
    orderTotalCents.record(totalCents);
    log.info("order placed", { orderId: order.id, userId: user.id, totalCents });
    return order;
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

/** Lists the orders of whoever is logged in. */
export const mine = api(
  { method: "GET", path: "/me/orders", expose: true, auth: true },
  async (request: PageRequest): Promise<Page<Order>> => list({ ...request, userId: getAuthData()!.userID }),
);

/** Cancels an order: its products go back into stock, and what was paid is paid back. */
export const cancel = api(
  { method: "POST", path: "/orders/:id/cancel", expose: true },
  async ({ id }: { id: string }): Promise<Order> => {
    const order = await findOrder(id);
    if (order === null) throw APIError.notFound(`no order "${id}"`);
    const cancelReason = "you asked for it";
    const isCancelled = await db.transaction((tx) => cancelOrder(tx, id, cancelReason, ["pending", "paid"]));
    if (!isCancelled) throw APIError.failedPrecondition(`order "${id}" is cancelled already`);
    return { ...order, status: "cancelled", cancelReason };
  },
);

function buyerOf(userId: string | undefined): string {
  const customer = getAuthData();
  const buyer = userId ?? customer?.userID;
  if (buyer === undefined) throw APIError.invalidArgument("log in, or name the customer in userId");
  if (customer !== null && customer.userID !== buyer) {
    throw APIError.permissionDenied(`"${customer.userID}" cannot order for "${buyer}"`);
  }
  return buyer;
}
