// What is sent: some 200 bytes as JSON.
import { Topic } from "tenon/pubsub";

export interface Event {
  n: number;
  /** Epoch milliseconds, with fractions. */
  at: number;
  text: string;
}

export const events = new Topic<Event>("events", { deliveryGuarantee: "at-least-once" });
