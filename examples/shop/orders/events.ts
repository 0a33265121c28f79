// What the orders service tells everyone who wants to know. All of it is published inside the transaction that makes it true.
import { Topic } from "tenon/pubsub";
import type { Cents, Quantity } from "../shared/amounts.ts";

export interface OrderPlaced {
  orderId: string;
  userId: string;
  /** One for each product. */
  lines: { productId: string; quantity: Quantity }[];
  totalCents: Cents;
  placedAt: Date;
}

export const orderPlaced = new Topic<OrderPlaced>("order-placed", { deliveryGuarantee: "at-least-once" });

export interface OrderPaid {
  orderId: string;
  userId: string;
  totalCents: Cents;
}

export const orderPaid = new Topic<OrderPaid>("order-paid", { deliveryGuarantee: "at-least-once" });

export interface OrderCancelled {
  orderId: string;
  userId: string;
  totalCents: Cents;
  /** As part of a sentence: "the card was refused". */
  reason: string;
}

export const orderCancelled = new Topic<OrderCancelled>("order-cancelled", { deliveryGuarantee: "at-least-once" });
