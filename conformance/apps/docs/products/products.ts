import { api, APIError } from "tenon/api";

export class OutOfStock extends APIError.define("failed_precondition", "out_of_stock")<{ available: number }> {}

export const reserve = api(
  { path: "/products/:id/reserve", expose: true, errors: [OutOfStock] },
  async ({ quantity }: { id: string; quantity: number }) => {
    if (quantity > 2) throw new OutOfStock("only two are left", { available: 2 });
    return { reserved: quantity };
  },
);
