// Looks after what a subscription has that falls due later: delayed and replayed messages and tickets. What is due goes into the queue and
// then away from here; a crash in between is told by the id under which it goes there.
import { type SubscriptionSpec, UnderWay } from "@tenon/runtime/engine";
import { decode, decodeTicket, encode, encodeTicket } from "./envelope.ts";
import type { Link } from "./link.ts";
import { kindOfHeld, type SubscriptionNames } from "./names.ts";
import { Pull } from "./pull.ts";
import type { Taken } from "./taken.ts";

const atOnce = 100;

export class HeldConsumer {
  readonly #link: Link;
  readonly #names: SubscriptionNames;
  readonly #underWay: UnderWay;
  readonly #pull: Pull;

  constructor(link: Link, names: SubscriptionNames, { topic, name }: SubscriptionSpec) {
    this.#link = link;
    this.#names = names;
    this.#underWay = new UnderWay(`${topic}/${name}`);
    this.#pull = new Pull(link, {
      stream: link.names.heldStream,
      durable: names.heldDurable,
      room: () => atOnce - this.#underWay.count,
      take: (taken) =>
        this.#underWay.add(
          () => this.#move(taken),
          () => this.#pull.ask(),
        ),
    });
  }

  async stop(timeoutMs: number): Promise<void> {
    await Promise.all([this.#pull.stop(), this.#underWay.end(timeoutMs)]);
  }

  async #move(taken: Taken): Promise<void> {
    const kind = kindOfHeld(taken.subject);
    if (kind === "dead") await taken.acknowledge();
    else if (kind === "ticket") await this.#moveTicket(taken);
    else await this.#moveMessage(taken);
  }

  async #moveTicket(taken: Taken): Promise<void> {
    const { due = 0, ...ticket } = decodeTicket(taken.data);
    if (await this.#waits(taken, due)) return;
    await this.#intoQueue(taken, this.#names.ticket(ticket.hash), encodeTicket(ticket));
  }

  async #moveMessage(taken: Taken): Promise<void> {
    const { envelope, payload } = decode(taken.data);
    const { due = 0, raises, ...rest } = envelope;
    // Whoever replays a dead letter may have died before it removed that.
    if (raises !== undefined) await this.#link.remove(this.#link.names.heldStream, raises);
    if (await this.#waits(taken, due)) return;
    await this.#intoQueue(taken, this.#names.message(envelope.key), encode({ envelope: rest, payload }));
  }

  async #waits(taken: Taken, due: number): Promise<boolean> {
    const waitMs = due - Date.now();
    if (waitMs <= 0) return false;
    await taken.refuse(waitMs);
    return true;
  }

  async #intoQueue(taken: Taken, subject: string, data: Uint8Array): Promise<void> {
    await this.#link.publish(subject, data, { messageId: `due/${taken.seq}` });
    await this.#link.remove(this.#link.names.heldStream, taken.seq);
    await taken.acknowledge();
  }
}
