// Which topics and subscriptions of Google Cloud carry the messages of which of the app's, as infra.json says it. They exist already:
// nothing here makes or deletes one.

export interface GcpPubsubConfig {
  readonly projectId: string;
  /** Of an emulator, a region or a private network: "https://europe-west1-pubsub.googleapis.com". Over plain HTTP no token is sent. */
  readonly endpoint?: string;
  /** Where Cloud Monitoring is asked how much waits. */
  readonly monitoringEndpoint?: string;
  /** By the topic's name in the app. */
  readonly topics: Readonly<Record<string, TopicPlace>>;
}

export interface TopicPlace {
  readonly name: string;
  /** Default: that of all. */
  readonly projectId?: string;
  /** By the subscription's name in the app. */
  readonly subscriptions: Readonly<Record<string, SubscriptionPlace>>;
}

export interface SubscriptionPlace {
  readonly name: string;
  readonly projectId?: string;
  /** Pub/Sub brings its messages by HTTP: nobody can pull them. */
  readonly isPushed?: boolean;
  readonly deadLetter?: DeadLetterPlace;
}

export interface DeadLetterPlace {
  /** Default: that of the subscription's dead letter policy. */
  readonly topic?: string;
  /** Where the letters are read; without it they can't be listed. */
  readonly subscription?: string;
}

/** A part of the configuration with the names by which it is asked for: "projects/p/subscriptions/s". */
export interface PlacedSubscription {
  readonly topic: string;
  readonly subscription: string;
  readonly project: string;
  /** Without the project. */
  readonly id: string;
  readonly path: string;
  readonly topicPath: string;
  readonly isPushed: boolean;
  readonly deadTopicPath: string | undefined;
  readonly deadLetters: { readonly id: string; readonly path: string } | undefined;
}

export function topicPath({ projectId, topics }: GcpPubsubConfig, topic: string): string | undefined {
  const place = topics[topic];
  return place === undefined ? undefined : pathOf(place.projectId ?? projectId, "topics", place.name);
}

/** Sorted by topic and name. */
export function placedSubscriptions(config: GcpPubsubConfig): PlacedSubscription[] {
  return Object.keys(config.topics)
    .sort()
    .flatMap((topic) =>
      Object.keys(config.topics[topic]!.subscriptions)
        .sort()
        .map((subscription) => placedSubscription(config, topic, subscription)!),
    );
}

export function placedSubscription(
  config: GcpPubsubConfig,
  topic: string,
  subscription: string,
): PlacedSubscription | undefined {
  const ofTopic = config.topics[topic];
  const place = ofTopic?.subscriptions[subscription];
  if (ofTopic === undefined || place === undefined) return undefined;
  const project = place.projectId ?? config.projectId;
  const { topic: deadTopic, subscription: dead } = place.deadLetter ?? {};
  return {
    topic,
    subscription,
    project,
    id: idOf(place.name),
    path: pathOf(project, "subscriptions", place.name),
    topicPath: topicPath(config, topic)!,
    isPushed: place.isPushed === true,
    deadTopicPath: deadTopic === undefined ? undefined : pathOf(project, "topics", deadTopic),
    deadLetters: dead === undefined ? undefined : { id: idOf(dead), path: pathOf(project, "subscriptions", dead) },
  };
}

/** Terraform gives some names with their project and some without. */
function pathOf(project: string, kind: "topics" | "subscriptions", name: string): string {
  return name.startsWith("projects/") ? name : `projects/${project}/${kind}/${name}`;
}

function idOf(name: string): string {
  return name.slice(name.lastIndexOf("/") + 1);
}
