// An application that was adopted, and the endpoint that has moved out of it.
import { api } from "tenon/api";

export const getOrder = api(
  { method: "GET", path: "/adopted/orders/:id", expose: true },
  async ({ id }: { id: string }) => ({ id, cents: 1200 }),
);

export const adopted = api.raw({ method: "*", path: "/!rest", expose: true }, (_request, response) => {
  response.end();
});
