// Subscriptions of all kinds: by filter, in batches, slow ones, failing ones.
import { Subscription } from "tenon/pubsub";
import { journal } from "~tenon/clients";
import { reminders } from "../orders/reminders.js";

new Subscription(reminders, "europe", {
  filter: { region: "eu" },
  handler: async ({ id }, { attempt }) => {
    await journal.note({ kind: "europe", id, attempt, text: String(Date.now()) });
  },
});

new Subscription(reminders, "together", {
  filter: { kind: ["fine", "poison"] },
  batch: { maxSize: 5, maxWait: "50ms" },
  retryPolicy: { minBackoff: "20ms", maxBackoff: "20ms", maxRetries: 2 },
  batchHandler: async (messages, context) => {
    if (messages.some(({ kind }) => kind === "poison")) throw new Error("it cannot be handled");
    for (const [index, { id }] of messages.entries()) {
      const { attempt } = context.messages[index]!;
      await journal.note({ kind: "together", id, attempt, text: String(messages.length) });
    }
  },
  deadLetterHandler: async ({ id }, { attempts, reason }) => {
    await journal.note({ kind: "dead", id, attempt: attempts, text: reason });
  },
});

/** Takes longer than it may: at first without asking, then having asked. */
new Subscription(reminders, "slow", {
  filter: { kind: "slow" },
  ackDeadline: "2s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "20ms" },
  handler: async ({ id }, { attempt, signal, extend }) => {
    if (attempt > 1) await extend("30s");
    await journal.note({ kind: "slow", id, attempt, text: "begun" });
    const isOver = await new Promise<boolean>((resolve) => {
      signal.addEventListener("abort", () => resolve(true), { once: true });
      setTimeout(() => resolve(false), attempt > 1 ? 2_500 : 30_000);
    });
    // Nobody waits for it any more; that it ends well must change nothing.
    if (isOver) return;
    await journal.note({ kind: "slow", id, attempt, text: "in time" });
  },
});

/** Succeeds at the fifth attempt; notes when each of them was. */
new Subscription(reminders, "retried", {
  filter: { kind: "retried" },
  retryPolicy: { minBackoff: "100ms", maxBackoff: "300ms" },
  handler: async ({ id }, { attempt }) => {
    await journal.note({ kind: "retried", id, attempt, text: String(Date.now()) });
    if (attempt < 5) throw new Error("not yet");
  },
});

/** Fails until its code is another. */
new Subscription(reminders, "old", {
  filter: { kind: "old" },
  retryPolicy: { minBackoff: "300ms", maxBackoff: "300ms", maxRetries: 1_000 },
  handler: async ({ id }, { attempt }) => {
    await journal.note({ kind: "old", id, attempt, text: "" });
    if (id !== "new") throw new Error("not with this code");
  },
});
