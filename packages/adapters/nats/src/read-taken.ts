// What a message on a subject of ours is. Anybody who may publish there can have put anything there: that is kept for people among the dead
// letters, as text, so that it stands in nobody's way.
import type { Receiver } from "@tenon/runtime/engine";
import { writeDeadLetter } from "./dead-letters.ts";
import { decode, decodeTicket, type Enveloped, messageOf, type Ticket } from "./envelope.ts";
import type { Link } from "./link.ts";
import type { SubscriptionNames } from "./names.ts";
import type { Taken } from "./taken.ts";

export type Content =
  | { readonly kind: "ticket"; readonly ticket: Ticket }
  | { readonly kind: "message"; readonly enveloped: Enveloped }
  | { readonly kind: "foreign"; readonly reason: string };

export function readTaken({ subject, data }: Taken): Content {
  try {
    if (subject.endsWith(".t")) {
      const ticket = decodeTicket(data);
      if (isObject(ticket) && typeof ticket.hash === "string") return { kind: "ticket", ticket };
    } else {
      const enveloped = decode(data);
      if (isWhole(enveloped)) return { kind: "message", enveloped };
    }
    return { kind: "foreign", reason: noMessage };
  } catch (error) {
    return { kind: "foreign", reason: `${noMessage}: ${(error as Error).message}` };
  }
}

/** Puts it among the dead letters, under an id made of its place in the queue; acknowledging it is left to the caller. */
export async function buryForeign(
  link: Link,
  names: SubscriptionNames,
  receiver: Receiver,
  { seq, data }: Taken,
  reason: string,
): Promise<void> {
  const now = Date.now();
  const envelope = { id: `foreign-${seq}`, attributes: {}, key: null, trace: "", publishedAt: now, since: now };
  const enveloped = { envelope, payload: new TextDecoder().decode(data) };
  await receiver.bury({ message: messageOf(enveloped), attempts: 0, reason });
  await writeDeadLetter(link, names, enveloped, 0, reason);
}

const noMessage = "it is no message of the engine's";

function isWhole({ envelope }: Enveloped): boolean {
  if (!isObject(envelope)) return false;
  const { id, trace, publishedAt, since, attributes } = envelope;
  const areTexts = typeof id === "string" && typeof trace === "string";
  return areTexts && typeof publishedAt === "number" && typeof since === "number" && isObject(attributes);
}

function isObject(value: unknown): boolean {
  return typeof value === "object" && value !== null;
}
