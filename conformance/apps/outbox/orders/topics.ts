import { type Attribute, Topic } from "tenon/pubsub";

export interface OrderPlaced {
  id: string;
  customer: Attribute<string>;
  /** How often its handler fails after it has done its work. */
  failures: number;
}

export const placed = new Topic<OrderPlaced>("order-placed", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "customer",
});
