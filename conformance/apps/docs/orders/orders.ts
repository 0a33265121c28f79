import { api } from "tenon/api";

export const list = api({ method: "GET", path: "/orders", expose: true, auth: true }, async () => ({
  items: [{ id: "1", totalCents: 100 }],
}));
