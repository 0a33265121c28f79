// `pubsub` of infra.json: each engine's keys become its settings, and what it does not know is refused by name.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readPubsub } from "./infra-pubsub.ts";
import { InfraValues } from "./infra-values.ts";

function read(pubsub: unknown, environment: Readonly<Record<string, string>> = {}) {
  const values = new InfraValues({ environment, folder: "/srv/app", secrets: new Map() });
  return { config: readPubsub(pubsub, values), problems: values.problems };
}

test("NATS", () => {
  const tls = { ca: "PEM", disable_ca_validation: true };
  const engine = {
    type: "nats",
    servers: { $env: "NATS" },
    user: "u",
    password: "p",
    token: "t",
    credentials_file: "/nats.creds",
    prefix: "shop",
    replicas: 3,
    tls_config: tls,
  };
  assert.deepEqual(read([engine], { NATS: "nats://a:4222" }), {
    config: {
      kind: "engine",
      module: "@tenon/nats",
      settings: {
        servers: "nats://a:4222",
        user: "u",
        password: "p",
        token: "t",
        prefix: "shop",
        credentialsFile: "/nats.creds",
        tls: { ca: "PEM", checkCertificate: false },
        replicas: 3,
      },
    },
    problems: [],
  });
});

test("Redis, by URL or by host", () => {
  const byUrl = read([{ type: "redis", url: "redis://r", key_prefix: "x:", durability: "assumed", replicas: 1 }]);
  assert.deepEqual(byUrl.config, {
    kind: "engine",
    module: "@tenon/redis-streams",
    settings: { url: "redis://r", keyPrefix: "x:", durability: "assumed", replicas: 1 },
  });
  const auth = { type: "acl", username: "u", password: "p" };
  const byHost = read([{ type: "redis", host: "r:7000", auth, database_index: 2 }]);
  assert.deepEqual((byHost.config as { settings: unknown }).settings, {
    host: "r",
    port: 7000,
    username: "u",
    password: "p",
    database: 2,
  });
  assert.deepEqual([...byUrl.problems, ...byHost.problems], []);
});

test("NSQ, with the names that topics and subscriptions have there", () => {
  const topics = {
    orders: { name: "shop-orders", subscriptions: { mail: { name: { $env: "CHANNEL" } } } },
    news: { name: "n" },
  };
  const { config, problems } = read([{ type: "nsq", hosts: "a:4150, b", http_hosts: "a:80,b:80", topics }], {
    CHANNEL: "c",
  });
  assert.deepEqual(problems, []);
  assert.deepEqual(config, {
    kind: "engine",
    module: "@tenon/nsq",
    settings: {
      hosts: "a:4150, b",
      httpHosts: "a:80,b:80",
      topics: {
        orders: { name: "shop-orders", subscriptions: { mail: { name: "c" } } },
        news: { name: "n", subscriptions: {} },
      },
    },
  });
});

test("PostgreSQL, as one text or in the words of a server", () => {
  const connection_string = "postgres://a:b@c/d";
  assert.deepEqual(read([{ type: "postgres", connection_string }]).config, {
    kind: "postgres",
    connectionString: connection_string,
  });
  const server = { host: "db.internal:5433", tls_config: { disabled: true }, username: "me", password: { $env: "PW" } };
  assert.deepEqual(read([{ type: "postgres", ...server }], { PW: "p w" }), {
    config: { kind: "postgres", connectionString: "postgres://me:p%20w@db.internal:5433/tenon_messages" },
    problems: [],
  });
  const problem = "pubsub[0] needs either connection_string or host";
  assert.deepEqual(read([{ type: "postgres" }]).problems, [problem]);
  assert.deepEqual(read([{ type: "postgres", connection_string, ...server }], { PW: "p" }).problems, [problem]);
});

test("an engine of somebody else's gets its own keys, and a path is from where the file is", () => {
  const own = { url: { $env: "URL" }, options: { retries: 3, names: ["a", { $env: "NAME" }] } };
  assert.deepEqual(read([{ type: "module", module: "my-engine", ...own }], { URL: "x://y", NAME: "b" }).config, {
    kind: "engine",
    module: "my-engine",
    settings: { url: "x://y", options: { retries: 3, names: ["a", "b"] } },
  });
  const file = read([{ type: "module", module: "./engine.mjs" }]).config as { module: string };
  assert.match(file.module, /^(?:[A-Z]:)?[\\/]srv[\\/]app[\\/]engine\.mjs$/);
});

test("Amazon SNS and SQS: a place for each topic and subscription", () => {
  const arn = "arn:aws:sns:eu-central-1:123456789012:orders.fifo";
  const mail = { url: "https://sqs/1/mail.fifo", dead_letter_url: { $env: "LETTERS" } };
  const topics = { orders: { arn: { $env: "ARN" }, subscriptions: { mail } } };
  const engine = { type: "aws_sns_sqs", topics, endpoint: "http://localhost:5000", wait_seconds: 0 };
  assert.deepEqual(read([engine], { ARN: arn, LETTERS: "https://sqs/1/dead.fifo" }), {
    config: {
      kind: "engine",
      module: "@tenon/aws-sns-sqs",
      settings: {
        topics: {
          orders: {
            arn,
            subscriptions: { mail: { url: "https://sqs/1/mail.fifo", deadLetterUrl: "https://sqs/1/dead.fifo" } },
          },
        },
        endpoint: "http://localhost:5000",
        waitSeconds: 0,
      },
    },
    problems: [],
  });
});

test("what is wrong is told", () => {
  const problemsOf = (...pubsub: unknown[]) => read(pubsub).problems;
  assert.deepEqual(problemsOf({ type: "nats", servers: "x", cluster: "y" }), [
    "pubsub[0].cluster is not supported by this version of Tenon",
  ]);
  assert.deepEqual(problemsOf({ type: "nats", servers: "x", replicas: "3" }), [
    'pubsub[0].replicas must be a whole number of at least 0, got "3"',
  ]);
  const named = { name: "same", subscriptions: {} };
  assert.deepEqual(problemsOf({ type: "nsq", hosts: "http://a", topics: { a: named, b: named, c: { names: "c" } } }), [
    'pubsub[0].hosts must be host:port, several with commas between, got "http://a"',
    'pubsub[0].topics.c.names is not supported by this version of Tenon; did you mean "name"?',
    'pubsub[0].topics.c.name must be a string, {"$env": "VARIABLE"}, {"$file": "PATH"} or {"$secret": "NAME"}; it is missing',
    'pubsub[0].topics: "a" and "b" are both called "same": messages of both would reach the subscriptions of each',
  ]);
  assert.deepEqual(problemsOf({ type: "redis" }), ["pubsub[0] needs either url or host"]);
  assert.deepEqual(problemsOf({ type: "redis", url: "x", durability: "maybe" }), [
    'pubsub[0].durability must be "checked" or "assumed"',
  ]);
  assert.equal(problemsOf({ type: "nats", servers: "x" }, { type: "nats", servers: "y" }).length, 1);
  assert.match(
    problemsOf({ type: "kafka" })[0]!,
    /"postgres", "nats", "redis", "nsq", "gcp_pubsub", "aws_sns_sqs", or "module"/,
  );
});
