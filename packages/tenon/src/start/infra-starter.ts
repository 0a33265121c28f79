// The parts of infra.json that an app of this graph needs, each as it would be written for the first time: what differs between places is
// named by an environment variable. `tenon infra init` puts them together; whoever lacks one is shown it.
import { databaseVariable, messagesDatabase } from "../database-variable.ts";

/** The variable that holds a value, as {"$env": ...}. */
export interface FromEnvironment {
  readonly $env: string;
}

const fromEnvironment = ($env: string): FromEnvironment => ({ $env });

/** "order-items" -> "ORDER_ITEMS". */
export function variableName(name: string): string {
  return name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, "_");
}

export const KEY_VARIABLE = "TENON_KEY";
export const DATABASE_HOST_VARIABLE = "DATABASE_HOST";
export const CACHE_HOST_VARIABLE = "CACHE_HOST";

export function starterServer(databases: readonly string[]) {
  return {
    host: fromEnvironment(DATABASE_HOST_VARIABLE),
    databases: Object.fromEntries(databases.map((name) => [name, starterDatabase(name)])),
  };
}

function starterDatabase(name: string) {
  return { name, username: name, password: fromEnvironment(`${variableName(name)}_PASSWORD`) };
}

export function starterSecret(name: string): FromEnvironment {
  return fromEnvironment(name);
}

export function starterService(name: string) {
  return { base_url: fromEnvironment(`${variableName(name)}_URL`) };
}

export function starterKey() {
  return { type: "key", id: 1, key: fromEnvironment(KEY_VARIABLE) };
}

export function starterStore(buckets: readonly string[]) {
  return {
    type: "s3",
    region: fromEnvironment("AWS_REGION"),
    access_key_id: fromEnvironment("AWS_ACCESS_KEY_ID"),
    secret_access_key: fromEnvironment("AWS_SECRET_ACCESS_KEY"),
    buckets: Object.fromEntries(
      buckets.map((name) => [name, { name: fromEnvironment(`${variableName(name)}_BUCKET`) }]),
    ),
  };
}

export function starterCache(name: string) {
  return { host: fromEnvironment(CACHE_HOST_VARIABLE), key_prefix: `${name}:` };
}

export type StarterBroker = "postgres" | "nats" | "redis" | "nsq" | "gcp_pubsub" | "aws_sns_sqs";

export interface StarterTopic {
  readonly name: string;
  readonly subscriptions: readonly string[];
}

/** `topics`: for those that find them by names in the file. */
export function starterBroker(broker: StarterBroker, topics: readonly StarterTopic[] = []) {
  if (broker === "nsq") return starterNsq(topics);
  if (broker === "gcp_pubsub") return starterGcpPubsub(topics);
  if (broker === "aws_sns_sqs") return starterAwsSnsSqs(topics);
  if (broker === "nats") return { type: "nats", servers: fromEnvironment("NATS_SERVERS") };
  if (broker === "redis") return { type: "redis", url: fromEnvironment("REDIS_URL") };
  return { type: "postgres", connection_string: fromEnvironment(databaseVariable(messagesDatabase)) };
}

function starterNsq(topics: readonly StarterTopic[]) {
  const named = (name: string) => [name, { name }] as const;
  const topicsByName = topics.map(({ name, subscriptions }) => {
    return [name, { name, subscriptions: Object.fromEntries(subscriptions.map(named)) }] as const;
  });
  return { type: "nsq", hosts: fromEnvironment("NSQD_HOSTS"), topics: Object.fromEntries(topicsByName) };
}

function starterAwsSnsSqs(topics: readonly StarterTopic[]) {
  const places = topics.map(({ name, subscriptions }) => {
    const variable = variableName(name);
    const queues = subscriptions.map((subscription) => {
      return [subscription, { url: fromEnvironment(`${variable}_${variableName(subscription)}_QUEUE_URL`) }] as const;
    });
    return [
      name,
      { arn: fromEnvironment(`${variable}_TOPIC_ARN`), subscriptions: Object.fromEntries(queues) },
    ] as const;
  });
  return { type: "aws_sns_sqs", topics: Object.fromEntries(places) };
}

function starterGcpPubsub(topics: readonly StarterTopic[]) {
  const subscriptionsOf = ({ name: topic, subscriptions }: StarterTopic) =>
    Object.fromEntries(
      subscriptions.map((subscription) => {
        const name = `${topic}-${subscription}`;
        return [subscription, { name, dead_letter: { topic: `${name}-dead`, subscription: `${name}-dead` } }];
      }),
    );
  return {
    type: "gcp_pubsub",
    project_id: fromEnvironment("GOOGLE_CLOUD_PROJECT"),
    topics: Object.fromEntries(
      topics.map((topic) => [topic.name, { name: topic.name, subscriptions: subscriptionsOf(topic) }]),
    ),
  };
}

/** On one line, to be pasted into the file: `"redis": { ... }`. */
export function lineOf(key: string, value: unknown): string {
  return `"${key}": ${JSON.stringify(value, undefined, 1).replaceAll(/\n\s*/g, " ")}`;
}
