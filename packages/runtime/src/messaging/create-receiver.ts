// What a consumer of the broker gives its deliveries to, for one subscription of this process.
import { BatchCollector } from "./batch-collector.ts";
import type { Receiver } from "./broker.ts";
import { bury } from "./bury.ts";
import { deliver } from "./deliver.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";

export function createReceiver(hosted: HostedSubscription): Receiver {
  const { batch } = hosted;
  const collector = batch === undefined ? undefined : new BatchCollector(hosted, batch);
  return {
    deliver: (delivery) => collector?.deliver(delivery) ?? deliver(hosted, delivery),
    bury: (burial) => bury(hosted, burial),
  };
}
