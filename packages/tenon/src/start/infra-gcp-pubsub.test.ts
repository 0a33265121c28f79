// `gcp_pubsub` of infra.json: the keys of Encore.ts and ours become the engine's settings, and what is wrong is told with where it is.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPubsub } from "./infra-pubsub.ts";
import { InfraValues } from "./infra-values.ts";

function read(engine: object, environment: Readonly<Record<string, string>> = {}) {
  const values = new InfraValues({ environment, folder: ".", secrets: new Map() });
  return { config: readPubsub([{ type: "gcp_pubsub", ...engine }], values), problems: values.problems };
}

test("names of topics and subscriptions, with projects of their own", () => {
  const engine = {
    project_id: { $env: "PROJECT" },
    endpoint: "http://127.0.0.1:8085",
    monitoring_endpoint: "https://monitoring.internal",
    topics: {
      orders: {
        name: "orders-topic",
        project_id: "other",
        subscriptions: {
          mail: { name: "orders-mail", project_id: "third", dead_letter: { topic: "dead", subscription: "dead-sub" } },
          stock: {
            name: "orders-stock",
            push_config: {
              id: "stock",
              service_account: "push@p.iam.gserviceaccount.com",
              jwt_audience: "https://stock",
            },
          },
        },
      },
      events: { name: "events-topic" },
    },
  };
  assert.deepEqual(read(engine, { PROJECT: "shop" }), {
    config: {
      kind: "engine",
      module: "@tenon/gcp-pubsub",
      settings: {
        projectId: "shop",
        endpoint: "http://127.0.0.1:8085",
        monitoringEndpoint: "https://monitoring.internal",
        topics: {
          orders: {
            name: "orders-topic",
            projectId: "other",
            subscriptions: {
              mail: {
                name: "orders-mail",
                projectId: "third",
                deadLetter: { topic: "dead", subscription: "dead-sub" },
              },
              stock: { name: "orders-stock", isPushed: true },
            },
          },
          events: { name: "events-topic", subscriptions: {} },
        },
      },
    },
    problems: [],
  });
});

test("what is wrong is told", () => {
  assert.deepEqual(read({ topics: {} }).problems, [
    'pubsub[0].project_id must be a string, {"$env": "VARIABLE"}, {"$file": "PATH"} or {"$secret": "NAME"}; it is missing',
  ]);
  const problemsOf = (engine: object) => read({ project_id: "p", topics: {}, ...engine }).problems;
  assert.deepEqual(problemsOf({ endpoint: "localhost:8085" }), [
    'pubsub[0].endpoint must be a URL, such as "https://europe-west1-pubsub.googleapis.com", got "localhost:8085"',
  ]);
  assert.deepEqual(problemsOf({ topics: { orders: { name: "o", arn: "x" } } }), [
    "pubsub[0].topics.orders.arn is not supported by this version of Tenon",
  ]);
  const mail = { name: "m", dead_letter: { queue: "x" } };
  assert.deepEqual(problemsOf({ topics: { orders: { name: "o", subscriptions: { mail } } } }), [
    "pubsub[0].topics.orders.subscriptions.mail.dead_letter.queue is not supported by this version of Tenon",
  ]);
});
