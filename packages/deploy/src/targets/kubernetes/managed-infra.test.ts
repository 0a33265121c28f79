// Setting `infra`: a process gets of it what it uses, pods reach what it names, and what was made for another version of the app is refused.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { deriveDeployment } from "../../deployment/derive-deployment.ts";
import { sampleGraph } from "../../deployment/sample-graph.test.support.ts";
import { readSettings } from "../../settings.ts";
import type { TargetInput } from "../../target.ts";
import { containerOf, objectNamed, objectsFor, resourcesFor } from "./kubernetes.test.support.ts";
import { readKubernetesSettings } from "./read-settings.ts";
import { kubernetesTarget } from "./target.ts";

type Json = Readonly<Record<string, unknown>>;

const server = { host: "db.example:5432", tls_config: { ca: "CERTIFICATE" } };
const queue = (name: string) => ({ url: `https://queues.example/${name}` });
const pubsub = {
  type: "aws_sns_sqs",
  topics: {
    placed: { arn: "arn:placed", subscriptions: { "placed-billing": queue("b"), "placed-worker": queue("w") } },
  },
};
const cacheKey = { type: "auth_string", auth_string: { $env: "RATE_LIMITS_CACHE_PASSWORD" } };
const redis = { "rate-limits": { host: "10.2.0.3:6380", auth: cacheKey, tls_config: {} } };
const store = { type: "s3", region: "eu-central-1", buckets: { avatars: { name: "a-1" }, invoices: { name: "i-1" } } };
const infra = { sql_servers: [server], pubsub: [pubsub], redis, object_storage: [store] };

function inputWith(given: Json): TargetInput {
  const settings = readSettings(kubernetesTarget, given, {});
  return { deployment: deriveDeployment(sampleGraph, "per-service"), graph: sampleGraph, settings };
}

function infraOf(input: TargetInput, unit: string): Json {
  const file = resourcesFor(input).configFiles.find(({ name }) => name === `${unit}-infra`)!;
  return JSON.parse(file.text) as Json;
}

function egressOf(input: TargetInput, unit: string): string[] {
  const { spec } = objectNamed(objectsFor(input), "NetworkPolicy", unit);
  const { egress } = spec as { egress: { to?: { ipBlock?: { cidr: string } }[]; ports: { port: number }[] }[] };
  return egress.map(
    ({ to, ports }) => `${to?.[0]?.ipBlock?.cidr ?? (to === undefined ? "any" : "pods")} ${ports[0]!.port}`,
  );
}

const input = inputWith({ infra });

describe("infra.json of a process", () => {
  it("has its own databases on the server, with a role for each", () => {
    const password = { $env: "LEDGER_PASSWORD" };
    assert.deepEqual(infraOf(input, "billing")["sql_servers"], [
      { ...server, databases: { ledger: { name: "ledger", username: "ledger", password } } },
    ]);
  });

  it("has its own topics and subscriptions, and those of databases that it shares", () => {
    const topics = (unit: string) => (infraOf(input, unit)["pubsub"] as [{ topics: Json }])[0].topics;
    assert.deepEqual(topics("worker"), {
      placed: { arn: "arn:placed", subscriptions: { "placed-worker": queue("w") } },
    });
    assert.deepEqual(topics("orders"), { placed: { arn: "arn:placed", subscriptions: {} } });
    assert.equal(infraOf(input, "accounts")["pubsub"], undefined);
  });

  it("has its own buckets and caches", () => {
    assert.deepEqual(infraOf(input, "worker")["object_storage"], [
      { ...store, buckets: { invoices: { name: "i-1" } } },
    ]);
    assert.deepEqual(infraOf(input, "accounts")["redis"], redis);
    assert.equal(infraOf(input, "worker")["redis"], undefined);
  });

  it("has the database of messages on the server where no broker is named", () => {
    const { pubsub: _broker, ...others } = infra;
    const messages = inputWith({ infra: others });
    const password = { $env: "TENON_MESSAGES_PASSWORD" };
    assert.deepEqual(infraOf(messages, "worker")["pubsub"], [
      { type: "postgres", ...server, name: "tenon_messages", username: "tenon_messages", password },
    ]);
    const names = containerOf(messages, "Deployment", "worker").env!.map(({ name }) => name);
    assert.ok(names.includes("TENON_MESSAGES_PASSWORD"));
    assert.ok(!names.includes("TENON_MESSAGES_DATABASE_URL"));
  });

  it("is whole where topics are not named", () => {
    const nats = { type: "nats", servers: "nats://broker.example" };
    assert.deepEqual(infraOf(inputWith({ infra: { ...infra, pubsub: [nats] } }), "worker")["pubsub"], [nats]);
  });
});

