// What the payments service tells everyone who wants to know, inside the transaction that makes it true.
import { Topic } from "tenon/pubsub";

export interface PaymentTaken {
  orderId: string;
}

export const paymentTaken = new Topic<PaymentTaken>("payment-taken", { deliveryGuarantee: "at-least-once" });

export interface PaymentRefused {
  orderId: string;
  reason: string;
}

export const paymentRefused = new Topic<PaymentRefused>("payment-refused", { deliveryGuarantee: "at-least-once" });
