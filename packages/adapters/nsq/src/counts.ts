// How much waits for a channel on all servers together. A message on its way from the topic to its channels is in neither for a moment, and
// an answer is put together queue by queue: what two answers in a row agree on is taken.
import { setTimeout as pause } from "node:timers/promises";
import type { Address } from "./config.ts";
import { type Counts, readCounts } from "./nsqd-http.ts";

const betweenMs = 10;
/** For the topic to give what it has to its channels; one that is paused never does. */
const mostWaits = 100;
/** Under load no two answers may be alike. */
const mostComparisons = 5;

/** undefined: no server has the topic. */
export async function countMessages(addresses: readonly Address[], topic: string): Promise<Counts | undefined> {
  let before: Counts | undefined;
  let [waits, comparisons] = [0, 0];
  for (;;) {
    const counts = await readAll(addresses, topic);
    // Without channels everything stays in the topic.
    if (counts === undefined || counts.channels.size === 0) return counts;
    const isMoving = counts.inTopic > 0 && ++waits < mostWaits;
    if (!isMoving) {
      if (before !== undefined && (areAlike(before, counts) || ++comparisons === mostComparisons)) return counts;
      before = counts;
    }
    await pause(betweenMs);
  }
}

/** Of one channel, which gets what is still in the topic too. undefined: there is none. */
export function inChannel(counts: Counts | undefined, channel: string): number | undefined {
  const count = counts?.channels.get(channel);
  return counts === undefined || count === undefined ? undefined : count + counts.inTopic;
}

async function readAll(addresses: readonly Address[], topic: string): Promise<Counts | undefined> {
  const all = await Promise.all(addresses.map((address) => readCounts(address, topic)));
  const found = all.filter((counts) => counts !== undefined);
  if (found.length === 0) return undefined;
  const channels = new Map<string, number>();
  for (const counts of found) {
    for (const [channel, count] of counts.channels) channels.set(channel, (channels.get(channel) ?? 0) + count);
  }
  return { inTopic: found.reduce((sum, counts) => sum + counts.inTopic, 0), channels };
}

function areAlike(a: Counts, b: Counts): boolean {
  return (
    a.inTopic === b.inTopic &&
    a.channels.size === b.channels.size &&
    [...a.channels].every(([name, count]) => b.channels.get(name) === count)
  );
}
