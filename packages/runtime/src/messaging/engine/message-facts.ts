// What a message has beside its payload, as servers carry it whose messages have text attributes: those of the app stay attributes of their
// own, where others can see and filter them, as far as the server takes them; the rest is one attribute with JSON. Functions read the same.
import type { OutgoingMessage } from "../broker.ts";

/** Times in epoch milliseconds. */
export interface MessageFacts {
  readonly id: string;
  readonly publishedAt: number;
  /** Ordering key; absent: none. */
  readonly key?: string;
  /** Nobody is given it before. */
  readonly due?: number;
  /** When its retention began, where that is neither when it was sent nor when it fell due. */
  readonly since?: number;
  /** Attempts that the server does not know of, because it counted them for another copy. */
  readonly attempts?: number;
  /** W3C trace context of a replay. */
  readonly replay?: string;
  /** Attributes of the app that could not stand alone. */
  readonly others?: Readonly<Record<string, string>>;
  /** Of a dead letter. */
  readonly death?: { readonly at: number; readonly attempts: number; readonly reason: string };
}

const factsAttribute = "tenon";
const traceAttribute = "traceparent";

export interface AttributeLimits {
  /** So many attributes in all. */
  readonly most: number;
  fits(name: string, value: string): boolean;
}

export function attributesWith(
  { attributes, traceparent }: Pick<OutgoingMessage, "attributes" | "traceparent">,
  facts: Omit<MessageFacts, "others">,
  { most, fits }: AttributeLimits,
): Record<string, string> {
  const alone: Record<string, string> = {};
  const others: Record<string, string> = {};
  let room = most - (traceparent === "" ? 1 : 2);
  for (const [name, value] of Object.entries(attributes)) {
    const isAlone = room > 0 && name !== factsAttribute && name !== traceAttribute && fits(name, value);
    (isAlone ? alone : others)[name] = value;
    if (isAlone) room--;
  }
  const all = Object.keys(others).length === 0 ? facts : { ...facts, others };
  return {
    ...alone,
    ...(traceparent === "" ? {} : { [traceAttribute]: traceparent }),
    [factsAttribute]: JSON.stringify(all),
  };
}

export interface ReadAttributes extends Pick<OutgoingMessage, "attributes" | "traceparent"> {
  /** undefined: no engine of Tenon's has sent it. */
  readonly facts: MessageFacts | undefined;
}

export function readAttributes(texts: Readonly<Record<string, string>>): ReadAttributes {
  const { [factsAttribute]: text, [traceAttribute]: traceparent = "", ...alone } = texts;
  const facts = text === undefined ? undefined : parseFacts(text);
  if (facts !== undefined) return { facts, traceparent, attributes: { ...alone, ...facts.others } };
  return { facts, traceparent, attributes: text === undefined ? alone : { ...alone, [factsAttribute]: text } };
}

/** Somebody else may have an attribute of this name. */
function parseFacts(text: string): MessageFacts | undefined {
  try {
    const facts = JSON.parse(text) as Partial<MessageFacts> | null;
    return typeof facts?.id === "string" && typeof facts.publishedAt === "number" ? (facts as MessageFacts) : undefined;
  } catch {
    return undefined;
  }
}
