// Public endpoints of the products service: create, get and list what the shop sells.
import { APIError, api } from "tenon/api";
import type { MaxLen, MinLen } from "tenon/validate";
import type { Cents, Count } from "../shared/amounts.ts";
import { type Page, type PageRequest, pageSize, toPage } from "../shared/page.ts";
import { db } from "./database.ts";

export interface Product {
  id: string;
  name: string & MinLen<1> & MaxLen<200>;
  description?: string;
  priceCents: Cents;
  /** How many can be ordered now. */
  stock: Count;
  createdAt: Date;
}

type CreateProductRequest = Omit<Product, "id" | "createdAt">;

/** Adds a product to the shop. */
export const create = api(
  { method: "POST", path: "/products", expose: true },
  async ({ name, description, priceCents, stock }: CreateProductRequest): Promise<Product> => {
    const row = await db.queryRow<ProductRow>`
      INSERT INTO products (name, description, price_cents, stock)
      VALUES (${name}, ${description ?? null}, ${priceCents}, ${stock})
      RETURNING id, name, description, price_cents, stock, created_at`;
    if (row === null) throw APIError.internal("the new product was not returned");
    return toProduct(row);
  },
);

/** Finds a product by id. */
export const get = api(
  { method: "GET", path: "/products/:id", expose: true },
  async ({ id }: { id: string }): Promise<Product> => {
    const row = await db.queryRow<ProductRow>`
      SELECT id, name, description, price_cents, stock, created_at FROM products WHERE id = ${id}`;
    if (row === null) throw APIError.notFound(`no product "${id}"`);
    return toProduct(row);
  },
);

interface ListProductsRequest extends PageRequest {
  /** Leave out what cannot be ordered now. */
  inStock?: boolean;
}

/** Lists products by id. */
export const list = api(
  { method: "GET", path: "/products", expose: true },
  async (request: ListProductsRequest): Promise<Page<Product>> => {
    const size = pageSize(request);
    const rows = await db.queryAll<ProductRow>`
      SELECT id, name, description, price_cents, stock, created_at FROM products
      WHERE id > ${request.cursor ?? ""} AND stock >= ${request.inStock ? 1 : 0}
      ORDER BY id LIMIT ${size + 1}`;
    return toPage(rows.map(toProduct), size);
  },
);

interface ProductRow {
  id: string;
  name: string;
  description: string | null;
  price_cents: number;
  stock: number;
  created_at: Date;
}

function toProduct({ created_at, price_cents, description, ...same }: ProductRow): Product {
  return { ...same, description: description ?? undefined, priceCents: price_cents, createdAt: created_at };
}
