// Thanks for orders.
import { api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { placed } from "../orders/placed";

const sent: string[] = [];

export const thanks = new Subscription(placed, "thanks", {
  handler: async ({ email }) => {
    if (email.startsWith("bounce")) throw new Error("no such mailbox");
    sent.push(email);
  },
});

export const outbox = api({}, async (): Promise<{ sent: string[] }> => ({ sent }));
