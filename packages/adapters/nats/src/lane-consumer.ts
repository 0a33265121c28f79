// Takes the messages of an ordered subscription. Each lane is a consumer of JetStream that has one message out at a time among all
// processes: whoever has it may act for all keys of the lane.
//
//   message of a key with nothing parked ── handled ──> gone
//                │ failed
//                v
//   parked, with a ticket for later ── later ──> ticket in the lane ── first of the key handled ──> ticket for the next, until none is left
//                ^                                       │ failed
//                │ messages of the key that come after   └──> ticket for later
import {
  type Consumer,
  type Held,
  handleDelivery,
  leaseMsOf,
  type Receiver,
  type SubscriptionSpec,
  UnderWay,
  Slots,
} from "@tenon/runtime/engine";
import { writeDeadLetter } from "./dead-letters.ts";
import { encodeTicket, type Enveloped, messageOf, type Ticket } from "./envelope.ts";
import { Keeper } from "./keeper.ts";
import type { Link } from "./link.ts";
import { keyHash, laneCount, type SubscriptionNames } from "./names.ts";
import { type Parked, Parking } from "./parking.ts";
import { ackWaitMsOf } from "./prepare-consumers.ts";
import { Pull } from "./pull.ts";
import { buryForeign, readTaken } from "./read-taken.ts";
import type { Taken } from "./taken.ts";

/** What became of the message that a lane's turn was about, and what the lane has to do then. */
interface Turn {
  readonly hash: string;
  readonly enveloped: Enveloped;
  readonly attempt: number;
  readonly reason?: string | undefined;
  /** It is done with: the next one of its key may follow. */
  finish(): Promise<void>;
  /** It stays the first of its key. */
  postpone(ticket: Pick<Ticket, "attempts" | "reason" | "due">): Promise<void>;
}

/** So much of the lane's time may be gone when a handler begins. */
const freshMs = 500;

export class LaneConsumer implements Consumer {
  readonly #link: Link;
  readonly #names: SubscriptionNames;
  readonly #subscription: SubscriptionSpec;
  readonly #receiver: Receiver;
  readonly #parking: Parking;
  readonly #underWay: UnderWay;
  readonly #slots: Slots;
  readonly #pulls: readonly Pull[];

  constructor(link: Link, names: SubscriptionNames, subscription: SubscriptionSpec, receiver: Receiver) {
    this.#link = link;
    this.#names = names;
    this.#subscription = subscription;
    this.#receiver = receiver;
    this.#parking = new Parking(link, names);
    this.#underWay = new UnderWay(`${subscription.topic}/${subscription.name}`);
    this.#slots = new Slots(subscription.maxConcurrency);
    this.#pulls = Array.from({ length: laneCount }, (_, lane) => this.#pullLane(lane));
  }

