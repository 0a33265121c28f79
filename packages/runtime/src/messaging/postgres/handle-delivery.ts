// One delivery from its taking to its outcome: given to the receiver with its time, then settled, tried again, or buried.
import { setTimeout as pause } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import { LeaseLost } from "../errors.ts";
import type { ConsumerParts } from "./consumer-parts.ts";
import { type DeliveryRow, exhaustion, toBurial, toDelivery } from "./delivery-row.ts";
import { DeliveryTime, graceMs, leaseMsOf } from "./lease.ts";
import type { Pump } from "./pump.ts";

/** The right to handle a message, or the messages of a lane, for a time. */
export interface Tenure {
  readonly lease: string;
  /** By performance.now(). */
  readonly endsAt: number;
  /** From now on so long; false: it is somebody else's by now. */
  keep(durationMs: number): Promise<boolean>;
}

/** `waits`: it comes again, and what has to come after it waits with it. `lost`: its tenure is over. */
export type Ending = "done" | "waits" | "lost";

/** Resolves once the handler has ended; what became of it is written by the pump's settler. */
export async function handleDelivery(
  parts: ConsumerParts,
  pump: Pump,
  row: DeliveryRow,
  tenure: Tenure,
): Promise<Ending> {
  const { subscription, receiver } = parts;
  const attempts = Number(row.attempts);
  const exhausted = exhaustion(row, attempts, subscription);
  if (exhausted !== undefined) return bury(parts, pump, row, tenure, attempts - 1, exhausted);
  const time = new DeliveryTime(subscription.ackDeadlineMs);
  pump.times.add(time);
  const extend = (durationMs: number) => extendTime(parts, tenure, time, durationMs);
  const outcome = await receiver.deliver(toDelivery(row, attempts, time.signal, extend)).finally(() => {
    time.clear();
    pump.times.delete(time);
  });
  const common = { id: row.id, lease: tenure.lease, endsAt: tenure.endsAt, owner: pump };
  if (outcome.kind === "handled") {
    pump.settle({ ...common, kind: "handled" });
    return "done";
  }
  if (outcome.kind === "failed" && pump.isInterrupted) {
    pump.settle({ ...common, kind: "returned", attempts: attempts - 1 });
    return "waits";
  }
  const { reason } = outcome;
  if (outcome.kind === "refused" || attempts > subscription.retryPolicy.maxRetries) {
    return bury(parts, pump, row, tenure, attempts, reason);
  }
  const waitMs = backoffMs(attempts, subscription.retryPolicy);
  pump.settle({ ...common, kind: "failed", attempts, waitMs, reason });
  return "waits";
}

async function extendTime(
  { subscription: { topic, name } }: ConsumerParts,
  tenure: Tenure,
  time: DeliveryTime,
  durationMs: number,
): Promise<void> {
  if (time.signal.aborted || !(await tenure.keep(durationMs + graceMs))) {
    time.end();
    throw new LeaseLost(`${topic}/${name}`);
  }
  time.give(durationMs);
}

async function bury(
  { subscription, receiver }: ConsumerParts,
  pump: Pump,
  row: DeliveryRow,
  tenure: Tenure,
  attempts: number,
  reason: string,
): Promise<Ending> {
  // Telling of it may take as long as handling it.
  if (!(await tenure.keep(leaseMsOf(subscription)))) return "lost";
  const told = receiver.bury(toBurial(row, attempts, reason));
  await Promise.race([told, pause(subscription.ackDeadlineMs, undefined, { ref: false })]);
  const { lease, endsAt } = tenure;
  pump.settle({ kind: "dead", id: row.id, lease, endsAt, owner: pump, attempts, reason });
  return "done";
}
