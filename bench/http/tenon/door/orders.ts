// Two parameters of the path, one of them a number.
import { api } from "tenon/api";

interface Order {
  userId: string;
  orderId: number;
}

export const order = api(
  { method: "GET", path: "/users/:userId/orders/:orderId", expose: true },
  ({ userId, orderId }: Order): Order => ({ userId, orderId }),
);
