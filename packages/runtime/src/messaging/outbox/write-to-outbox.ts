// Publishing in a transaction: the messages are rows that the transaction's own connection writes, so that they are there if and only if
// it commits, savepoints included. Sending them on is the relay's business.
import type { ExclusiveRunner } from "../../data/exclusive-runner.ts";
import { encodeParameters } from "../../data/parameters.ts";
import { sqlStateOf } from "../../data/postgres-error.ts";
import { runnerOf, type Transaction } from "../../data/transaction.ts";
import type { OutgoingMessage } from "../broker.ts";
import { MessagingError, outboxMissing } from "../errors.ts";
import { Departure } from "./departure.ts";
import { outboxOf } from "./outboxes.ts";

const insert = `INSERT INTO tenon_outbox.message
  (topic, message_id, payload, attributes, ordering_key, traceparent, deliver_at)
SELECT $1, m.message_id, m.payload, m.attributes, m.ordering_key, m.traceparent, m.deliver_at
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
  WITH ORDINALITY AS m (message_id, payload, attributes, ordering_key, traceparent, deliver_at, number)
ORDER BY m.number
RETURNING place`;

/** No such table, no such schema. */
const missingStates = new Set(["42P01", "3F000"]);

/** Throws MessagingError `outbox_missing`, `transaction_over`; DatabaseError as any statement. */
export async function writeToOutbox(
  transaction: Transaction,
  topic: string,
  messages: readonly OutgoingMessage[],
): Promise<void> {
  const runner = runnerOf(transaction);
  const { database } = runner;
  if (runner.finished) throw new MessagingError("transaction_over", { topic });
  const outbox = outboxOf(database);
  if (outbox === undefined) throw outboxMissing(topic, database);
  const rows = await insertRows(runner, topic, messages);
  const departure = Departure.of(runner, outbox);
  for (const [i, { orderingKey }] of messages.entries()) {
    if (orderingKey !== null) departure.add({ place: String(rows[i]!["place"]), topic, orderingKey });
  }
}

async function insertRows(runner: ExclusiveRunner, topic: string, messages: readonly OutgoingMessage[]) {
  const values = [
    topic,
    messages.map(({ id }) => id),
    messages.map(({ payload }) => payload),
    messages.map(({ attributes }) => JSON.stringify(attributes)),
    messages.map(({ orderingKey }) => orderingKey),
    messages.map(({ traceparent }) => traceparent),
    messages.map(({ deliverAt }) => deliverAt),
  ];
  try {
    return (await runner.run({ text: insert, values: encodeParameters(values, runner.database) })).rows;
  } catch (error) {
    const isMissing = missingStates.has(sqlStateOf(error) ?? "");
    throw isMissing ? outboxMissing(topic, runner.database) : error;
  }
}
