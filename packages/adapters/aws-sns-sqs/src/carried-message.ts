// A message as SNS and SQS carry it: the payload as the body, what belongs to it in attributes. A queue that is subscribed without raw
// delivery gets SNS's own envelope around both.
import { createHash } from "node:crypto";
import type { Message } from "@aws-sdk/client-sqs";
import { attributesWith, type MessageFacts, type OutgoingMessage, readAttributes } from "@tenon/runtime/engine";

export interface CarriedMessage {
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
  /** Of FIFO topics and queues: the messages of one are handled one after the other. */
  readonly group: string;
}

/** A message with more attributes than that is thrown away by SNS where delivery is raw. */
const mostAttributes = 10;
/** Of body and attributes together. */
const mostBytes = 262_144;
/** Of those, for what a dead letter has more than the message. */
const letterBytes = 1_024;
export const mostMessageBytes = mostBytes - letterBytes;

const limits = {
  most: mostAttributes,
  fits: (name: string, value: string) =>
    /^[\w-]+(?:\.[\w-]+)*$/.test(name) &&
    name.length <= 256 &&
    !/^(?:AWS|Amazon)\./i.test(name) &&
    value !== "" &&
    !unstorable.test(value),
};

/** What XML has no place for, and so SNS and SQS neither. JSON has other words for it. */
const unstorable = /[^\t\n\r -\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export function carry(message: OutgoingMessage, facts: Omit<MessageFacts, "id" | "key" | "others">): CarriedMessage {
  const { id, payload, orderingKey } = message;
  const all = { ...facts, id, ...(orderingKey === null ? {} : { key: orderingKey }) };
  const attributes = attributesWith(message, all, limits);
  const storable = Object.entries(attributes).map(([name, value]) => [name, escapeUnstorable(value)] as const);
  return { body: escapeUnstorable(payload), attributes: Object.fromEntries(storable), group: groupOf(message) };
}

/** With as much of the reason as there is room for. */
export function carryLetter(
  message: OutgoingMessage,
  facts: Omit<MessageFacts, "id" | "key" | "others" | "death">,
  death: NonNullable<MessageFacts["death"]>,
): CarriedMessage {
  const letter = carry(message, { ...facts, death });
  const excess = bytesOf(letter) - mostBytes;
  if (excess <= 0) return letter;
  // A character is a byte or more.
  const reason = death.reason.slice(0, Math.max(0, death.reason.length - excess));
  return carry(message, { ...facts, death: { ...death, reason } });
}

export function bytesOf({ body, attributes }: CarriedMessage): number {
  let bytes = Buffer.byteLength(body);
  for (const [name, value] of Object.entries(attributes)) {
    bytes += Buffer.byteLength(name) + "String".length + Buffer.byteLength(value);
  }
  return bytes;
}

/** As both services take them. */
export function attributeValues({ attributes }: CarriedMessage) {
  return Object.fromEntries(
    Object.entries(attributes).map(([name, value]) => [name, { DataType: "String", StringValue: value }]),
  );
}

/** Of JSON, where these can be in strings only; values that stand alone have none. */
function escapeUnstorable(json: string): string {
  return json.replace(/[\uFFFE\uFFFF]/g, (character) => `\\u${character.charCodeAt(0).toString(16)}`);
}

/** A key may be longer, and have other letters, than the name of a group; without one a message waits for nobody. */
function groupOf({ id, orderingKey }: OutgoingMessage): string {
  const name = orderingKey === null ? `message ${id}` : `key ${orderingKey}`;
  return createHash("sha256").update(name).digest("hex");
}

export interface ReceivedMessage {
  readonly message: OutgoingMessage & { readonly publishedAt: Date };
  /** undefined: no engine of Tenon's has sent it. */
  readonly facts: MessageFacts | undefined;
  /** Including this one. */
  readonly receives: number;
  /** Epoch milliseconds by the server's clock, as `firstReceivedAt`. */
  readonly sentAt: number;
  readonly firstReceivedAt: number;
  readonly receipt: string;
}

interface Envelope {
  readonly Type?: unknown;
  readonly MessageId: string;
  readonly Message: unknown;
  readonly MessageAttributes?: Readonly<Record<string, { readonly Value: string }>>;
}

export function readReceived({
  Body,
  MessageId,
  ReceiptHandle,
  Attributes,
  MessageAttributes,
}: Message): ReceivedMessage {
  const envelope = envelopeIn(Body ?? "");
  const { facts, attributes, traceparent } = readAttributes(
    envelope === undefined
      ? textsOf(MessageAttributes ?? {}, ({ StringValue }) => StringValue)
      : textsOf(envelope.MessageAttributes ?? {}, ({ Value }) => Value),
  );
  const sentAt = Number(Attributes?.SentTimestamp);
  const group = Attributes?.MessageGroupId ?? null;
  return {
    message: {
      id: facts?.id ?? envelope?.MessageId ?? MessageId ?? "",
      payload: envelope === undefined ? (Body ?? "") : String(envelope.Message),
      attributes,
      orderingKey: facts === undefined ? group : (facts.key ?? null),
      traceparent,
      deliverAt: null,
      mayBeRepeat: false,
      publishedAt: new Date(facts?.publishedAt ?? sentAt),
    },
    facts,
    receives: Number(Attributes?.ApproximateReceiveCount ?? 1),
    sentAt,
    firstReceivedAt: Number(Attributes?.ApproximateFirstReceiveTimestamp ?? sentAt),
    receipt: ReceiptHandle ?? "",
  };
}

function envelopeIn(body: string): Envelope | undefined {
  if (!body.includes('"TopicArn"')) return undefined;
  try {
    const parsed = JSON.parse(body) as Envelope;
    return parsed.Type === "Notification" && typeof parsed.Message === "string" ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function textsOf<Value>(
  values: Readonly<Record<string, Value>>,
  textOf: (value: Value) => string | undefined,
): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [name, value] of Object.entries(values)) {
    const text = textOf(value);
    if (text !== undefined) texts[name] = text;
  }
  return texts;
}
