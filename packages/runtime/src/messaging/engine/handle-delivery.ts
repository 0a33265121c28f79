// One delivery from being taken to being settled, for any engine that can do the few things of `Held`: what is exhausted is buried, the
// handler runs in its time, and its outcome is written down for as long as the message is still ours.
import { setTimeout as pause } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { OutgoingMessage, Receiver, SubscriptionSpec } from "../broker.ts";
import { LeaseLost } from "../errors.ts";
import { storableReason } from "../storable-text.ts";
import { graceMs, HandlingTime, leaseMsOf } from "./handling-time.ts";

/** A message that an engine has given to this process for a while. Each method resolves with whether it was still ours; then it is settled. */
export interface Held {
  readonly message: OutgoingMessage & { readonly publishedAt: Date };
  /** Including this one; a process that died with the message counts. */
  readonly attempt: number;
  /** When its retention began: later than `publishedAt` where it was delayed or replayed. */
  readonly waitsSince: Date;
  /** Why the attempt before failed, where the engine knows. */
  readonly lastReason?: string | undefined;
  /** Of the replay that brought it back from the dead letters; null: none did. */
  readonly replayTraceparent: string | null;
  handled(): Promise<boolean>;
  /** Nobody is given it for `waitMs`. */
  retry(waitMs: number, reason: string): Promise<boolean>;
  bury(attempts: number, reason: string): Promise<boolean>;
  /** Somebody else may begin at once, and this attempt does not count. */
  handBack(): Promise<boolean>;
  /** It stays ours for so long from now on; settles nothing. */
  extend(leaseMs: number): Promise<boolean>;
  /** The time is over without an outcome: for engines that have to be told. */
  expire?(): void;
}

export interface Settled {
  /** It is tried again after so many milliseconds. */
  readonly againInMs?: number;
}

const rewriteMs = 200;

/** Rejects when the engine could not take the outcome in time: the message is then delivered again. */
export async function handleDelivery(
  held: Held,
  subscription: SubscriptionSpec,
  receiver: Receiver,
  stopping: AbortSignal,
): Promise<Settled> {
  const { topic, name, ackDeadlineMs, retryPolicy } = subscription;
  const { message, attempt } = held;
  const time = new HandlingTime(ackDeadlineMs, stopping, () => held.expire?.());
  const bury = async (attempts: number, reason: string): Promise<Settled> => {
    // Telling of it may take as long as handling it, and is not to happen in two processes at once.
    if (!(await untilWritten(time, stopping, () => held.extend(leaseMsOf(subscription))))) return {};
    time.restart(ackDeadlineMs);
    await receiver.bury({ message, attempts, reason });
    await untilWritten(time, stopping, () => held.bury(attempts, storableReason(reason)));
    return {};
  };
  try {
    const dead = exhaustion(held, subscription);
    if (dead !== undefined) return await bury(attempt - 1, dead);
    const outcome = await receiver.deliver({
      ...message,
      attempt,
      replayTraceparent: held.replayTraceparent,
      signal: time.signal,
      async extend(durationMs) {
        const isOurs = !time.signal.aborted && (await held.extend(durationMs + graceMs));
        if (!isOurs) throw new LeaseLost(`${topic}/${name}`);
        time.restart(durationMs);
      },
    });
    if (outcome.kind === "handled") {
      await untilWritten(time, stopping, () => held.handled());
      return {};
    }
    if (stopping.aborted && outcome.kind === "failed") {
      await held.handBack();
      return {};
    }
    if (outcome.kind === "refused" || attempt > retryPolicy.maxRetries) return await bury(attempt, outcome.reason);
    const againInMs = backoffMs(attempt, retryPolicy);
    await untilWritten(time, stopping, () => held.retry(againInMs, storableReason(outcome.reason)));
    return { againInMs };
  } finally {
    time.end();
  }
}

/** Why a message must not be tried at all any more; undefined: it may. */
function exhaustion(held: Held, { retryPolicy, messageRetentionMs }: SubscriptionSpec): string | undefined {
  if (held.attempt > retryPolicy.maxRetries + 1) {
    return held.lastReason ?? "its time was over or its process ended, each time before there was an outcome";
  }
  if (Date.now() - held.waitsSince.getTime() > messageRetentionMs) return "it has waited longer than messageRetention";
  return undefined;
}

/**
 * Repeats a write that the server could not take, so that what was handled while it was away is not delivered again. Gives up, with
 * the last error, when the message is no longer ours in any case, or when the consumer stops.
 */
async function untilWritten(
  time: HandlingTime,
  stopping: AbortSignal,
  write: () => Promise<boolean>,
): Promise<boolean> {
  for (;;) {
    try {
      return await write();
    } catch (error) {
      if (stopping.aborted || performance.now() + rewriteMs > time.leaseEndsAt) throw error;
      await pause(rewriteMs);
    }
  }
}
