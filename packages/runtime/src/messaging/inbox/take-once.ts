// Exactly-once effect: a message is handled in a transaction of the service's own database that also notes that it was. A message that comes
// again, on whatever engine and for whatever reason, finds the note and does nothing; one that is being handled elsewhere waits for the
// outcome there.
import { poolOf } from "../../data/configure-databases.ts";
import { runInTransaction } from "../../data/current-transaction.ts";
import { encodeParameters } from "../../data/parameters.ts";
import { sqlStateOf } from "../../data/postgres-error.ts";
import { retryTransaction } from "../../data/retry-transaction.ts";
import { runnerOf, Transaction } from "../../data/transaction.ts";
import { dedupWindowMs, type Delivery } from "../broker.ts";
import { outboxMissing } from "../errors.ts";
import { holdMsOf } from "./hold-open.ts";

export interface Inbox {
  /** As it is declared. */
  readonly database: string;
  readonly topic: string;
  readonly subscription: string;
  readonly messageRetentionMs: number;
  readonly ackDeadlineMs: number;
}

/** For clocks that disagree, and engines that were away for a while. */
const marginMs = 24 * 3_600_000;
/** Transactions that got in each other's way are run again at once: the message has no part in it. */
const mostRetries = 4;

const note = `INSERT INTO tenon_outbox.handled (subscription, message_id, expires_at)
SELECT $1, $2, now() + $3::float8 * interval '1 millisecond'
FROM (SELECT set_config('idle_in_transaction_session_timeout', $4, true) AS hold) AS held WHERE held.hold IS NOT NULL
ON CONFLICT DO NOTHING`;

/** No such table, no such schema. */
const missingStates = new Set(["42P01", "3F000"]);

/**
 * Runs `handle` unless the message was handled before; returns whether it did. Throws what `handle` throws, MessagingError
 * `outbox_missing`, DatabaseError: nothing was done then, or, where the connection broke during COMMIT, the next delivery will know.
 */
export function takeOnce(
  inbox: Inbox,
  delivery: Pick<Delivery, "id" | "signal">,
  handle: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  return retryTransaction(inbox.database, mostRetries, () => takeInTransaction(inbox, delivery, handle));
}

async function takeInTransaction(
  inbox: Inbox,
  { id, signal }: Pick<Delivery, "id" | "signal">,
  handle: (tx: Transaction) => Promise<void>,
): Promise<boolean> {
  const tx = await Transaction.begin(poolOf(inbox.database), {});
  try {
    const isNew = await noteHandled(tx, inbox, id);
    if (!isNew) {
      await tx.rollback();
      return false;
    }
    await runInTransaction(tx, () => handle(tx));
    // Somebody else has the message by now: whatever they make of it is what counts.
    if (signal.aborted) throw new Error("the time for handling the message was over");
  } catch (error) {
    // The reason why is worth more than a second error about a connection that broke.
    await tx[Symbol.asyncDispose]().catch(() => {});
    throw error;
  }
  await tx.commit();
  return true;
}

/** Waits for a transaction that is handling the same message; false: it was handled. */
async function noteHandled(tx: Transaction, inbox: Inbox, messageId: string): Promise<boolean> {
  const { database, topic, subscription, messageRetentionMs, ackDeadlineMs } = inbox;
  const keptMs = Math.max(messageRetentionMs, dedupWindowMs) + marginMs;
  try {
    const values = encodeParameters(
      [`${topic}/${subscription}`, messageId, keptMs, String(holdMsOf(ackDeadlineMs))],
      database,
    );
    const { rowCount } = await runnerOf(tx).run({ text: note, values });
    return rowCount === 1;
  } catch (error) {
    const isMissing = missingStates.has(sqlStateOf(error) ?? "");
    throw isMissing ? outboxMissing(topic, database) : error;
  }
}
