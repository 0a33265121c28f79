// Tells whoever wants to know that an order was placed.
import { Topic } from "tenon/pubsub";

export interface Placed {
  orderId: string;
  email: string;
  at: Date;
}

export const placed = new Topic<Placed>("placed", { deliveryGuarantee: "at-least-once" });
