// A message of Google Cloud Pub/Sub as the engine `@tenon/gcp-pubsub` publishes it, or anybody else. What the service has no field for is in
// attributes beside the app's own. The engine and Google's event functions read it here.

/** Of Pub/Sub's REST API (v1), and of the data of a CloudEvent. */
export interface PubsubMessage {
  /** In base64. */
  readonly data?: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly messageId: string;
  /** RFC 3339 */
  readonly publishTime: string;
  readonly orderingKey?: string;
}

/** Names of our attributes. */
export const pubsubAttributes = {
  traceparent: "traceparent",
  id: "tenon-id",
  /** "none" or "empty": the ordering key, which Pub/Sub has to have a text for. */
  key: "tenon-key",
  /** Milliseconds of Unix time, as all times here. */
  deliverAt: "tenon-deliver-at",
  /** The subscription that a copy is for; the others leave it. */
  onlyFor: "tenon-for",
  publishedAt: "tenon-published-at",
  waitsSince: "tenon-waits-since",
  /** That were made before. */
  attempts: "tenon-attempts",
  replay: "tenon-replay",
  reason: "tenon-reason",
  diedAt: "tenon-died-at",
} as const;

const ownPrefix = "tenon-";
/** Of what the service itself adds to dead letters. */
const deadLetterPrefix = "CloudPubSubDeadLetter";

export interface ReadPubsubMessage {
  readonly id: string;
  readonly payload: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly orderingKey: string | null;
  /** "": the publisher had none. */
  readonly traceparent: string;
  readonly publishedAt: Date;
  /** Of the copy that somebody is to publish then; null: it is to be handled now. */
  readonly deliverAt: Date | null;
  /** null: for all. */
  readonly onlyFor: string | null;
  readonly waitsSince: Date;
  readonly attemptsBefore: number;
  readonly replayTraceparent: string | null;
}

/** Whether the app may call an attribute so. */
export function isOwnAttribute(name: string): boolean {
  return name === pubsubAttributes.traceparent || name.startsWith(ownPrefix) || name.startsWith(deadLetterPrefix);
}

export function readPubsubMessage(message: PubsubMessage): ReadPubsubMessage {
  const { data = "", attributes = {}, messageId, publishTime, orderingKey = "" } = message;
  const names = pubsubAttributes;
  const publishedAt = timeOf(attributes[names.publishedAt]) ?? new Date(publishTime);
  const key = attributes[names.key];
  return {
    id: attributes[names.id] ?? messageId,
    payload: Buffer.from(data, "base64").toString(),
    attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => !isOwnAttribute(name))),
    orderingKey: key === "empty" ? "" : key === "none" || orderingKey === "" ? null : orderingKey,
    traceparent: attributes[names.traceparent] ?? "",
    publishedAt,
    deliverAt: timeOf(attributes[names.deliverAt]) ?? null,
    onlyFor: attributes[names.onlyFor] ?? null,
    waitsSince: timeOf(attributes[names.waitsSince]) ?? publishedAt,
    attemptsBefore: Number(attributes[names.attempts] ?? 0),
    replayTraceparent: attributes[names.replay] ?? null,
  };
}

function timeOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(Number(text));
}
