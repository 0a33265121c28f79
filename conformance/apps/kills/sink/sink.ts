// Handles everything and writes down when it begins and when it is done. Payments are booked with exactly-once effect.
import { Subscription } from "tenon/pubsub";
import { hold, record } from "../shared/history.ts";
import { moves, type Note, notes, payments } from "../source/topics.ts";
import { db } from "./database.ts";
import { receipts } from "./receipts.ts";

async function witness(subscription: string, { token, isPoison, holdMs }: Note, attempt: number): Promise<void> {
  record({ event: "begun", subscription, token, attempt });
  await hold(holdMs);
  record({ event: isPoison ? "refused" : "handled", subscription, token, attempt });
  if (isPoison) throw new Error("poison");
}

new Subscription(notes, "read", {
  maxConcurrency: 20,
  ackDeadline: "3s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "200ms", maxRetries: 3 },
  handler: (message, { attempt }) => witness("notes/read", message, attempt),
});

new Subscription(moves, "follow", {
  maxConcurrency: 20,
  ackDeadline: "3s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "200ms", maxRetries: 3 },
  handler: (message, { attempt }) => witness("moves/follow", message, attempt),
});

new Subscription(payments, "book", {
  database: db,
  maxConcurrency: 8,
  ackDeadline: "3s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "500ms", maxRetries: 10_000 },
  handler: async ({ token, account }, { tx, attempt }) => {
    record({ event: "begun", subscription: "payments/book", token, attempt });
    await tx.exec`INSERT INTO bookings (token, account) VALUES (${token}, ${account})`;
    await receipts.publish({ token });
    await hold(5);
    record({ event: "handled", subscription: "payments/book", token, attempt });
  },
});
