import { api } from "tenon/api";
import { Topic } from "tenon/pubsub";

export const placed = new Topic<{ orderId: string }>("placed", { deliveryGuarantee: "at-least-once" });

export const place = api({ path: "/orders", expose: true }, async ({ userId }: { userId: string }) => {
  const id = `${userId}-1`;
  await placed.publish({ orderId: id });
  return { id };
});

export const mine = api({ method: "GET", path: "/mine", expose: true, auth: true }, async () => ({
  orders: [] as { id: string }[],
}));

export const list = api({ method: "GET", path: "/orders", expose: true, auth: true }, async () => ({
  items: [{ id: "1", totalCents: 100 }],
}));
