// Publishes what it is sent, alone or inside a transaction of its database; files the receipts of payments.
import { APIError, api } from "tenon/api";
import { Subscription } from "tenon/pubsub";
import { hold, record } from "../shared/history.ts";
import { receipts } from "../sink/receipts.ts";
import { db } from "./database.ts";
import { type Move, moves, type Note, notes, payments } from "./topics.ts";

export const note = api({ method: "POST", path: "/notes", expose: true }, async (message: Note): Promise<void> => {
  await notes.publish(message);
});

export const move = api(
  { method: "POST", path: "/moves", expose: true },
  async ({ messages }: { messages: Move[] }): Promise<void> => {
    await moves.publishBatch(messages);
  },
);

interface Pay {
  token: string;
  account: string;
  /** The transaction fails after everything was done in it. */
  rollsBack: boolean;
}

export const pay = api(
  { method: "POST", path: "/payments", expose: true },
  async ({ token, account, rollsBack }: Pay): Promise<void> => {
    await db.transaction(async (tx) => {
      await tx.exec`INSERT INTO intents (token, account) VALUES (${token}, ${account})`;
      await payments.publish({ token, account });
      if (rollsBack) throw APIError.aborted("rolled back, as was asked");
    });
  },
);

new Subscription(receipts, "file", {
  database: db,
  ackDeadline: "3s",
  retryPolicy: { minBackoff: "20ms", maxBackoff: "500ms", maxRetries: 10_000 },
  handler: async ({ token }, { tx, attempt }) => {
    record({ event: "begun", subscription: "receipts/file", token, attempt });
    await tx.exec`INSERT INTO receipts (token) VALUES (${token})`;
    await hold(5);
    record({ event: "handled", subscription: "receipts/file", token, attempt });
  },
});
