// The tests' shop with topics between its services.
import type { Graph, Subscription } from "@tenon/model";
import { sampleGraph } from "./sample-graph.ts";

const location = { file: "orders/topics.ts", line: 4, column: 1 };

function subscription(name: string, service: string): Subscription {
  return {
    name,
    service,
    maxConcurrency: null,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 604_800_000,
    retryPolicy: { minBackoffMs: 10_000, maxBackoffMs: 600_000, maxRetries: 100 },
    location,
  };
}

export const messagingGraph: Graph = {
  ...sampleGraph,
  topics: [
    {
      name: "order-placed",
      message: { kind: "object", properties: [] },
      deliveryGuarantee: "exactly-once",
      orderingAttribute: "customer",
      attributes: ["customer"],
      publishers: ["orders"],
      subscriptions: [subscription("reserve-stock", "products"), subscription("send-mail", "users")],
      location,
    },
    {
      name: "user-left",
      message: { kind: "object", properties: [] },
      deliveryGuarantee: "at-least-once",
      attributes: [],
      publishers: [],
      subscriptions: [],
      location,
    },
  ],
};
