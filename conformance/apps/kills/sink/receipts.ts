// Told for every booked payment, in the transaction that books it.
import { Topic } from "tenon/pubsub";

export interface Receipt {
  token: string;
}

export const receipts = new Topic<Receipt>("receipts", { deliveryGuarantee: "at-least-once" });
