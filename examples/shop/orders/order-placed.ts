// What the shop tells everyone who wants to know: an order was placed.
import { Topic } from "tenon/pubsub";
import type { Cents } from "../shared/amounts.ts";

export interface OrderPlaced {
  orderId: string;
  userId: string;
  reservationId: string;
  totalCents: Cents;
  placedAt: Date;
}

export const orderPlaced = new Topic<OrderPlaced>("order-placed", { deliveryGuarantee: "at-least-once" });
