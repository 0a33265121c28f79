// Thanks for orders.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { placed, reviews } from "../orders/placed";

const sent: string[] = [];

export const thanks = new Subscription(placed, "thanks", {
  handler: async ({ email }) => {
    if (email.startsWith("bounce")) throw new Error("no such mailbox");
    sent.push(email);
  },
});

const asked: string[][] = [];

export const ask = new Subscription(reviews, "ask", {
  filter: { of: "goods" },
  batchHandler: async (batch) => {
    asked.push(batch.map(({ orderId }) => orderId));
  },
});

export const outbox = api({}, async (): Promise<{ sent: string[]; asked: string[][] }> => ({ sent, asked }));
