import { Topic } from "tenon/pubsub";

export interface Booked {
  id: string;
}

export const booked = new Topic<Booked>("booked", { deliveryGuarantee: "at-least-once" });
