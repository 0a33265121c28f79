// What becomes of a delivery, and what the log says about it.
import { log } from "../log/log.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { Delivery, Outcome } from "./broker.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";

export const handled: Outcome = { kind: "handled" };

/** `error`: what the handler threw. */
export function failed(hosted: HostedSubscription, { id: messageId, attempt }: Delivery, error: unknown): Outcome {
  const { fullName, subscription } = hosted;
  const isLast = attempt > subscription.retryPolicy.maxRetries;
  if (isLast) log.error(error, `${fullName} failed for the last time; a dead letter`, { messageId, attempt });
  else log.warn(error, `${fullName} failed to handle a message; it comes again`, { messageId, attempt });
  return { kind: "failed", reason: reasonOf(error) };
}

/** The message does not match its type, and never will. */
export function refused(
  { fullName }: HostedSubscription,
  { id: messageId }: Delivery,
  reason: string,
  span: RecordingSpan,
): Outcome {
  span.fail(new Error(reason));
  log.error(`a message of ${fullName} goes to the dead letters: ${reason}`, { messageId });
  return { kind: "refused", reason };
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

/** A handler that goes on after its time is no longer waited for: the message is somebody else's by then. Rejects when `signal` aborts. */
export function whenTimeIsOver(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new Error("the time for handling the message was over"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}
