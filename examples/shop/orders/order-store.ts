// Orders in the database: the only file of the service that knows its tables. What it tells others is published in the transaction that
// changes the order, so that neither is there without the other.
import { APIError } from "tenon/api";
import type { Transaction } from "tenon/storage/sqldb";
import { db } from "./database.ts";
import { orderCancelled, orderPaid, orderPlaced } from "./events.ts";

/** Pending until its stock is reserved and it is paid, or one of both cannot be. */
export type OrderStatus = "pending" | "paid" | "cancelled";

export interface OrderLine {
  productId: string;
  /** Name and price as they were when the order was made. */
  name: string;
  quantity: number;
  unitPriceCents: number;
}

export interface Order {
  id: string;
  userId: string;
  status: OrderStatus;
  lines: OrderLine[];
  totalCents: number;
  note?: string;
  /** Why it was cancelled. */
  cancelReason?: string;
  createdAt: Date;
}

interface NewOrder {
  userId: string;
  lines: OrderLine[];
  totalCents: number;
  note: string | undefined;
}

export async function placeOrder({ userId, lines, totalCents, note }: NewOrder): Promise<Order> {
  return await db.transaction(async (tx) => {
    const row = await tx.queryRow<OrderRow>`
      INSERT INTO orders (user_id, status, total_cents, note)
      VALUES (${userId}, 'pending', ${totalCents}, ${note ?? null})
      RETURNING id, user_id, status, total_cents, note, cancel_reason, created_at`;
    if (row === null) throw APIError.internal("the new order was not returned");
    for (const [position, line] of lines.entries()) {
      await tx.exec`
        INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price_cents)
        VALUES (${row.id}, ${position}, ${line.productId}, ${line.name}, ${line.quantity}, ${line.unitPriceCents})`;
    }
    const ordered = lines.map(({ productId, quantity }) => ({ productId, quantity }));
    await orderPlaced.publish({ orderId: row.id, userId, lines: ordered, totalCents, placedAt: row.created_at });
    return toOrder(row, lines);
  });
}

/** Nothing happens to an order that is not pending any more. */
export async function markPaid(tx: Transaction, id: string): Promise<void> {
  const row = await tx.queryRow<{ user_id: string; total_cents: number }>`
    UPDATE orders SET status = 'paid' WHERE id = ${id} AND status = 'pending' RETURNING user_id, total_cents`;
  if (row !== null) await orderPaid.publish({ orderId: id, userId: row.user_id, totalCents: row.total_cents });
}

/** Cancels an order that has one of these states; gives whether it had. */
export async function cancelOrder(tx: Transaction, id: string, reason: string, from: OrderStatus[]): Promise<boolean> {
  const row = await tx.queryRow<{ user_id: string; total_cents: number }>`
    UPDATE orders SET status = 'cancelled', cancel_reason = ${reason}
    WHERE id = ${id} AND status = ANY (${from}) RETURNING user_id, total_cents`;
  if (row === null) return false;
  await orderCancelled.publish({ orderId: id, userId: row.user_id, totalCents: row.total_cents, reason });
  return true;
}

export async function findOrder(id: string): Promise<Order | null> {
  const row = await db.queryRow<OrderRow>`
    SELECT id, user_id, status, total_cents, note, cancel_reason, created_at FROM orders WHERE id = ${id}`;
  if (row === null) return null;
  const lines = await linesOf([id]);
  return toOrder(row, lines.get(id) ?? []);
}

export async function findOrders(userId: string, afterId: string, limit: number): Promise<Order[]> {
  const rows = await db.queryAll<OrderRow>`
    SELECT id, user_id, status, total_cents, note, cancel_reason, created_at FROM orders
    WHERE user_id = ${userId} AND id > ${afterId} ORDER BY id LIMIT ${limit}`;
  const lines = await linesOf(rows.map((row) => row.id));
  return rows.map((row) => toOrder(row, lines.get(row.id) ?? []));
}

/** Orders that have been pending for so long. */
export async function findOverdue(minutes: number): Promise<string[]> {
  const rows = await db.queryAll<{ id: string }>`
    SELECT id FROM orders WHERE status = 'pending' AND created_at < now() - make_interval(mins => ${minutes})`;
  return rows.map(({ id }) => id);
}

async function linesOf(orderIds: string[]): Promise<Map<string, OrderLine[]>> {
  const rows = await db.queryAll<LineRow>`
    SELECT order_id, product_id, name, quantity, unit_price_cents FROM order_lines
    WHERE order_id = ANY (${orderIds}) ORDER BY order_id, position`;
  const lines = new Map<string, OrderLine[]>();
  for (const { order_id, product_id, unit_price_cents, name, quantity } of rows) {
    const line = { productId: product_id, name, quantity, unitPriceCents: unit_price_cents };
    const sameOrder = lines.get(order_id);
    if (sameOrder) sameOrder.push(line);
    else lines.set(order_id, [line]);
  }
  return lines;
}

interface OrderRow {
  id: string;
  user_id: string;
  status: OrderStatus;
  total_cents: number;
  note: string | null;
  cancel_reason: string | null;
  created_at: Date;
}

interface LineRow {
  order_id: string;
  product_id: string;
  name: string;
  quantity: number;
  unit_price_cents: number;
}

function toOrder(row: OrderRow, lines: OrderLine[]): Order {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    lines,
    totalCents: row.total_cents,
    note: row.note ?? undefined,
    cancelReason: row.cancel_reason ?? undefined,
    createdAt: row.created_at,
  };
}
