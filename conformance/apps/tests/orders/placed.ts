// Tells whoever wants to know that an order was placed, and later asks how it was.
import { type Attribute, Topic } from "tenon/pubsub";

export interface Placed {
  orderId: string;
  email: string;
  at: Date;
}

export const placed = new Topic<Placed>("placed", { deliveryGuarantee: "at-least-once" });

export const reviews = new Topic<{ orderId: string; of: Attribute<"goods" | "service"> }>("reviews", {
  deliveryGuarantee: "at-least-once",
});

export const archived = new Topic<{ orderId: string }>("archived", { deliveryGuarantee: "at-least-once" });
