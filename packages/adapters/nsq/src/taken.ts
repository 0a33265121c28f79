// A message that an nsqd has given to this process, and what can be said to the server about it. None of it is answered: what is said over a
// connection that breaks may not have been heard, and the message comes again.
import { finish, requeue, touch } from "./commands.ts";
import type { Connection } from "./connection.ts";
import { decode, type Enveloped } from "./envelope.ts";
import type { WireMessage } from "./frame-reader.ts";

export class Taken {
  /** undefined: nothing that a Tenon app has written. */
  readonly enveloped: Enveloped | undefined;
  readonly wire: WireMessage;
  readonly #connection: Connection;
  /** By performance.now(), which no correction of a clock moves. */
  readonly deliveredAt = performance.now();

  constructor(wire: WireMessage, connection: Connection) {
    this.wire = wire;
    this.enveloped = decode(wire.body, wire.publishedAt);
    this.#connection = connection;
  }

  /** The server has forgotten who had it when the connection is gone. */
  get isReachable(): boolean {
    return this.#connection.isOpen;
  }

  /** Done with. */
  finish(): void {
    this.#connection.say(finish(this.wire.id));
  }

  /** To be delivered again, after `delayMs` at the earliest. */
  requeue(delayMs = 0): void {
    this.#connection.say(requeue(this.wire.id, delayMs));
  }

  /** The server's time for it begins anew, up to its longest since the delivery. */
  touch(): void {
    this.#connection.say(touch(this.wire.id));
  }
}
