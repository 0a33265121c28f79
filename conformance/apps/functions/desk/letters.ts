import { api } from "tenon/api";
import { CronJob } from "tenon/cron";
import { Subscription, Topic } from "tenon/pubsub";

interface Letter {
  text: string;
  to: string;
}

export const letters = new Topic<Letter>("letters", { deliveryGuarantee: "at-least-once" });

const read: string[] = [];

new Subscription(letters, "read", {
  handler: async ({ text, to }) => {
    if (text === "bad") throw new Error(`nobody reads that to ${to}`);
    read.push(text);
  },
});

let runs = 0;
export const count = api({}, async (): Promise<void> => {
  runs++;
});

new CronJob("count", { every: "1h", endpoint: count });

export const state = api(
  { method: "GET", path: "/state", expose: true },
  async (): Promise<{ read: string[]; runs: number }> => ({ read, runs }),
);
