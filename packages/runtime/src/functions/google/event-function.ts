// The event function of Google Cloud: CloudEvents of Pub/Sub, which bring messages of subscriptions and ticks of cron jobs. What it throws
// makes Pub/Sub bring the event again, where the trigger is set to retry.
import { type PubsubMessage, readPubsubMessage } from "../../messaging/pubsub/pubsub-message.ts";
import type { FunctionHost } from "../function-host.ts";
import { EventUnknown } from "../event-unknown.ts";
import { QueueNames } from "../queue-names.ts";

/** As far as it is read here: CloudEvents 1.0, with the data of `google.cloud.pubsub.topic.v1.messagePublished`. */
export interface PubsubEvent {
  readonly type: string;
  /** "//pubsub.googleapis.com/projects/p/topics/t" */
  readonly source: string;
  readonly data?: {
    readonly message: PubsubMessage;
  };
}

export type EventFunction = (event: PubsubEvent) => Promise<void>;

const PUBLISHED = "google.cloud.pubsub.topic.v1.messagePublished";

export function eventFunction(hosted: Promise<FunctionHost>, queues: string | undefined): EventFunction {
  return async (event) => {
    const host = await hosted;
    const message = event.data?.message;
    if (event.type !== PUBLISHED || message === undefined) {
      throw new EventUnknown(`a function of Tenon is for events of the type ${PUBLISHED}, not for ${event.type}`);
    }
    try {
      await handle(host, new QueueNames(queues, host.subscriptions), event.source, message);
    } finally {
      await host.settle(undefined);
    }
  };
}

async function handle(host: FunctionHost, queues: QueueNames, source: string, message: PubsubMessage): Promise<void> {
  const job = message.attributes?.["tenon-cron"];
  if (job !== undefined) {
    const running = host.runTick(job, new Date(message.publishTime).getTime());
    if (running === undefined) throw new EventUnknown(`this function has no cron job "${job}"`);
    await running;
    return;
  }
  const subscription = queues.subscriptionOf(source);
  const { deliverAt, onlyFor, attemptsBefore, ...pushed } = readPubsubMessage(message);
  const { id } = pushed;
  // A copy that another subscription of the topic has to handle again.
  if (onlyFor !== null && !subscription.endsWith(`/${onlyFor}`)) return;
  if (deliverAt !== null && deliverAt.getTime() > Date.now()) {
    throw new Error(`the message ${id} for ${subscription} is not due before ${deliverAt.toISOString()}`);
  }
  const outcome = await host.deliver(subscription, { ...pushed, attempt: attemptsBefore + 1 });
  if (outcome?.kind !== "handled") {
    throw new Error(`the message ${id} for ${subscription} was not handled: ${outcome?.reason}`);
  }
}
