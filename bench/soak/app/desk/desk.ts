// Endpoints of every kind for the soak: typed, failing, streaming, raw.
import { text } from "node:stream/consumers";
import { api, type Header, type Query } from "tenon/api";
import { store } from "~tenon/clients";

export const hello = api({ method: "GET", path: "/hello/:name", expose: true }, async ({ name }: { name: string }) => {
  return { message: `Hello ${name}` };
});

interface OrderRequest {
  notify: Header<"x-notify">;
  priority?: Query<number>;
  customer: string;
  lines: { sku: string; quantity: number }[];
}

export const order = api(
  { method: "POST", path: "/orders", expose: true },
  async ({ customer, lines, priority, notify }: OrderRequest) => {
    const total = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    return { customer, total, priority, notify };
  },
);

export const item = api({ method: "GET", path: "/items/:id", expose: true }, async ({ id }: { id: string }) => {
  return await store.find({ id });
});

export const crash = api({ method: "GET", path: "/crash", expose: true }, async (): Promise<void> => {
  throw new Error("crashed on purpose by the soak");
});

export const large = api({ method: "GET", path: "/large", expose: true }, async () => {
  return { rows: Array.from({ length: 2000 }, (_, n) => ({ n, text: `row number ${n}` })) };
});

export const numbers = api({ method: "GET", path: "/numbers", expose: true }, async function* ({ to }: { to: number }) {
  for (let n = 1; n <= to; n++) yield { n };
});

export const news = api.sse({ path: "/news", expose: true }, async function* () {
  for (let n = 0; n < 1000; n++) {
    yield { data: { n } };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
});

export const raw = api.raw({ method: "POST", path: "/raw", expose: true }, async (request, response) => {
  response.end(`got ${(await text(request)).length}`);
});
