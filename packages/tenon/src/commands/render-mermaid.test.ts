import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph } from "@tenon/model";
import { renderMermaid } from "./render-mermaid.ts";

test("a flowchart has services, their calls, and the resources between them", () => {
  const service = { calls: [], databases: [] };
  // Only what the drawing reads.
  const graph = {
    services: [
      { ...service, name: "orders", calls: [{ service: "users", endpoint: "get" }], databases: ["order-data"] },
      { ...service, name: "users" },
    ],
    databases: [{ name: "order-data" }],
    topics: [
      {
        name: "placed",
        deliveryGuarantee: "at-least-once",
        orderingAttribute: "cart",
        publishers: ["orders"],
        subscriptions: [
          { name: "thank", service: "users" },
          { name: "count", service: "users", effect: "exactly-once", database: "order-data" },
          { name: "tax", service: "orders", filter: { region: ["eu", 'u"k'] }, batch: { maxSize: 20 } },
        ],
      },
    ],
    buckets: [{ name: "photos", services: ["users"] }],
  } as unknown as Graph;
  assert.deepEqual(renderMermaid(graph).trimEnd().split("\n"), [
    "flowchart LR",
    '  service_orders["orders"]',
    '  service_users["users"]',
    '  database_order_data[("order-data")]',
    '  topic_placed>"placed<br>at-least-once, in order of cart"]',
    '  bucket_photos[/"photos"\\]',
    "  service_orders -->|get| service_users",
    "  service_orders --- database_order_data",
    "  service_orders -.-> topic_placed",
    '  topic_placed -.->|"thank"| service_users',
    '  topic_placed -.->|"count<br>effect once in order-data"| service_users',
    '  topic_placed -.->|"tax<br>where region is eu or u#quot;k; up to 20 at once"| service_orders',
    "  service_users --- bucket_photos",
  ]);
});
