// A private endpoint of the products service, for other services only: what an order would cost, and whether there is enough.
import { APIError, api } from "tenon/api";
import type { Quantity } from "../shared/amounts.ts";
import { db } from "./database.ts";

export interface WantedLine {
  productId: string;
  quantity: Quantity;
}

export interface QuotedLine {
  productId: string;
  name: string;
  quantity: number;
  unitPriceCents: number;
}

/** One line for each product, in order of product, with names and prices as they are now. Nothing is set aside. */
export const quote = api(
  { expose: false },
  async ({ lines }: { lines: WantedLine[] }): Promise<{ lines: QuotedLine[] }> => {
    const wanted = new Map<string, number>();
    for (const { productId, quantity } of lines) wanted.set(productId, (wanted.get(productId) ?? 0) + quantity);
    const rows = await db.queryAll<{ id: string; name: string; price_cents: number; stock: number }>`
      SELECT id, name, price_cents, stock FROM products WHERE id = ANY (${[...wanted.keys()]})`;
    const products = new Map(rows.map((row) => [row.id, row]));
    const quoted = [...wanted]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([productId, quantity]) => {
        const product = products.get(productId);
        if (product === undefined) throw APIError.notFound(`no product "${productId}"`);
        const { name, stock: available } = product;
        if (available >= quantity) return { productId, name, quantity, unitPriceCents: product.price_cents };
        const details = { productId, requested: quantity, available };
        throw APIError.failedPrecondition(`only ${available} of "${productId}" left`).withDetails(details);
      });
    return { lines: quoted };
  },
);
