// What a start lacks is told in one go, each with the line to add.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Service, Topic } from "@tenon/model";
import type { Hosting } from "./hosting.ts";
import { RequirementsError } from "./missing.ts";
import { noInfra } from "./no-infra.ts";
import { findRequirements } from "./requirements.ts";

function service(name: string, parts: Partial<Service>): Service {
  return { name, directory: name, endpoints: [], calls: [], databases: [], secrets: [], ...parts };
}

const graph: Graph = {
  version: 1,
  app: { id: "shop" },
  services: [
    service("orders", { databases: ["order-items"], calls: [{ service: "users", endpoint: "get" }], secrets: ["Key"] }),
    service("users", { databases: ["users"] }),
  ],
  databases: [],
  secrets: [],
  schemas: {},
};

const hosting = (...services: string[]): Hosting => ({ services, hasGateway: true, leadsEverywhere: false });
const apart = (...services: string[]): Hosting => ({ ...hosting(...services), hasGateway: false });
const doorAlone: Hosting = { services: [], hasGateway: true, leadsEverywhere: true };

test("everything missing is listed", () => {
  assert.throws(
    () => findRequirements(graph, hosting("orders"), noInfra, {}),
    (error: unknown) => {
      assert.ok(error instanceof RequirementsError);
      for (const part of [
        'database "order-items"',
        "ORDER_ITEMS_DATABASE_URL=",
        'secret "Key"',
        'service "users"',
        "auth:",
      ]) {
        assert.ok(error.message.includes(part), part);
      }
      return true;
    },
  );
});

test("the environment goes before infra.json for databases, after it for secrets", () => {
  const found = findRequirements(
    graph,
    hosting("orders", "users"),
    { ...noInfra, databases: { users: { connectionString: "postgres://infra/users" } }, secrets: { Key: "infra" } },
    { ORDER_ITEMS_DATABASE_URL: "postgres://own/items", Key: "environment" },
  );
  assert.deepEqual(found, {
    databases: {
      "order-items": { connectionString: "postgres://own/items" },
      users: { connectionString: "postgres://infra/users" },
    },
    secrets: { Key: "infra" },
    remotes: {},
  });
});

test("messages are kept in a database of the app where all of it runs in one process and no broker is named", () => {
  const location = { file: "orders/orders.ts", line: 1, column: 1 };
  const placed: Topic = {
    name: "placed",
    message: { kind: "object", properties: [] },
    deliveryGuarantee: "at-least-once",
    attributes: [],
    publishers: ["orders"],
    subscriptions: [],
    location,
  };
  const withTopic: Graph = { ...graph, topics: [placed] };
  const environment = {
    ORDER_ITEMS_DATABASE_URL: "postgres://own/items",
    USERS_DATABASE_URL: "postgres://own/users",
    Key: "k",
  };
  const whole = findRequirements(withTopic, hosting("orders", "users"), noInfra, environment);
  assert.deepEqual(whole.messaging, { kind: "postgres", connectionString: "postgres://own/items" });
  const named = { ...environment, TENON_MESSAGES_DATABASE_URL: "postgres://own/messages" };
  const other = findRequirements(withTopic, hosting("orders", "users"), noInfra, named);
  assert.deepEqual(other.messaging, { kind: "postgres", connectionString: "postgres://own/messages" });
  assert.throws(
    () => findRequirements(withTopic, hosting("orders"), noInfra, environment),
    /a broker for the topics "placed"/,
  );
});

test("only what the hosted services use is handed over", () => {
  const infra = {
    ...noInfra,
    databases: { users: { connectionString: "postgres://u" }, "order-items": { connectionString: "postgres://o" } },
    secrets: { Key: "k" },
    services: { orders: "http://orders" },
    credential: "0123456789abcdef",
  };
  const found = findRequirements(graph, hosting("users"), infra, {});
  assert.deepEqual(found, {
    databases: { users: { connectionString: "postgres://u" } },
    secrets: {},
    remotes: { orders: "http://orders" },
  });
});

const location = { file: "orders/orders.ts", line: 1, column: 1 };
const exposed = {
  name: "list",
  kind: "typed" as const,
  methods: ["GET" as const],
  path: { pattern: "/list", segments: [] },
  expose: true,
  auth: false,
  sensitive: false,
  tags: [],
  bodyLimitBytes: null,
  fields: [],
  location,
};
const withDoor: Graph = {
  ...graph,
  services: [
    service("audit", { endpoints: [{ ...exposed, expose: false }] }),
    service("orders", { endpoints: [exposed], calls: [{ service: "audit", endpoint: "list" }] }),
    service("users", {}),
  ],
  authHandlers: [
    {
      name: "auth",
      service: "users",
      params: { kind: "object", properties: [] },
      fields: [],
      data: { kind: "object", properties: [] },
      location,
    },
  ],
};

function missingOf(graph: Graph, hosting: Hosting): string[] {
  try {
    findRequirements(graph, hosting, noInfra, {});
    return [];
  } catch (error) {
    assert.ok(error instanceof RequirementsError);
    return error.missing.map(({ where }) => where);
  }
}

test("the public door alone needs those that are exposed or asked who is calling, and nobody's databases", () => {
  assert.deepEqual(missingOf(withDoor, doorAlone), [
    "service_discovery.orders.base_url",
    "service_discovery.users.base_url",
    "auth: one entry",
  ]);
});

test("services without the public door need those that they call, and the key also when all of them are here", () => {
  assert.deepEqual(missingOf(withDoor, apart("orders")), ["service_discovery.audit.base_url", "auth: one entry"]);
  assert.deepEqual(missingOf(withDoor, apart("audit", "orders", "users")), ["auth: one entry"]);
  assert.deepEqual(missingOf(withDoor, apart("users")), ["auth: one entry"]);
});

test("services with the public door need those that they call, and those that are asked who is calling", () => {
  assert.deepEqual(missingOf(withDoor, hosting("orders")), [
    "service_discovery.audit.base_url",
    "service_discovery.users.base_url",
    "auth: one entry",
  ]);
});

test("topics and subscriptions that an engine has no names for are listed", () => {
  const subscription = (name: string, service: string) =>
    ({ name, service }) as unknown as Topic["subscriptions"][number];
  const topic = (name: string, ...subscriptions: Topic["subscriptions"]) =>
    ({ name, publishers: ["shop"], subscriptions }) as unknown as Topic;
  const withTopics: Graph = {
    ...graph,
    services: [service("shop", {}), service("mail", {})],
    topics: [topic("orders", subscription("send", "mail"), subscription("count", "shop")), topic("news")],
  };
  const named = { orders: { name: "o", subscriptions: { send: { name: "s" } } } };
  const infraWith = (module: string) => ({
    ...noInfra,
    credential: "a key that is long enough",
    messaging: { kind: "engine", module, settings: { topics: named } } as const,
  });
  const missingFor = (module: string) => {
    try {
      findRequirements(withTopics, apart("shop"), infraWith(module), {});
      return [];
    } catch (error) {
      assert.ok(error instanceof RequirementsError);
      return error.missing;
    }
  };
  assert.deepEqual(missingFor("@tenon/nsq"), [
    { what: 'subscription "orders/count"', where: "pubsub[0].topics.orders.subscriptions.count" },
    { what: 'topic "news"', where: "pubsub[0].topics.news" },
  ]);
  assert.deepEqual(missingFor("somebody-elses"), []);
});
