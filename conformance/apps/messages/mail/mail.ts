// Handles orders: fails as often as it is told to, and keeps what it saw in the journal.
import { appMeta, currentRequest } from "tenon";
import { api } from "tenon/api";
import { Subscription } from "encore.dev/pubsub";
import { journal } from "~encore/clients";
import { moved, placed } from "../orders/orders.js";
import { marked } from "./tenon.service.js";

/** What the last handled order was told of itself; false: "send-mail" is broken for orders called "mended". */
let seen: Record<string, string> = {};
let isMended = false;

export const look = api(
  { method: "GET", path: "/seen", expose: true },
  async (): Promise<{ seen: Record<string, string>; pid: number }> => ({ seen, pid: process.pid }),
);

export const mend = api({ method: "POST", path: "/mend", expose: true }, async (): Promise<void> => {
  isMended = true;
});

new Subscription(placed, "send-mail", {
  retryPolicy: { minBackoff: "50ms", maxBackoff: "100ms", maxRetries: 2 },
  handler: async (order, { attempt }) => {
    if (attempt <= order.failures) throw new Error(`attempt ${attempt} of ${order.id} fails`);
    if (order.id.startsWith("mended") && !isMended) throw new Error("it is broken");
    const request = currentRequest();
    if (request?.type === "pubsub-message" && order.id === "seen") {
      const { service, topic, subscription, messageId, deliveryAttempt, parsedPayload, trace } = request;
      seen = {
        names: [service, topic, subscription].join(" "),
        messageId,
        deliveryAttempt: String(deliveryAttempt),
        payload: `${parsedPayload?.id} ${parsedPayload?.placedAt instanceof Date}`,
        traceId: trace?.traceId ?? "",
        app: appMeta().appId,
        marked: marked.at(-1) ?? "",
      };
    }
    await journal.note({ kind: "mail", id: order.id, attempt, text: order.placedAt.toISOString() });
  },
});

const _ = new Subscription(moved, "follow", {
  maxConcurrency: 10,
  ackDeadline: "2s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "20ms", maxRetries: 5 },
  handler: async (order, { attempt }) => {
    if (attempt <= order.failures) throw new Error("not yet");
    await journal.note({ kind: `follow ${order.customer}`, id: order.id, attempt, text: String(order.sequence) });
  },
});
