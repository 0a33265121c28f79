// The dead letters of a subscription, all of them at once: NSQ lets nobody look at a queue without taking what is in it. Whoever opens the box
// has the letters to itself until it is closed; what was not removed is then back.
import { setTimeout as pause } from "node:timers/promises";
import { finish, ready, requeue, startClose, subscribe } from "./commands.ts";
import type { Address } from "./config.ts";
import { Connection } from "./connection.ts";
import { countMessages } from "./counts.ts";
import { decode, type Enveloped } from "./envelope.ts";
import { lettersChannel } from "./names.ts";

export interface Letter {
  readonly enveloped: Enveloped;
  /** Later ones have a greater one. */
  readonly position: string;
}

interface Held {
  readonly id: string;
  readonly connection: Connection;
}

/** The letters are back after this when the process that has them dies. */
const msgTimeoutMs = 60_000;
/** Somebody else has the box open: what has not come by then is not waited for. */
const silenceMs = 5_000;

export class LetterBox {
  readonly #topic: string;
  readonly #connections: Connection[] = [];
  readonly #held = new Map<Letter, Held>();
  readonly #known = new Map<string, Letter>();
  #isCollected = false;
  #arrivals = 0;
  #wanted = 0;
  #onLetter: () => void = () => {};

  private constructor(topic: string) {
    this.#topic = topic;
  }

  /** `topic`: that of the dead letters. */
  static async open(addresses: readonly Address[], topic: string): Promise<LetterBox> {
    const box = new LetterBox(topic);
    try {
      for (const address of addresses) await box.#collect(address);
      box.#endCollecting();
      return box;
    } catch (error) {
      await box.close();
      throw error;
    }
  }

  /** Oldest first. */
  get letters(): Letter[] {
    return [...this.#held.keys()].sort((a, b) => (a.position < b.position ? -1 : 1));
  }

  remove(letter: Letter): void {
    const held = this.#held.get(letter);
    this.#held.delete(letter);
    held?.connection.say(finish(held.id));
  }

  /** Resolves once the servers have heard of everything. */
  async close(): Promise<void> {
    // Nothing more is to come while the rest goes back.
    await Promise.all(this.#connections.map((connection) => connection.ask(startClose).catch(() => {})));
    for (const { id, connection } of this.#held.values()) connection.say(requeue(id, 0));
    await Promise.all(this.#connections.map((connection) => connection.end()));
  }

  /** What dies from now on stays where it is. */
  #endCollecting(): void {
    this.#isCollected = true;
    for (const connection of this.#connections) connection.say(ready(0));
  }

  async #collect(address: Address): Promise<void> {
    const counts = await countMessages([address], this.#topic);
    let expected = (counts?.inTopic ?? 0) + (counts?.channels.get(lettersChannel) ?? 0);
    while (expected > 0) {
      const share = await this.#read(address, expected);
      expected -= share;
      this.#wanted += share;
      if (!(await this.#arrived())) return;
    }
  }

  /** Returns how many may come over one connection. */
  async #read(address: Address, expected: number): Promise<number> {
    const connection: Connection = await Connection.open(address, {
      msgTimeoutMs,
      onMessage: ({ id, body, publishedAt }) => {
        this.#add(decode(body, publishedAt), { id, connection });
        this.#arrivals++;
        this.#onLetter();
      },
    });
    this.#connections.push(connection);
    await connection.ask(subscribe(this.#topic, lettersChannel));
    const share = Math.min(expected, connection.limits.maxReadyCount);
    connection.say(ready(share));
    return share;
  }

  #add(enveloped: Enveloped | undefined, held: Held): void {
    if (this.#isCollected) {
      held.connection.say(requeue(held.id, 0));
      return;
    }
    const key = enveloped === undefined ? undefined : `${enveloped.id}/${enveloped.travel.publishedAt}`;
    const known = key === undefined ? undefined : this.#known.get(key);
    if (known !== undefined && this.#held.get(known)?.id === held.id) {
      // The same one again: collecting them all has lasted for longer than it was left to us.
      this.#held.set(known, held);
      return;
    }
    // Nobody else has business with this topic; after a crash in the middle a message may have become a dead letter twice.
    if (enveloped === undefined || key === undefined || known !== undefined) {
      held.connection.say(finish(held.id));
      return;
    }
    const { travel } = enveloped;
    const letter = { enveloped, position: `${String(travel.diedAt ?? 0).padStart(15, "0")}/${key}` };
    this.#known.set(key, letter);
    this.#held.set(letter, held);
  }

  /** False: no more came for a while. */
  async #arrived(): Promise<boolean> {
    while (this.#arrivals < this.#wanted) {
      const before = this.#arrivals;
      const arrival = new Promise<void>((resolve) => {
        this.#onLetter = resolve;
      });
      await Promise.race([arrival, pause(silenceMs, undefined, { ref: false })]);
      if (this.#arrivals === before) return false;
    }
    return true;
  }
}
