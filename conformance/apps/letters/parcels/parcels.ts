// Parcels that nobody can deliver while the road is closed: each becomes a dead letter. Keeps when each was delivered at last.
import { api } from "tenon/api";
import { Subscription, Topic } from "tenon/pubsub";

interface Parcel {
  number: number;
}

const parcels = new Topic<Parcel>("parcels", { deliveryGuarantee: "at-least-once" });

let isClosed = true;
/** Epoch milliseconds by number, the first delivery of each. */
const deliveredAt = new Map<number, number>();
let deliveries = 0;

new Subscription(parcels, "deliver", {
  maxConcurrency: 100,
  retryPolicy: { minBackoff: "1ms", maxBackoff: "1ms", maxRetries: 1 },
  handler: async ({ number }) => {
    if (isClosed) throw new Error(`the road to ${number} is closed`);
    deliveries++;
    if (!deliveredAt.has(number)) deliveredAt.set(number, Date.now());
  },
});

export const send = api(
  { method: "POST", path: "/parcels", expose: true },
  async ({ from, count }: { from: number; count: number }): Promise<{ messageIds: string[] }> => {
    const numbers = Array.from({ length: count }, (_, index) => ({ number: from + index }));
    return { messageIds: await parcels.publishBatch(numbers) };
  },
);

export const road = api(
  { method: "POST", path: "/road", expose: true },
  async ({ closed }: { closed: boolean }): Promise<void> => {
    isClosed = closed;
  },
);

export const delivered = api(
  { method: "GET", path: "/delivered", expose: true },
  async (): Promise<{ deliveries: number; times: number[] }> => ({
    deliveries,
    times: [...deliveredAt.values()].sort((a, b) => a - b),
  }),
);
