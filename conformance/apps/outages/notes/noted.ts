// What is published of each note.
import { Topic } from "tenon/pubsub";

export const noted = new Topic<{ id: number }>("noted", { deliveryGuarantee: "at-least-once" });
