// The files of one service of the generated app: types, database, five endpoints on customers and five on orders.

/** Path -> text. Every service calls the one seven further on. */
export function serviceFiles(index, services) {
  const name = nameOf(index);
  return {
    [`${name}/tenon.service.ts`]: `import { Service } from "tenon/service";\n\nexport default new Service("${name}");\n`,
    [`${name}/types.ts`]: types(index),
    [`${name}/store.ts`]: store(index, name),
    [`${name}/customers.ts`]: customers(index, name),
    [`${name}/orders.ts`]: orders(index, name, nameOf((index + 7) % services)),
  };
}

export function nameOf(index) {
  return `shop${String(index).padStart(2, "0")}`;
}

const types = (i) => `import type { Address, Json, Money } from "@acme/contracts";
import type { Audit, Brand, CustomerId, Discount, OrderId } from "../shared/types.ts";

export enum Status${i} {
  Active = "active",
  Suspended = "suspended",
  Gone = "gone",
}
export type Sku${i} = Brand<string, "Sku${i}">;

/** A customer of shop ${i}. */
export interface Customer${i} extends Audit {
  id: CustomerId;
  /** As printed on parcels. */
  name: string;
  email: \`\${string}@\${string}\`;
  age?: number;
  status: Status${i};
  address: Address;
  tags: string[];
  labels: Record<string, string>;
  role: "admin" | "member" | "guest";
  manager?: Customer${i} | null;
}

export interface Line${i} {
  sku: Sku${i};
  quantity: number;
  price: Money;
  note?: string;
}

export interface Order${i} {
  id: OrderId;
  customer: Pick<Customer${i}, "id" | "name">;
  lines: Line${i}[];
  total: Money;
  discount?: Discount;
  placedAt: Date;
  extra?: Json;
  route: [from: number, to: number, label?: string];
}

/** A tree. */
export interface Category${i} {
  id: number;
  slug: \`category-\${string}\`;
  children: Category${i}[];
}

export type Event${i} =
  | { type: "created"; order: Order${i} }
  | { type: "shipped"; orderId: OrderId; at: Date; carrier: "air" | "sea" | "road" }
  | { type: "cancelled"; orderId: OrderId; reason?: string };
`;

const store = (i, name) => `import { SQLDatabase } from "tenon/storage/sqldb";
import { type Customer${i}, type Order${i}, Status${i} } from "./types.ts";

export const db = new SQLDatabase("${name}");

export async function findCustomer(id: string): Promise<Customer${i}> {
  const row = await db.queryRow<Customer${i}>\`SELECT * FROM customers WHERE id = \${id}\`;
  if (row === null) throw new Error("missing");
  return { ...row, status: row.status ?? Status${i}.Active };
}

export async function findOrders(customer: string, limit = 10) {
  const items = await db.queryAll<Order${i}>\`SELECT * FROM orders WHERE customer = \${customer} LIMIT \${limit}\`;
  return { items, total: items.length, next: null as string | null };
}

export function summarize(orders: Order${i}[]) {
  return {
    count: orders.length,
    cents: orders.reduce((sum, order) => sum + order.total.cents, 0),
    linesByDay: Object.fromEntries(orders.map((order) => [order.placedAt.toISOString().slice(0, 10), order.lines.length])),
  };
}
`;

const customers = (i, name) => `import { type Header, api } from "tenon/api";
import type { Paged } from "@acme/contracts";
import type { Audit, CustomerId, Nullable, Outcome, Patch } from "../shared/types.ts";
import { findCustomer } from "./store.ts";
import type { Customer${i}, Status${i} } from "./types.ts";

/** Finds one customer. */
export const getCustomer = api(
  { method: "GET", path: "/${name}/customers/:id", expose: true },
  async ({ id }: { id: string }): Promise<Customer${i}> => findCustomer(id),
);

interface ListCustomers {
  limit?: number;
  cursor?: string;
  status?: Status${i};
  locale: Header<"Accept-Language">;
}

export const listCustomers = api(
  { method: "GET", path: "/${name}/customers", expose: true },
  async (request: ListCustomers): Promise<Paged<Customer${i}>> => ({
    items: [await findCustomer(request.cursor ?? "")],
    total: request.limit ?? 0,
  }),
);

export const createCustomer = api(
  { method: "POST", path: "/${name}/customers", expose: true },
  async (request: Omit<Customer${i}, "id" | keyof Audit>): Promise<{ id: CustomerId }> => {
    const { id } = await findCustomer(request.name);
    return { id };
  },
);

export const patchCustomer = api(
  { method: "PATCH", path: "/${name}/customers/:id" },
  async ({ id }: { id: CustomerId; patch: Patch<Pick<Customer${i}, "name" | "age" | "tags" | "address">> }): Promise<
    Outcome<Customer${i}>
  > => ({ ok: true, value: await findCustomer(id) }),
);

export const describeCustomer = api(
  { method: "GET", path: "/${name}/descriptions/:id" },
  async ({ id }: { id: number }): Promise<Nullable<Pick<Customer${i}, "name" | "email" | "age">>> => {
    const { name, age } = await findCustomer(String(id));
    return { name, email: null, age: age ?? null };
  },
);
`;

const orders = (i, name, other) => `import { ${other} } from "~tenon/clients";
import { api } from "tenon/api";
import type { Json } from "@acme/contracts";
import { findOrders, summarize } from "./store.ts";
import type { Category${i}, Event${i}, Line${i}, Order${i} } from "./types.ts";

export const listOrders = api(
  { method: "GET", path: "/${name}/orders", expose: true },
  async ({ customer, limit }: { customer: string; limit?: number }) => findOrders(customer, limit),
);

export const summarizeOrders = api(
  { method: "GET", path: "/${name}/summary", expose: true },
  async ({ customer }: { customer: string }) => summarize((await findOrders(customer)).items),
);

interface PlaceOrder {
  lines: Line${i}[];
  priority: 0 | 1 | 2;
  gift?: { message: string; wrap: boolean } | null;
  payload?: Json;
}

export const placeOrder = api(
  { method: "POST", path: "/${name}/orders", expose: true },
  async ({ lines }: PlaceOrder): Promise<Order${i} & { buyer: string }> => {
    const buyer = await ${other}.getCustomer({ id: "1" });
    const [first] = (await findOrders(buyer.id)).items;
    if (first === undefined) throw new Error("missing");
    return { ...first, lines, buyer: buyer.name };
  },
);

export const record = api({ method: "POST", path: "/${name}/events" }, async ({ event }: { event: Event${i} }): Promise<void> => {
  if (event.type === "created") await findOrders(event.order.customer.id);
});

export const getTree = api(
  { method: "GET", path: "/${name}/tree/:root", expose: true },
  async ({ root }: { root: number }): Promise<{
    tree: Category${i};
    names: Map<string, { id: number; label?: string }>;
    ids: Set<number>;
    depth: 1 | 2 | 3;
  }> => ({ tree: { id: root, slug: "category-x", children: [] }, names: new Map(), ids: new Set(), depth: 1 }),
);
`;
