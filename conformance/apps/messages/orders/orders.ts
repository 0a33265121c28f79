// Publishes what others handle.
import { api } from "tenon/api";
import { Topic, type Attribute, type Publisher } from "tenon/pubsub";

export interface OrderPlaced {
  id: string;
  customer: Attribute<string>;
  sequence: number;
  placedAt: Date;
  /** How often the mail service refuses it first. */
  failures: number;
}

export const placed = new Topic<OrderPlaced>("order-placed", { deliveryGuarantee: "at-least-once" });

export const moved = new Topic<OrderPlaced>("order-moved", {
  deliveryGuarantee: "at-least-once",
  orderingAttribute: "customer",
});

const publisher: Publisher<OrderPlaced> = placed.ref<Publisher<OrderPlaced>>();

interface Place {
  id: string;
  customer: string;
  sequence: number;
  failures?: number;
}

function event({ id, customer, sequence, failures = 0 }: Place): OrderPlaced {
  return { id, customer, sequence, failures, placedAt: new Date(Date.UTC(2026, 0, sequence)) };
}

export const place = api(
  { method: "POST", path: "/orders", expose: true },
  async (order: Place): Promise<{ messageId: string }> => ({ messageId: await publisher.publish(event(order)) }),
);

export const move = api(
  { method: "POST", path: "/moves", expose: true },
  async ({ orders }: { orders: Place[] }): Promise<void> => {
    await moved.publishBatch(orders.map(event));
  },
);

/** Breaks its own contract on purpose. */
export const placeWrong = api({ method: "POST", path: "/wrong", expose: true }, async (): Promise<void> => {
  await placed.publish({ id: 7 } as unknown as OrderPlaced);
});
