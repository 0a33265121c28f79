// What a start lacks is told in one go, each with the line to add.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Graph, Service, Topic } from "@tenon/model";
import { noInfra } from "./no-infra.ts";
import { findRequirements, RequirementsError } from "./requirements.ts";

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

test("everything missing is listed", () => {
  assert.throws(
    () => findRequirements(graph, ["orders"], noInfra, {}),
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
    ["orders", "users"],
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
  const whole = findRequirements(withTopic, ["orders", "users"], noInfra, environment);
  assert.deepEqual(whole.messaging, { kind: "postgres", connectionString: "postgres://own/items" });
  const named = { ...environment, TENON_MESSAGES_DATABASE_URL: "postgres://own/messages" };
  const other = findRequirements(withTopic, ["orders", "users"], noInfra, named);
  assert.deepEqual(other.messaging, { kind: "postgres", connectionString: "postgres://own/messages" });
  assert.throws(
    () => findRequirements(withTopic, ["orders"], noInfra, environment),
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
  const found = findRequirements(graph, ["users"], infra, {});
  assert.deepEqual(found, {
    databases: { users: { connectionString: "postgres://u" } },
    secrets: {},
    remotes: { orders: "http://orders" },
  });
});
