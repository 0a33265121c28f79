// One delivery from its taking to its outcome: given to the receiver with its time, then settled, tried again, or buried.
import { setTimeout as pause } from "node:timers/promises";
import { backoffMs } from "../backoff.ts";
import type { Outcome } from "../broker.ts";
import { LeaseLost } from "../errors.ts";
import type { ConsumerParts } from "./consumer-parts.ts";
import { type DeliveryRow, exhaustion, toBurial, toDelivery } from "./delivery-row.ts";
import { DeliveryTime, graceMs, leaseMsOf } from "./lease.ts";
import type { Pump } from "./pump.ts";
import type { Settlement } from "./settler.ts";

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

/** Resolves once the handler has ended; the pump tracks the writing. */
export async function handleDelivery(
  parts: ConsumerParts,
  pump: Pump,
  row: DeliveryRow,
  tenure: Tenure,
): Promise<Ending> {
  const { subscription } = parts;
  const attempts = Number(row.attempts);
  const exhausted = exhaustion(row, subscription);
  if (exhausted !== undefined) return bury(parts, pump, row, tenure, attempts - 1, exhausted);
  const outcome = await deliver(parts, pump, row, tenure);
  if (outcome.kind === "handled") return settle(parts, pump, tenure, { kind: "handled", ...leaseOf(row, tenure) });
  if (outcome.kind === "failed" && pump.isInterrupted) {
    return settle(parts, pump, tenure, { kind: "returned", ...leaseOf(row, tenure) });
  }
  const { reason } = outcome;
  if (outcome.kind === "refused" || attempts > subscription.retryPolicy.maxRetries) {
    return bury(parts, pump, row, tenure, attempts, reason);
  }
  const waitMs = backoffMs(attempts, subscription.retryPolicy);
  return settle(parts, pump, tenure, { kind: "failed", ...leaseOf(row, tenure), waitMs, reason });
}

async function deliver(parts: ConsumerParts, pump: Pump, row: DeliveryRow, tenure: Tenure): Promise<Outcome> {
  const { subscription, receiver } = parts;
  const time = new DeliveryTime(subscription.ackDeadlineMs);
  pump.times.add(time);
  const extend = async (durationMs: number) => {
    if (time.signal.aborted || !(await tenure.keep(durationMs + graceMs))) {
      time.end();
      throw new LeaseLost(`${subscription.topic}/${subscription.name}`);
    }
    time.give(durationMs);
  };
  try {
    return await receiver.deliver(toDelivery(row, time.signal, extend));
  } finally {
    time.clear();
    pump.times.delete(time);
  }
}

function settle(parts: ConsumerParts, pump: Pump, tenure: Tenure, settlement: Settlement): Ending {
  const againInMs = settlement.kind === "failed" ? settlement.waitMs : undefined;
  pump.track(parts.settler.settle(settlement, tenure.endsAt).then(() => againInMs));
  return settlement.kind === "failed" || settlement.kind === "returned" ? "waits" : "done";
}

async function bury(
  parts: ConsumerParts,
  pump: Pump,
  row: DeliveryRow,
  tenure: Tenure,
  attempts: number,
  reason: string,
): Promise<Ending> {
  const { subscription, receiver } = parts;
  // Telling of it may take as long as handling it.
  if (!(await tenure.keep(leaseMsOf(subscription)))) return "lost";
  const told = receiver.bury(toBurial(row, attempts, reason));
  await Promise.race([told, pause(subscription.ackDeadlineMs, undefined, { ref: false })]);
  return settle(parts, pump, tenure, { kind: "dead", ...leaseOf(row, tenure), attempts, reason });
}

function leaseOf({ id }: DeliveryRow, { lease }: Tenure) {
  return { id, lease };
}
