// Removes from the queue what has been acknowledged. The server does so by itself, but one that is killed may come back with messages whose
// removal it had not yet written down, and never deliver them, since it does know that they were acknowledged. One by one: what stands
// between them is not acknowledged.
import type { SubscriptionSpec } from "@tenon/runtime/engine";
import type { Link } from "./link.ts";
import { laneCount } from "./names.ts";

const firstPauseMs = 1_000;
const longestPauseMs = 300_000;

/** Now and again, often after each connection: what was acknowledged lately shows only as time passes. Returns how to end it. */
export function keepTidy(link: Link, subscription: SubscriptionSpec): () => void {
  let round = 0;
  let timer: NodeJS.Timeout | undefined;
  const begin = () => {
    const current = ++round;
    let pauseMs = firstPauseMs;
    const wait = () => {
      timer = setTimeout(async () => {
        // What fails now is done the next time, or by another process.
        await removeAcknowledged(link, subscription).catch(() => {});
        pauseMs = Math.min(pauseMs * 2, longestPauseMs);
        if (current === round) wait();
      }, pauseMs);
    };
    clearTimeout(timer);
    wait();
  };
  const forget = link.onReconnect(begin);
  begin();
  return () => {
    round++;
    clearTimeout(timer);
    forget();
  };
}

async function removeAcknowledged(link: Link, { topic, name, isOrdered }: SubscriptionSpec): Promise<void> {
  const names = link.names.of(topic, name);
  const consumers = isOrdered
    ? Array.from({ length: laneCount }, (_, lane) => [names.laneDurable(lane), names.lane(lane)] as const)
    : [[names.durable, names.queue] as const];
  for (const [durable, filter] of consumers) await tidyUp(link, durable, filter);
}

async function tidyUp(link: Link, durable: string, filter: string): Promise<void> {
  const { queueStream } = link.names;
  const info = await link.manager.consumers.info(queueStream, durable);
  const acknowledged = info.ack_floor.stream_seq;
  // With nothing under way all of these are done with too, or the server has forgotten who has them: they are delivered again.
  const delivered = info.num_ack_pending === 0 ? info.delivered.stream_seq : acknowledged;
  for (let from = 1; from <= delivered; ) {
    const stored = await link.first(queueStream, filter, from);
    if (stored === undefined || stored.seq > delivered) return;
    const { subject, seq, data } = stored;
    if (seq > acknowledged) await link.publish(subject, data, { messageId: `again/${seq}` });
    await link.remove(queueStream, seq);
    from = seq + 1;
  }
}
