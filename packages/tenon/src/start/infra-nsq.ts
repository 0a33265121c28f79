// `{"type": "nsq"}` of `pubsub` in infra.json: the nsqd servers, and what topics and subscriptions are called there.
import type { InfraValues, Settings } from "./infra-values.ts";

const address = /^(\[[^\]]+\]|[^\s:/,]+)(:\d{1,5})?$/;

export function readNsq(engine: Settings, at: string, values: InfraValues): Settings {
  values.only(engine, ["type", "hosts", "http_hosts", "topics"], at);
  return {
    hosts: readHosts(engine, "hosts", at, values),
    ...(engine["http_hosts"] === undefined ? {} : { httpHosts: readHosts(engine, "http_hosts", at, values) }),
    topics: readTopics(engine["topics"], `${at}.topics`, values),
  };
}

function readHosts(engine: Settings, key: string, at: string, values: InfraValues): string {
  const hosts = values.text(engine[key], `${at}.${key}`);
  const wrong = hosts.split(",").find((host) => !address.test(host.trim()));
  if (wrong !== undefined && values.isKnown(hosts))
    values.problems.push(`${at}.${key} must be host:port, several with commas between, got "${wrong.trim()}"`);
  return hosts;
}

function readTopics(value: unknown, at: string, values: InfraValues): Settings {
  const topics = Object.entries(values.object(value, at)).map(([key, item]) => {
    const topicAt = `${at}.${key}`;
    const topic = values.object(item, topicAt);
    values.only(topic, ["name", "subscriptions"], topicAt);
    const subscriptions = readSubscriptions(topic["subscriptions"] ?? {}, `${topicAt}.subscriptions`, values);
    return [key, { name: readName(topic, topicAt, values), subscriptions }] as const;
  });
  refuseShared(topics, at, "messages of both would reach the subscriptions of each", values);
  return Object.fromEntries(topics);
}

function readSubscriptions(value: unknown, at: string, values: InfraValues): Settings {
  const subscriptions = Object.entries(values.object(value, at)).map(([key, item]) => {
    const subscription = values.object(item, `${at}.${key}`);
    values.only(subscription, ["name"], `${at}.${key}`);
    return [key, { name: readName(subscription, `${at}.${key}`, values) }] as const;
  });
  refuseShared(subscriptions, at, "each message would reach only one of them", values);
  return Object.fromEntries(subscriptions);
}

function readName(named: Settings, at: string, values: InfraValues): string {
  const name = values.text(named["name"], `${at}.name`);
  if (name.endsWith("#ephemeral"))
    values.problems.push(`${at}.name is "${name}": NSQ keeps nothing of it; give it a name without #ephemeral`);
  return name;
}

function refuseShared(
  named: readonly (readonly [key: string, { readonly name: string }])[],
  at: string,
  consequence: string,
  values: InfraValues,
): void {
  const byName = new Map<string, string>();
  for (const [key, { name }] of named) {
    const other = byName.get(name);
    if (other !== undefined && values.isKnown(name))
      values.problems.push(`${at}: "${other}" and "${key}" are both called "${name}": ${consequence}`);
    byName.set(name, key);
  }
}
