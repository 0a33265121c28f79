// Removes from the queue what has been acknowledged. The server does so by itself, but one that is killed may come back with messages whose
// removal it had not yet written down, and never deliver them, since it does know that they were acknowledged. One by one: a purge moves
// the consumers of 2.9 past messages that nobody has had.
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import type { Link } from "./link.ts";
import { laneCount } from "./names.ts";

export async function removeAcknowledged(link: Link, { topic, name, isOrdered }: SubscriptionSpec): Promise<void> {
  const names = link.names.of(topic, name);
  const { queueStream } = link.names;
  const consumers = isOrdered
    ? Array.from({ length: laneCount }, (_, lane) => [names.laneDurable(lane), names.lane(lane)] as const)
    : [[names.durable, names.queue] as const];
  for (const [durable, filter] of consumers) {
    const { ack_floor: floor } = await link.manager.consumers.info(queueStream, durable);
    for (let from = 1; from <= floor.stream_seq; ) {
      const stored = await link.first(queueStream, filter, from);
      if (stored === undefined || stored.seq > floor.stream_seq) break;
      await link.remove(queueStream, stored.seq);
      from = stored.seq + 1;
    }
  }
}
