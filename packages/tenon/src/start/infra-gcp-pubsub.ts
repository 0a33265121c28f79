// `{"type": "gcp_pubsub"}` of `pubsub` in infra.json: the project, and what topics and subscriptions are called in it.
import type { InfraValues, Settings } from "./infra-values.ts";

export function readGcpPubsub(engine: Settings, at: string, values: InfraValues): Settings {
  values.only(engine, ["type", "project_id", "endpoint", "monitoring_endpoint", "topics"], at);
  return {
    projectId: values.text(engine["project_id"], `${at}.project_id`),
    ...readEndpoint(engine, "endpoint", "endpoint", at, values),
    ...readEndpoint(engine, "monitoring_endpoint", "monitoringEndpoint", at, values),
    topics: readNamed(engine["topics"], `${at}.topics`, values, (topic, topicAt) => {
      values.only(topic, ["name", "project_id", "subscriptions"], topicAt);
      const subscriptions = topic["subscriptions"] ?? {};
      return {
        ...readName(topic, topicAt, values),
        subscriptions: readNamed(subscriptions, `${topicAt}.subscriptions`, values, (one, oneAt) =>
          readSubscription(one, oneAt, values),
        ),
      };
    }),
  };
}

function readSubscription(subscription: Settings, at: string, values: InfraValues): Settings {
  values.only(subscription, ["name", "project_id", "push_config", "dead_letter"], at);
  const { push_config: push, dead_letter: dead } = subscription;
  if (push !== undefined) checkPush(push, `${at}.push_config`, values);
  return {
    ...readName(subscription, at, values),
    ...(push === undefined ? {} : { isPushed: true }),
    ...(dead === undefined ? {} : { deadLetter: readDeadLetter(dead, `${at}.dead_letter`, values) }),
  };
}

/** Who pushes, and for whom, is for the platform that takes it: all that is of interest here is that it is pushed. */
function checkPush(value: unknown, at: string, values: InfraValues): void {
  const push = values.object(value, at);
  const keys = ["id", "service_account", "jwt_audience"];
  values.only(push, keys, at);
  for (const key of keys) if (push[key] !== undefined) values.text(push[key], `${at}.${key}`);
}

function readDeadLetter(value: unknown, at: string, values: InfraValues): Settings {
  const place = values.object(value, at);
  const keys = ["topic", "subscription"];
  values.only(place, keys, at);
  const present = keys.filter((key) => place[key] !== undefined);
  return Object.fromEntries(present.map((key) => [key, values.text(place[key], `${at}.${key}`)]));
}

function readName(named: Settings, at: string, values: InfraValues): Settings {
  const project = named["project_id"];
  return {
    name: values.text(named["name"], `${at}.name`),
    ...(project === undefined || project === null ? {} : { projectId: values.text(project, `${at}.project_id`) }),
  };
}

function readNamed(
  value: unknown,
  at: string,
  values: InfraValues,
  read: (item: Settings, itemAt: string) => Settings,
): Settings {
  const items = Object.entries(values.object(value, at));
  return Object.fromEntries(
    items.map(([key, item]) => [key, read(values.object(item, `${at}.${key}`), `${at}.${key}`)]),
  );
}

function readEndpoint(engine: Settings, key: string, name: string, at: string, values: InfraValues): Settings {
  if (engine[key] === undefined) return {};
  const endpoint = values.text(engine[key], `${at}.${key}`);
  if (!/^https?:\/\//.test(endpoint) && values.isKnown(endpoint)) {
    values.problems.push(
      `${at}.${key} must be a URL, such as "https://europe-west1-pubsub.googleapis.com", got "${endpoint}"`,
    );
  }
  return { [name]: endpoint };
}
