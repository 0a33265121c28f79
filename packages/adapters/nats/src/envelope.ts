// A message as JetStream carries it: a line of JSON with what travels beside the payload, then the payload as it is. Tickets are such a
// line alone.
import type { OutgoingMessage } from "@tenon/runtime/engine";

/** Short names: they are stored with every message. */
export interface Envelope {
  readonly id: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly key: string | null;
  readonly trace: string;
  /** Epoch milliseconds, as the others. */
  readonly publishedAt: number;
  /** When its retention began. */
  readonly since: number;
  /** Attempts that those which the server counts do not know of. */
  readonly attempts?: number;
  /** Of a replay. */
  readonly replay?: string;
  /** Held until then. */
  readonly due?: number;
  /** Sequence of the dead letter that this is the replay of: it goes once this is here. */
  readonly raises?: number;
  /** Of a dead letter. */
  readonly reason?: string;
  readonly diedAt?: number;
}

export interface Enveloped {
  readonly envelope: Envelope;
  readonly payload: string;
}

/** The turn of a key whose messages are parked. */
export interface Ticket {
  readonly hash: string;
  /** Sequence of the message that the rest is about: the first of its key when the ticket was written. */
  readonly head: number;
  readonly attempts: number;
  readonly reason?: string;
  readonly due?: number;
}

const encoder = new TextEncoder();
const decoder = new TextDecoder();

export function envelopeOf(message: OutgoingMessage, publishedAt: number): Enveloped {
  const { id, payload, attributes, orderingKey, traceparent, deliverAt } = message;
  const due = deliverAt === null || deliverAt.getTime() <= publishedAt ? undefined : deliverAt.getTime();
  return {
    envelope: {
      id,
      attributes,
      key: orderingKey,
      trace: traceparent,
      publishedAt,
      since: due ?? publishedAt,
      ...(due === undefined ? {} : { due }),
    },
    payload,
  };
}

export function messageOf({ envelope, payload }: Enveloped): OutgoingMessage & { readonly publishedAt: Date } {
  const { id, attributes, key, trace, publishedAt } = envelope;
  return {
    id,
    payload,
    attributes,
    orderingKey: key,
    traceparent: trace,
    publishedAt: new Date(publishedAt),
    deliverAt: null,
    mayBeRepeat: false,
  };
}

export function encode({ envelope, payload }: Enveloped): Uint8Array {
  return encoder.encode(`${JSON.stringify(envelope)}\n${payload}`);
}

export function decode(data: Uint8Array): Enveloped {
  const text = decoder.decode(data);
  const end = text.indexOf("\n");
  return { envelope: JSON.parse(text.slice(0, end)) as Envelope, payload: text.slice(end + 1) };
}

export function encodeTicket(ticket: Ticket): Uint8Array {
  return encoder.encode(JSON.stringify(ticket));
}

export function decodeTicket(data: Uint8Array): Ticket {
  return JSON.parse(decoder.decode(data)) as Ticket;
}
