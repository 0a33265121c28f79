// What the products service tells everyone who wants to know, inside the transaction that makes it true.
import { Topic } from "tenon/pubsub";
import type { Cents } from "../shared/amounts.ts";

export interface StockReserved {
  orderId: string;
  userId: string;
  totalCents: Cents;
}

/** All lines of an order are set aside for it. */
export const stockReserved = new Topic<StockReserved>("stock-reserved", { deliveryGuarantee: "at-least-once" });

export interface StockRefused {
  orderId: string;
  reason: string;
}

/** There was not enough of something; nothing is set aside. */
export const stockRefused = new Topic<StockRefused>("stock-refused", { deliveryGuarantee: "at-least-once" });
