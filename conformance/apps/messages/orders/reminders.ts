// A topic that is published to in every way, and whose subscriptions take what they ask for only.
import { api } from "tenon/api";
import { type Attribute, Topic } from "tenon/pubsub";

export interface Reminder {
  id: string;
  region: Attribute<"eu" | "us">;
  kind: Attribute<"fine" | "poison" | "slow" | "retried" | "old">;
}

export const reminders = new Topic<Reminder>("reminders", { deliveryGuarantee: "at-least-once" });

interface Remind {
  reminders: Reminder[];
  /** Their ids are what tells repeats. */
  once?: boolean;
  deliverAt?: Date;
}

export const remind = api(
  { method: "POST", path: "/reminders", expose: true },
  async ({ reminders: list, once = false, deliverAt }: Remind): Promise<{ messageIds: string[] }> => {
    const options = {
      ...(once ? { dedupKey: ({ id }: Reminder) => id } : {}),
      ...(deliverAt === undefined ? {} : { deliverAt }),
    };
    return { messageIds: await reminders.publishBatch(list, options) };
  },
);

/** Both are refused, with what is wrong. */
export const remindWrong = api(
  { method: "POST", path: "/reminders/wrong", expose: true },
  async (): Promise<{ codes: string[] }> => {
    const reminder: Reminder = { id: "x", region: "eu", kind: "fine" };
    const codes: string[] = [];
    const note = (error: { code: string }) => void codes.push(error.code);
    await reminders.publish(reminder, { delay: "1s", deliverAt: new Date() }).catch(note);
    await reminders.publish(reminder, { dedupKey: "" }).catch(note);
    return { codes };
  },
);
