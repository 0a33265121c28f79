// Makes the consumers of a subscription on the server: one for a queue, one per lane where there is an order, and one for what is held.
// They belong to all processes and stay when those end.
import { AckPolicy, type ConsumerConfig, type ConsumerInfo, DeliverPolicy } from "@nats-io/jetstream";
import { nanos } from "@nats-io/transport-node";
import { leaseMsOf, type SubscriptionSpec } from "@tenon/runtime/engine";
import type { Link } from "./link.ts";
import { laneCount } from "./names.ts";

/** A process gives up by its own clock before the server does by its. */
const marginMs = 2_000;
/** For moving a message to where it is due. */
export const heldAckWaitMs = 30_000;

export function ackWaitMsOf(subscription: SubscriptionSpec): number {
  return leaseMsOf(subscription) + marginMs;
}

/** Where the topic got an order, or lost it, the consumers of before are in the way, whoever should have removed them. */
export async function prepareConsumers(link: Link, subscription: SubscriptionSpec): Promise<void> {
  const { queueStream, heldStream } = link.names;
  const names = link.names.of(subscription.topic, subscription.name);
  const ackWaitMs = ackWaitMsOf(subscription);
  const addLane = (lane: number) =>
    addConsumer(link, queueStream, names.laneDurable(lane), names.lane(lane), ackWaitMs, 1);
  // The first lane comes before the others and goes after them: without it there are none.
  const [first, ...others] = Array.from({ length: laneCount }, (_, lane) => lane);
  if (subscription.isOrdered) {
    await removeConsumer(link, queueStream, names.durable);
    await addLane(first!);
    await Promise.all(others.map(addLane));
  } else {
    if ((await findConsumer(link, queueStream, names.laneDurable(first!))) !== undefined) {
      await Promise.all(others.map((lane) => removeConsumer(link, queueStream, names.laneDurable(lane))));
      await removeConsumer(link, queueStream, names.laneDurable(first!));
    }
    await addConsumer(link, queueStream, names.durable, names.queue, ackWaitMs, -1);
  }
  await addConsumer(link, heldStream, names.heldDurable, names.held, heldAckWaitMs, -1);
}

/** `atOnce`: so many messages may be out among all processes; -1: any number. */
async function addConsumer(
  link: Link,
  stream: string,
  durable: string,
  filter: string,
  ackWaitMs: number,
  atOnce: number,
): Promise<void> {
  const changeable = { ack_wait: nanos(ackWaitMs), max_ack_pending: atOnce, max_deliver: -1 };
  const config: Partial<ConsumerConfig> = {
    ...changeable,
    durable_name: durable,
    filter_subject: filter,
    ack_policy: AckPolicy.Explicit,
    deliver_policy: DeliverPolicy.All,
  };
  const { consumers } = link.manager;
  const found = await findConsumer(link, stream, durable);
  if (found === undefined) await consumers.add(stream, config);
  else if (found.config.ack_wait !== changeable.ack_wait) await consumers.update(stream, durable, changeable);
}

async function findConsumer(link: Link, stream: string, durable: string): Promise<ConsumerInfo | undefined> {
  return await link.manager.consumers.info(stream, durable).catch((error: { code?: number }) => {
    if (error.code !== consumerNotFoundCode) throw error;
    return undefined;
  });
}

const consumerNotFoundCode = 10_014;

async function removeConsumer(link: Link, stream: string, durable: string): Promise<void> {
  await link.manager.consumers.delete(stream, durable).catch((error: { code?: number }) => {
    if (error.code !== consumerNotFoundCode) throw error;
  });
}
