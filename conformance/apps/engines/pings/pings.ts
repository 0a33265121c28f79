// One topic and one subscription, without a database: what an app needs of an engine and nothing else.
import { api } from "tenon/api";
import { Subscription, Topic } from "tenon/pubsub";

interface Ping {
  text: string;
}

export const pings = new Topic<Ping>("pings", { deliveryGuarantee: "at-least-once" });

const seen: string[] = [];

new Subscription(pings, "answer", {
  handler: async ({ text }) => {
    seen.push(text);
  },
});

export const ping = api({ method: "POST", path: "/pings", expose: true }, async (ping: Ping): Promise<void> => {
  await pings.publish(ping);
});

export const list = api(
  { method: "GET", path: "/pings", expose: true },
  async (): Promise<{ seen: string[] }> => ({
    seen,
  }),
);
