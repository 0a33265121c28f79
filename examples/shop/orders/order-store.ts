// Orders in the database: the only file of the service that knows its tables.
import { APIError } from "tenon/api";
import { db } from "./database.ts";
import { orderPlaced } from "./order-placed.ts";

export type OrderStatus = "confirmed" | "cancelled";

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
  createdAt: Date;
}

interface NewOrder {
  userId: string;
  reservation: { id: string; lines: OrderLine[] };
  totalCents: number;
  note: string | undefined;
}

/** Stores an order and tells of it. */
export async function placeOrder({ userId, reservation, totalCents, note }: NewOrder): Promise<Order> {
  return await db.transaction(async (tx) => {
    const row = await tx.queryRow<OrderRow>`
      INSERT INTO orders (user_id, reservation_id, status, total_cents, note)
      VALUES (${userId}, ${reservation.id}, 'confirmed', ${totalCents}, ${note ?? null})
      RETURNING id, user_id, status, total_cents, note, created_at`;
    if (row === null) throw APIError.internal("the new order was not returned");
    for (const [position, line] of reservation.lines.entries()) {
      await tx.exec`
        INSERT INTO order_lines (order_id, position, product_id, name, quantity, unit_price_cents)
        VALUES (${row.id}, ${position}, ${line.productId}, ${line.name}, ${line.quantity}, ${line.unitPriceCents})`;
    }
    // Last, but within the transaction: an order of which nobody can be told is not kept.
    await orderPlaced.publish({
      orderId: row.id,
      userId,
      reservationId: reservation.id,
      totalCents,
      placedAt: row.created_at,
    });
    return toOrder(row, reservation.lines);
  });
}

export async function findOrder(id: string): Promise<Order | null> {
  const row = await db.queryRow<OrderRow>`
    SELECT id, user_id, status, total_cents, note, created_at FROM orders WHERE id = ${id}`;
  if (row === null) return null;
  const lines = await linesOf([id]);
  return toOrder(row, lines.get(id) ?? []);
}

export async function findOrders(userId: string, afterId: string, limit: number): Promise<Order[]> {
  const rows = await db.queryAll<OrderRow>`
    SELECT id, user_id, status, total_cents, note, created_at FROM orders
    WHERE user_id = ${userId} AND id > ${afterId} ORDER BY id LIMIT ${limit}`;
  const lines = await linesOf(rows.map((row) => row.id));
  return rows.map((row) => toOrder(row, lines.get(row.id) ?? []));
}

/** Gives the reservation that the order held; null when the order was not confirmed any more. */
export async function markCancelled(id: string): Promise<string | null> {
  const row = await db.queryRow<{ reservation_id: string }>`
    UPDATE orders SET status = 'cancelled' WHERE id = ${id} AND status = 'confirmed' RETURNING reservation_id`;
  return row?.reservation_id ?? null;
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
    createdAt: row.created_at,
  };
}
