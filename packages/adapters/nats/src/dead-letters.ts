// Dead letters: one held message each, under the id of the message and its time, so that a letter written twice is one.
import { type Enveloped, encode } from "./envelope.ts";
import type { Link } from "./link.ts";
import type { SubscriptionNames } from "./names.ts";

export async function writeDeadLetter(
  link: Link,
  names: SubscriptionNames,
  { envelope, payload }: Enveloped,
  attempts: number,
  reason: string,
): Promise<void> {
  const letter = { ...envelope, attempts, reason, diedAt: Date.now() };
  await link.publish(names.dead(envelope), encode({ envelope: letter, payload }));
}
