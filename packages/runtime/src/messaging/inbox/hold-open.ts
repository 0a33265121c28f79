// How long the server bears with a handler that has a message in its transaction and says nothing: a little longer than the handler's time.
// A process that is frozen or cut off would otherwise keep the message from all others for as long as its connection seems to live.
import { type DurationString, parseDurationMs } from "@tenon/model";
import { runnerOf, type Transaction } from "../../data/transaction.ts";

const graceMs = 10_000;
/** The most that the setting takes. */
const longestMs = 2_147_483_647;

export function holdMsOf(handlingMs: number): number {
  return Math.min(longestMs, Math.ceil(handlingMs) + graceMs);
}

/** The handler was given so much time from now on. */
export async function holdOpen(tx: Transaction, duration: DurationString): Promise<void> {
  const text = "SELECT set_config('idle_in_transaction_session_timeout', $1, true)";
  await runnerOf(tx).run({ text, values: [String(holdMsOf(parseDurationMs(duration)!))] });
}