describe("a pod", () => {
  it("has the secret values that its places name, and no keys of stores that want none", () => {
    const env = (unit: string) => containerOf(input, "Deployment", unit).env!.map(({ name }) => name);
    assert.ok(env("accounts").includes("RATE_LIMITS_CACHE_PASSWORD"));
    assert.ok(!env("media").some((name) => name.startsWith("OBJECTS_")));
    assert.ok(!resourcesFor(input).secretKeys.some((name) => /OBJECTS|MESSAGES|BROKER/.test(name)));
  });

  it("reaches the servers that its places name, on their ports", () => {
    assert.deepEqual(egressOf(input, "worker"), ["pods 53", "any 443"]);
    assert.deepEqual(egressOf(input, "accounts"), ["pods 53", "any 5432", "10.2.0.3/32 6380"]);
    const narrow = inputWith({ infra, egressCidrs: { broker: ["10.9.0.0/24"], objectStore: ["10.8.0.0/24"] } });
    assert.deepEqual(egressOf(narrow, "worker"), ["pods 53", "10.9.0.0/24 443", "10.8.0.0/24 443"]);
  });
});

describe("a broker of another kind", () => {
  const withBroker = (broker: Json) => inputWith({ infra: { ...infra, pubsub: [broker] } });
  const brokerOf = (broker: Json) => egressOf(withBroker(broker), "worker").slice(1, -1);

  it("is reached where its entry says, on its own port", () => {
    assert.deepEqual(brokerOf({ type: "nats", servers: "nats://me:word@10.1.0.1, nats://10.1.0.2:4223" }), [
      "10.1.0.1/32 4222",
      "10.1.0.2/32 4223",
    ]);
    assert.deepEqual(brokerOf({ type: "redis", url: { $env: "REDIS_URL" } }), ["any 6379"]);
    assert.deepEqual(
      brokerOf({ type: "nsq", hosts: "10.1.0.1:4150", http_hosts: "10.1.0.1:4151", topics: pubsub.topics }),
      ["10.1.0.1/32 4150", "10.1.0.1/32 4151"],
    );
    assert.deepEqual(brokerOf({ type: "postgres", host: "10.1.0.3" }), ["10.1.0.3/32 5432"]);
  });

  it("gives its processes the secret values that it names, and its engine to the image", () => {
    const redis = withBroker({ type: "redis", url: { $env: "REDIS_URL" } });
    const env = (unit: string) => containerOf(redis, "Deployment", unit).env!.map(({ name }) => name);
    assert.ok(env("worker").includes("REDIS_URL"));
    assert.ok(!env("accounts").includes("REDIS_URL"));
    const nsq = withBroker({ type: "nsq", hosts: "10.1.0.1:4150", topics: pubsub.topics });
    assert.ok(kubernetesTarget.nextSteps(nsq).includes("npm install @tenon/nsq"));
  });
});

describe("infra", () => {
  it("is refused where it was made for another version of the app", () => {
    const old = {
      sql_servers: [server],
      redis: {},
      object_storage: [{ ...store, buckets: {} }],
      pubsub: [{ ...pubsub, topics: {} }],
    };
    assert.throws(() => readKubernetesSettings(inputWith({ infra: old })), {
      code: "setting_invalid",
      message:
        /redis has no "rate-limits"\nobject_storage\[0\]\.buckets has no "avatars"\n.*"invoices"\npubsub\[0\]\.topics has no "placed"/,
    });
  });

  it("is refused beside engines of the cluster", () => {
    assert.throws(() => readKubernetesSettings(inputWith({ infra, engines: true })), {
      code: "setting_invalid",
      message: /both engines and infra/,
    });
  });

  for (const [what, value, message] of [
    ["an unknown part", { secrets: {} }, /has no "secrets"/],
    ["two servers", { sql_servers: [server, server] }, /a list of one entry in sql_servers/],
    ["a server without a host", { sql_servers: [{}] }, /a list of one entry in sql_servers/],
    ["a cache without a host", { redis: { sessions: {} } }, /\{"host": \.\.\.\} by cluster/],
    ["a broker without a type", { pubsub: [{}] }, /a list of one entry in pubsub/],
    ["a store without buckets", { object_storage: [{ type: "s3" }] }, /a list of one entry in object_storage/],
  ] as const) {
    it(`is refused with ${what}`, () => {
      assert.throws(() => readSettings(kubernetesTarget, { infra: value }, {}), { code: "setting_invalid", message });
    });
  }

  it("has the engine that its broker needs installed", () => {
    assert.ok(kubernetesTarget.nextSteps(input).includes("npm install @tenon/aws-sns-sqs"));
  });
});
