// The app's messages as Pub/Sub takes them, in requests as large as it takes them; what it cannot take is refused before anything is sent.
import { EngineCannot, isOwnAttribute, type OutgoingMessage, pubsubAttributes } from "@tenon/runtime/engine";
import { engineName } from "./engine-name.ts";
import type { NewMessage } from "./pubsub-api.ts";

/** Of a message and of a request, less what a copy of the message has in addition. */
const mostBytes = 10_000_000 - 8_000;
const mostMessages = 1_000;
const mostKeyBytes = 1_024;
const mostNameBytes = 256;
const mostValueBytes = 1_024;
/** Of a hundred, twelve are ours. */
const mostAttributes = 88;

/** Stands for keys that are empty: with none at all Pub/Sub keeps no order. */
const emptyKey = "-";

/** Throws EngineCannot. */
export function toPubsub(topic: string, isOrdered: boolean, message: OutgoingMessage): NewMessage {
  refuseTooMuch(topic, message);
  const { id, payload, attributes, orderingKey, traceparent, deliverAt } = message;
  const names = pubsubAttributes;
  const noKey = orderingKey === null ? (isOrdered ? "none" : undefined) : orderingKey === "" ? "empty" : undefined;
  const sentKey = noKey !== undefined && isOrdered ? emptyKey : (orderingKey ?? "");
  return {
    data: Buffer.from(payload).toString("base64"),
    attributes: {
      ...attributes,
      [names.id]: id,
      [names.traceparent]: traceparent,
      ...(noKey === undefined ? {} : { [names.key]: noKey }),
      ...(deliverAt === null ? {} : { [names.deliverAt]: String(deliverAt.getTime()) }),
    },
    ...(sentKey === "" ? {} : { orderingKey: sentKey }),
  };
}

/** Each as large as one request may be, in the same order. */
export function inRequests(messages: readonly NewMessage[]): NewMessage[][] {
  const requests: NewMessage[][] = [];
  let bytes = 0;
  for (const message of messages) {
    const size = sizeOf(message);
    const last = requests.at(-1);
    if (last === undefined || last.length === mostMessages || bytes + size > mostBytes) {
      requests.push([message]);
      bytes = size;
    } else {
      last.push(message);
      bytes += size;
    }
  }
  return requests;
}

function sizeOf({ data = "", attributes = {}, orderingKey = "" }: NewMessage): number {
  return Buffer.byteLength(data, "base64") + attributeBytes(attributes) + Buffer.byteLength(orderingKey);
}

function attributeBytes(attributes: Readonly<Record<string, string>>): number {
  return Object.entries(attributes).reduce(
    (sum, [name, value]) => sum + Buffer.byteLength(name) + Buffer.byteLength(value),
    0,
  );
}

function refuseTooMuch(topic: string, { payload, attributes, orderingKey }: OutgoingMessage): void {
  const refuse = (lacking: string) => new EngineCannot(engineName, topic, lacking);
  const bytes = Buffer.byteLength(payload) + attributeBytes(attributes);
  if (bytes > mostBytes) throw refuse(`a message has ${mostBytes} bytes at most, and this one has ${bytes}`);
  const keyBytes = Buffer.byteLength(orderingKey ?? "");
  if (keyBytes > mostKeyBytes)
    throw refuse(`an ordering key has ${mostKeyBytes} bytes at most, and this one has ${keyBytes}`);
  const names = Object.keys(attributes);
  if (names.length > mostAttributes)
    throw refuse(`a message has ${mostAttributes} attributes at most, and this one has ${names.length}`);
  for (const name of names) {
    if (isOwnAttribute(name) || name.startsWith("goog") || Buffer.byteLength(name) > mostNameBytes) {
      throw refuse(`no attribute may be called "${name}"`);
    }
    const valueBytes = Buffer.byteLength(attributes[name]!);
    if (valueBytes > mostValueBytes) {
      throw refuse(`an attribute has ${mostValueBytes} bytes at most, and "${name}" has ${valueBytes}`);
    }
  }
}
