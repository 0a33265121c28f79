// What the graph of a unit keeps of topics, shared databases, auth handlers and resources.
import assert from "node:assert/strict";
import { test } from "node:test";
import { type Graph, needsOutbox, type Service, type Topic } from "@tenon/model";
import { cutGraph } from "./cut-graph.ts";

const at = (file: string) => ({ file, line: 7, column: 1 });

function service(name: string, parts: Partial<Service> = {}): Service {
  return { name, directory: name, endpoints: [], calls: [], databases: [], secrets: [], ...parts };
}

const placed: Topic = {
  name: "placed",
  message: { kind: "ref", name: "Placed" },
  deliveryGuarantee: "at-least-once",
  attributes: [],
  publishers: ["orders", "office"],
  subscriptions: ["mails", "stock"].map((name) => ({
    name,
    service: name,
    maxConcurrency: null,
    ackDeadlineMs: 30_000,
    messageRetentionMs: 60_000,
    retryPolicy: { minBackoffMs: 1, maxBackoffMs: 2, maxRetries: 3 },
    location: at(`${name}/${name}.ts`),
  })),
  location: at("orders/topics.ts"),
};

const graph: Graph = {
  version: 1,
  app: { id: "shop", cors: { debug: true } },
  services: [
    service("mails", { secrets: ["mailKey"] }),
    service("office", { databases: ["orders"] }),
    service("orders", { databases: ["orders"], secrets: ["cardKey"] }),
    service("stock"),
    service("users"),
  ],
  databases: [
    {
      name: "orders",
      service: "orders",
      sharedWith: ["office"],
      migrations: "migrations/orders",
      location: at("orders/db.ts"),
    },
  ],
  secrets: [
    { name: "cardKey", services: ["orders"], location: at("orders/card.ts") },
    { name: "mailKey", services: ["mails"], location: at("mails/mails.ts") },
  ],
  authHandlers: [
    {
      name: "customer",
      service: "users",
      params: { kind: "ref", name: "Params" },
      fields: [],
      data: { kind: "ref", name: "Data_2" },
      location: at("users/auth.ts"),
    },
  ],
  buckets: [
    { name: "papers", isPublic: true, isVersioned: false, services: ["office"], location: at("office/papers.ts") },
  ],
  topics: [placed],
  schemas: {
    Data: { kind: "boolean" },
    Data_2: { kind: "object", properties: [{ name: "of", schema: { kind: "ref", name: "Deep" }, optional: false }] },
    Deep: { kind: "date" },
    Params: { kind: "string" },
    Placed: { kind: "number" },
  },
};

const unit = (...services: string[]) => cutGraph(graph, { services, gateway: false });
const door = cutGraph(graph, { services: [], gateway: true });
const names = (items: readonly { readonly name: string }[] = []) => items.map(({ name }) => name);

test("publishers and subscribers know all subscriptions of their topics, and others know no topic", () => {
  const [topic] = unit("mails").topics ?? [];
  assert.deepEqual(topic?.publishers, []);
  assert.deepEqual(
    topic?.subscriptions.map(({ name, location }) => [name, location.line]),
    [
      ["mails", 7],
      ["stock", 0],
    ],
  );
  assert.equal(topic?.location.file, "");
  assert.equal(unit("users").topics, undefined);
  assert.equal(door.topics, undefined);
});

test("who shares a database is known for what it makes the database need", () => {
  const office = unit("office");
  assert.deepEqual(names(office.services), ["office", "orders", "users"]);
  assert.deepEqual(names(office.databases), ["orders"]);
  const alone: Graph = { ...graph, topics: [{ ...placed, publishers: ["office"] }] };
  assert.ok(needsOutbox(cutGraph(alone, { services: ["orders"], gateway: false }), "orders"));
  assert.deepEqual(names(unit("stock").databases), []);
});

test("every unit reads what auth handlers give, under names of its own; only the door has CORS and all buckets", () => {
  const stock = unit("stock");
  assert.deepEqual(names(stock.services), ["stock", "users"]);
  assert.deepEqual(Object.keys(stock.schemas), ["Data", "Deep", "Params", "Placed"]);
  assert.deepEqual(stock.authHandlers?.[0]?.data, { kind: "ref", name: "Data" });
  assert.equal(stock.app.cors, undefined);
  assert.deepEqual(stock.app.unit, { services: ["stock"], gateway: false });
  assert.equal(stock.buckets, undefined);
  assert.deepEqual(door.app.cors, { debug: true });
  assert.deepEqual(names(door.buckets), ["papers"]);
});

test("secrets and resources are those of hosted services, with these as their users", () => {
  assert.deepEqual(names(unit("orders").secrets), ["cardKey"]);
  assert.deepEqual(
    unit("mails", "orders").secrets.map(({ services }) => services),
    [["orders"], ["mails"]],
  );
  assert.deepEqual(unit("office").buckets?.[0]?.services, ["office"]);
});
