// Calls of the other service: the same answers and the same refusals, whether it runs here or elsewhere.
import { api, type APIError } from "tenon/api";
import { Decimal } from "tenon/types";
import { shop } from "~tenon/clients";

async function outcome(call: () => Promise<unknown>): Promise<{ json: string }> {
  try {
    return { json: JSON.stringify(await call()) };
  } catch (error) {
    const { code, details } = error as APIError;
    return { json: JSON.stringify({ code, details }) };
  }
}

export const order = api({ path: "/desk/order", expose: true }, ({ price, name }: { price: string; name: string }) =>
  outcome(() =>
    shop.place({
      name,
      contact: "a@b.c",
      price: new Decimal(price),
      lines: [{ sku: "abc", quantity: 4 }],
      page: 3,
    }),
  ),
);

export const visit = api({ path: "/desk/visit", expose: true }, () =>
  outcome(() => shop.visit({ session: { value: "mine", maxAge: 1 } })),
);

export const broken = api({ path: "/desk/broken", expose: true }, () => outcome(() => shop.broken()));

const from = "2026-01-01";

export const zod = api({ path: "/desk/zod", expose: true }, ({ until, code }: { until: string; code: string }) =>
  outcome(() => shop.zod({ id: "z", from, until, code })),
);

export const valibot = api(
  { path: "/desk/valibot", expose: true },
  ({ until, code }: { until: string; code: string }) => outcome(() => shop.valibot({ id: "v", from, until, code })),
);

export const arktype = api(
  { path: "/desk/arktype", expose: true },
  ({ until, code }: { until: string; code: string }) => outcome(() => shop.arktype({ id: "a", from, until, code })),
);
