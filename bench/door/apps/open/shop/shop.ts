// What the door's benchmark asks for: handlers that do nothing, so that what is measured is the way to them and back.
import { api, type Header, type Query } from "tenon/api";

interface Greeting {
  message: string;
}

/** One path parameter in, one field out. */
export const hello = api(
  { method: "GET", path: "/hello/:name", expose: true },
  async ({ name }: { name: string }): Promise<Greeting> => ({ message: `Hello ${name}` }),
);

/** Nothing to decode, and an answer that is there at once. */
export const status = api({ method: "GET", path: "/status", expose: true }, (): { ok: boolean } => ({ ok: true }));

interface Order {
  id: string;
  verbose?: Query<boolean>;
  tenant: Header<"X-Tenant">;
  customer: string;
  kind: "retail" | "wholesale";
  lines: { sku: string; count: number; note?: string }[];
}

interface Accepted {
  id: string;
  tenant: string;
  total: number;
}

/** Path, query, header and body, all validated. */
export const order = api(
  { method: "POST", path: "/orders/:id", expose: true },
  async ({ id, tenant, lines }: Order): Promise<Accepted> => {
    return { id, tenant, total: lines.reduce((sum, line) => sum + line.count, 0) };
  },
);
