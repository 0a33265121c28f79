import { type Attribute, Topic } from "tenon/pubsub";

export const reminders = new Topic<{ id: string; region: Attribute<"eu" | "us"> }>("reminders", {
  deliveryGuarantee: "at-least-once",
});
