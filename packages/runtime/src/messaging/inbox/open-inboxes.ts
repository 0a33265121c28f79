// The inboxes of subscriptions with a `database`, as deliveries see them.
import type { DurationString, Topic } from "@tenon/model";
import type { Transaction } from "../../data/transaction.ts";
import type { Delivery } from "../broker.ts";
import { holdOpen } from "./hold-open.ts";
import { takeOnce } from "./take-once.ts";

/**
 * Runs `handle` unless the message was handled before; resolves with whether it did. `holdOpen` has to be called when the handler was given
 * more time. Throws as `takeOnce`.
 */
export type OpenInbox = (
  delivery: Pick<Delivery, "id" | "signal">,
  handle: (tx: Transaction, holdOpen: (duration: DurationString) => Promise<void>) => Promise<void>,
) => Promise<boolean>;

/** By "topic/subscription". */
export function openInboxes(topics: readonly Topic[]): ReadonlyMap<string, OpenInbox> {
  const inboxes = new Map<string, OpenInbox>();
  for (const { name: topic, subscriptions } of topics) {
    for (const { name: subscription, database, messageRetentionMs, ackDeadlineMs } of subscriptions) {
      if (database === undefined) continue;
      const inbox = { database, topic, subscription, messageRetentionMs, ackDeadlineMs };
      inboxes.set(`${topic}/${subscription}`, (delivery, handle) =>
        takeOnce(inbox, delivery, (tx) => handle(tx, (duration) => holdOpen(tx, duration))),
      );
    }
  }
  return inboxes;
}
