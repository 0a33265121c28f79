// A graph with one of everything that a target has to place: calls in a row and in a circle, a database of one service and one of two, topics,
// a cron job, public and private buckets, caches, secrets, an auth handler.
import type { Endpoint, Graph, Service, Topic } from "@tenon/model";

const location = { file: "app.ts", line: 1, column: 1 };

export const sampleGraph: Graph = {
  version: 1,
  app: { id: "sample" },
  services: [
    service("accounts", { endpoints: [endpoint("accounts", "get")], databases: ["accounts"], secrets: ["SessionKey"] }),
    service("billing", {
      endpoints: [endpoint("billing", "charge", false)],
      calls: [{ service: "orders", endpoint: "get" }],
      databases: ["ledger"],
      secrets: ["StripeKey"],
    }),
    service("media", { endpoints: [endpoint("media", "upload")], calls: [{ service: "accounts", endpoint: "get" }] }),
    service("orders", {
      endpoints: [endpoint("orders", "get"), endpoint("orders", "sweep", false)],
      calls: [
        { service: "accounts", endpoint: "get" },
        { service: "billing", endpoint: "charge" },
      ],
      databases: ["ledger", "order-items"],
      secrets: ["StripeKey"],
    }),
    service("worker", {}),
  ],
  databases: [
    { name: "accounts", service: "accounts", migrations: "accounts/migrations", location },
    { name: "ledger", service: "billing", sharedWith: ["orders"], migrations: "billing/migrations", location },
    { name: "order-items", service: "orders", migrations: "orders/migrations", location },
  ],
  secrets: [
    { name: "SessionKey", services: ["accounts"], location },
    { name: "StripeKey", services: ["billing", "orders"], location },
  ],
  gateways: [{ name: "api", authHandlers: ["session"], location }],
  authHandlers: [
    {
      name: "session",
      service: "accounts",
      params: { kind: "object", properties: [] },
      fields: [],
      data: { kind: "object", properties: [] },
      location,
    },
  ],
  cronJobs: [
    {
      name: "sweep",
      service: "orders",
      endpoint: "sweep",
      schedule: { kind: "every", seconds: 300 },
      overlap: "skip",
      catchUp: "none",
      location,
    },
  ],
  topics: [topic("placed", ["orders"], ["billing", "worker"])],
  buckets: [
    { name: "avatars", isPublic: true, isVersioned: false, services: ["media"], location },
    { name: "invoices", isPublic: false, isVersioned: true, services: ["media", "worker"], location },
  ],
  caches: [{ name: "rate-limits", evictionPolicy: "allkeys-lru", services: ["accounts"], location }],
  schemas: {},
};

export function service(name: string, parts: Partial<Service>): Service {
  return { name, directory: name, endpoints: [], calls: [], databases: [], secrets: [], ...parts };
}

export function endpoint(ofService: string, name: string, expose = true): Endpoint {
  return {
    name,
    kind: "typed",
    methods: ["GET"],
    path: {
      pattern: `/${ofService}/${name}`,
      segments: [
        { kind: "literal", value: ofService },
        { kind: "literal", value: name },
      ],
    },
    expose,
    auth: false,
    sensitive: false,
    tags: [],
    bodyLimitBytes: 2_097_152,
    fields: [],
    location,
  };
}

export function topic(name: string, publishers: readonly string[], subscribers: readonly string[]): Topic {
  return {
    name,
    message: { kind: "object", properties: [] },
    deliveryGuarantee: "at-least-once",
    attributes: [],
    publishers,
    subscriptions: subscribers.map((subscriber) => ({
      name: `${name}-${subscriber}`,
      service: subscriber,
      maxConcurrency: null,
      ackDeadlineMs: 30_000,
      messageRetentionMs: 604_800_000,
      retryPolicy: { minBackoffMs: 500, maxBackoffMs: 60_000, maxRetries: 100 },
      location,
    })),
    location,
  };
}
