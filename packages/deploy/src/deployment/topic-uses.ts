// Which topics a unit publishes to and takes from, for its rights on a broker and the places in its infra.json; and a deployment as the database
// server sees it where such a broker keeps the messages.
import { type Deployment, type Edge, edgesOf, usesTopics } from "./deployment.ts";

export type Topic = Deployment["topics"][number];
export type Subscription = Topic["subscriptions"][number];

export interface PublishedTopic {
  readonly topic: Topic;
  readonly because: readonly Edge[];
}

export interface TakenSubscription {
  readonly topic: Topic;
  readonly subscription: Subscription;
  readonly because: readonly Edge[];
}

export interface UsedTopic {
  readonly topic: Topic;
  /** Those that the unit takes from; empty where it only publishes. */
  readonly subscriptions: readonly Subscription[];
}

/** PostgreSQL has nothing to do with topics that a broker keeps: no database for messages, no password of it, no way to it. */
export function withoutTopics(deployment: Deployment): Deployment {
  const edges = deployment.edges.filter(({ kind }) => kind !== "publish" && kind !== "subscribe");
  return { ...deployment, topics: [], edges };
}

/** Those of its own code, and those that leave in transactions of a database that it shares with others. */
export function publishedTopics(deployment: Deployment, unit: string): readonly PublishedTopic[] {
  if (!usesTopics(deployment, unit)) return [];
  const published = edgesOf(deployment, unit, "publish");
  const databases = edgesOf(deployment, unit, "database");
  return deployment.topics.flatMap((topic): PublishedTopic[] => {
    const own = published.filter((edge) => edge.topic === topic.name);
    const because = own.length > 0 ? own : databases.filter((edge) => leavesFrom(deployment, topic, edge.database));
    return because.length === 0 ? [] : [{ topic, because }];
  });
}

export function takenSubscriptions(deployment: Deployment, unit: string): readonly TakenSubscription[] {
  return edgesOf(deployment, unit, "subscribe").map((edge) => {
    const topic = deployment.topics.find(({ name }) => name === edge.topic)!;
    const subscription = topic.subscriptions.find(({ name }) => name === edge.subscription)!;
    return { topic, subscription, because: [edge] };
  });
}

/** Sorted by topic. */
export function usedTopics(deployment: Deployment, unit: string): readonly UsedTopic[] {
  const taken = takenSubscriptions(deployment, unit);
  const names = new Set([...publishedTopics(deployment, unit), ...taken].map(({ topic }) => topic.name));
  return deployment.topics
    .filter(({ name }) => names.has(name))
    .map((topic) => ({
      topic,
      subscriptions: taken.filter((one) => one.topic === topic).map(({ subscription }) => subscription),
    }));
}

function leavesFrom({ databases }: Deployment, { name }: Topic, database: string): boolean {
  return databases.some((one) => one.name === database && one.leavingTopics.includes(name));
}
