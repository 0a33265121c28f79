// Takes one of everything, so that everything can be wrong.
import { APIError, api, type Header } from "tenon/api";
import { vault } from "~tenon/clients";

enum Size {
  Small = "small",
  Large = "large",
}

interface Line {
  sku: string;
  quantity: number;
}

interface Order {
  customer: string;
  lines: Line[];
  at?: Date;
  total?: bigint;
  blob?: Uint8Array;
  link?: URL;
  size?: Size;
  payment?: { type: "card"; number: string } | { type: "cash"; amount: number };
  pair?: [string, number];
  labels?: Record<string, string>;
  tags?: Set<string>;
  rest?: unknown;
}

export const create = api({ method: "POST", path: "/orders", expose: true }, async (order: Order) => ({
  customer: order.customer,
  lines: order.lines.length,
  labels: order.labels,
}));

export const small = api(
  { method: "POST", path: "/small", expose: true, bodyLimit: 64 },
  async ({ text }: { text: string }) => ({ length: text.length }),
);

export const item = api({ method: "GET", path: "/items/:id", expose: true }, async ({ id }: { id: number }) => ({
  id,
}));
export const sized = api({ method: "GET", path: "/sizes/:size", expose: true }, async ({ size }: { size: Size }) => ({
  size,
}));
export const day = api({ method: "GET", path: "/days/:at", expose: true }, async ({ at }: { at: Date }) => ({ at }));
export const flag = api({ method: "GET", path: "/flags/:on", expose: true }, async ({ on }: { on: boolean }) => ({
  on,
}));
export const big = api({ method: "GET", path: "/big/:n", expose: true }, async ({ n }: { n: bigint }) => ({ n }));
export const named = api({ method: "GET", path: "/names/:name", expose: true }, async ({ name }: { name: string }) => ({
  name,
}));

export const search = api(
  { method: "GET", path: "/search", expose: true },
  async (query: {
    limit?: number;
    exact?: boolean;
    tag?: string[];
    key: Header<"X-Key">;
    depth?: Header<number, "X-Depth">;
    sort?: "up" | "down";
  }) => ({ ...query, key: String(query.key), depth: Number(query.depth) }),
);

export const crash = api({ method: "GET", path: "/crash", expose: true }, async () => {
  throw new Error("password=hunter2");
});
export const denied = api({ method: "GET", path: "/denied", expose: true }, async () => {
  throw APIError.permissionDenied("not yours");
});
export const relayed = api({ method: "GET", path: "/relayed", expose: true }, async () => vault.open());
export const nothing = api({ method: "DELETE", path: "/nothing", expose: true }, async () => {});
export const guarded = api({ method: "GET", path: "/guarded", expose: true, auth: true }, async () => ({
  secret: true,
}));