  async stop(timeoutMs: number): Promise<void> {
    this.#slots.close();
    await Promise.all([...this.#pulls.map((pull) => pull.stop()), this.#underWay.end(timeoutMs)]);
  }

  #pullLane(lane: number): Pull {
    let isBusy = false;
    const pull: Pull = new Pull(this.#link, {
      stream: this.#link.names.queueStream,
      durable: this.#names.laneDurable(lane),
      room: () => (isBusy ? 0 : 1),
      take: (taken) => {
        isBusy = true;
        this.#underWay.add(
          (stopping) => this.#waitAndHandle(taken, stopping),
          () => {
            isBusy = false;
            pull.ask();
          },
        );
      },
    });
    return pull;
  }

  /** A lane's message may have to wait until there is room among those of other lanes. */
  async #waitAndHandle(taken: Taken, stopping: AbortSignal): Promise<void> {
    const keepUp = setInterval(() => {
      if (this.#isOurs(taken)) taken.prolong().catch(() => {});
    }, ackWaitMsOf(this.#subscription) / 3);
    const hasSlot = await this.#slots.take().finally(() => clearInterval(keepUp));
    try {
      // A process that was frozen meanwhile has lost it.
      if (!this.#isOurs(taken)) return;
      const turn = await this.#turnOf(taken);
      // What it has waited is not to be taken from the handler's time, nor from the lane's, which would be somebody else's before.
      if (turn !== undefined && taken.ageMs > freshMs) await taken.prolong();
      if (turn === undefined) await taken.acknowledge();
      else if (!hasSlot) await this.#hold(taken, turn).handBack();
      else await handleDelivery(this.#hold(taken, turn), this.#subscription, this.#receiver, stopping);
    } finally {
      if (hasSlot) this.#slots.give();
    }
  }

  #isOurs(taken: Taken): boolean {
    return taken.ageMs < leaseMsOf(this.#subscription);
  }

  /** undefined: there is nothing to handle. */
  async #turnOf(taken: Taken): Promise<Turn | undefined> {
    try {
      const content = readTaken(taken);
      if (content.kind === "ticket") return await this.#turnOfTicket(taken, content.ticket);
      if (content.kind === "message") return await this.#turnOfMessage(taken, content.enveloped);
      await buryForeign(this.#link, this.#names, this.#receiver, taken, content.reason);
      return undefined;
    } catch (error) {
      // Nothing was begun: whoever is next need not wait for the end of its time.
      taken.drop();
      throw error;
    }
  }

  /** undefined: it has been parked behind others of its key. */
  async #turnOfMessage(taken: Taken, enveloped: Enveloped): Promise<Turn | undefined> {
    const hash = keyHash(enveloped.envelope.key);
    const first = await this.#parking.first(hash);
    if (first !== undefined) {
      const seq = await this.#parking.add(hash, taken.seq, enveloped);
      // It is the first itself: whoever parked it may have died before its ticket was written.
      if (seq === first.seq)
        await this.#writeLater({ hash, head: seq, attempts: taken.deliveries - 1, due: Date.now() });
      return undefined;
    }
    return {
      hash,
      enveloped,
      attempt: (enveloped.envelope.attempts ?? 0) + taken.deliveries,
      finish: async () => {},
      postpone: async (ticket) => {
        const head = await this.#parking.add(hash, taken.seq, enveloped);
        await this.#write(taken, { hash, head, ...ticket });
      },
    };
  }

  /** undefined: nothing of its key is parked any more. */
  async #turnOfTicket(taken: Taken, ticket: Ticket): Promise<Turn | undefined> {
    const { hash } = ticket;
    const parked = await this.#parking.first(hash);
    if (parked === undefined) return undefined;
    const { seq: head, enveloped } = parked;
    const known = ticket.head === head ? ticket : { attempts: enveloped.envelope.attempts ?? 0, reason: undefined };
    return {
      hash,
      enveloped,
      attempt: known.attempts + taken.deliveries,
      reason: known.reason,
      finish: () => this.#goOn(taken, hash, parked),
      postpone: (next) => this.#write(taken, { hash, head, ...next }),
    };
  }

  async #goOn(taken: Taken, hash: string, done: Parked): Promise<void> {
    await this.#parking.remove(done.seq);
    const next = await this.#parking.first(hash);
    if (next === undefined) return;
    await this.#write(taken, { hash, head: next.seq, attempts: next.enveloped.envelope.attempts ?? 0 });
  }

  async #write(taken: Taken, ticket: Ticket): Promise<void> {
    if (ticket.due !== undefined) await this.#writeLater(ticket);
    else {
      const messageId = `ticket/${this.#names.durable}/${taken.seq}`;
      await this.#link.publish(this.#names.ticket(ticket.hash), encodeTicket(ticket), { messageId });
    }
  }

  async #writeLater(ticket: Ticket): Promise<void> {
    await this.#link.publish(this.#names.laterTicket(ticket.hash), encodeTicket(ticket));
  }

  #hold(taken: Taken, turn: Turn): Held {
    const { envelope } = turn.enveloped;
    const keeper = new Keeper(taken, leaseMsOf(this.#subscription), ackWaitMsOf(this.#subscription));
    const settle = (say: () => Promise<void>) =>
      keeper.settle(async () => {
        await say();
        await taken.acknowledge();
      });
    return {
      message: messageOf(turn.enveloped),
      attempt: turn.attempt,
      waitsSince: new Date(envelope.since),
      lastReason: turn.reason,
      replayTraceparent: envelope.replay ?? null,
      handled: () => settle(() => turn.finish()),
      retry: (waitMs, reason) =>
        settle(() => turn.postpone({ attempts: turn.attempt, reason, due: Date.now() + waitMs })),
      bury: (attempts, reason) =>
        settle(async () => {
          await writeDeadLetter(this.#link, this.#names, turn.enveloped, attempts, reason);
          await turn.finish();
        }),
      handBack: () => settle(() => turn.postpone({ attempts: turn.attempt - 1 })),
      extend: (leaseMs) => keeper.extend(leaseMs),
      expire: () => keeper.expire(),
    };
  }
}
