// A message as the stream of its topic has it.
import type { OutgoingMessage } from "@tenon/runtime/engine";

export interface StoredMessage extends OutgoingMessage {
  readonly publishedAt: Date;
}

/** Arguments of the script `publish`. */
export function publishArguments(message: OutgoingMessage): (string | number)[] {
  const { id, payload, attributes, orderingKey, traceparent, deliverAt, mayBeRepeat } = message;
  return [
    id,
    payload,
    JSON.stringify(attributes),
    orderingKey === null ? "0" : "1",
    orderingKey ?? "",
    traceparent,
    deliverAt?.getTime() ?? 0,
    mayBeRepeat ? "1" : "0",
  ];
}

/** `fields`: name and value in turn. */
export function readStoredMessage(fields: readonly string[]): StoredMessage {
  const values = new Map<string, string>();
  for (let index = 0; index + 1 < fields.length; index += 2) values.set(fields[index]!, fields[index + 1]!);
  return {
    id: values.get("i")!,
    payload: values.get("p")!,
    attributes: JSON.parse(values.get("a")!) as Record<string, string>,
    orderingKey: values.get("o") === "1" ? values.get("k")! : null,
    traceparent: values.get("t")!,
    publishedAt: new Date(Number(values.get("u"))),
    deliverAt: null,
    mayBeRepeat: false,
  };
}
