// `context.extend("1m")` of handlers: more time for the messages under way.
import { type DurationString, parseDurationMs } from "@tenon/model";
import type { Delivery } from "./broker.ts";
import { MessagingError } from "./errors.ts";
import { longestHandlingMs } from "./longest-handling.ts";

/** Throws MessagingError `extension_invalid`, and LeaseLost when a message is somebody else's by now. */
export async function extendDeliveries(
  topic: string,
  deliveries: readonly Pick<Delivery, "extend">[],
  duration: DurationString,
): Promise<void> {
  const durationMs = typeof duration === "string" ? parseDurationMs(duration) : null;
  if (durationMs === null || durationMs < 1) {
    throw new MessagingError("extension_invalid", {
      topic,
      reason: `"${duration}" is no duration of a millisecond at least`,
    });
  }
  const extensionMs = Math.min(Math.round(durationMs), longestHandlingMs);
  await Promise.all(deliveries.map((delivery) => delivery.extend(extensionMs)));
}
