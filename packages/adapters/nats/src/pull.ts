// Asks one consumer of JetStream for messages, one request at a time: as many as there is room for, again when the request has ended, when
// there is more room, and after every loss of the connection.
import { createInbox, type Msg, nanos, type Subscription } from "@nats-io/transport-node";
import type { Link } from "./link.ts";
import { Taken } from "./taken.ts";

export interface PullOptions {
  readonly stream: string;
  readonly durable: string;
  /** How many messages may be taken now. */
  room(): number;
  take(message: Taken): void;
}

/** A request that nobody answers is made anew after this. */
const expiresMs = 30_000;
/**
 * A server that was killed may count messages as delivered that it no longer has, and when their time is over forget to go on until it is
 * asked again: for a while after a connection it is asked more often.
 */
const expiresEarlyMs = 2_000;
const earlyMs = 60_000;
const lateMs = 2_000;
const afterFailureMs = 250;

export class Pull {
  readonly #link: Link;
  readonly #options: PullOptions;
  readonly #inbox = createInbox();
  readonly #subscription: Subscription;
  readonly #forget: () => void;
  /** Of the request under way; 0: there is none. */
  #left = 0;
  #request = 0;
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;
  #connectedAt = Date.now();

  constructor(link: Link, options: PullOptions) {
    this.#link = link;
    this.#options = options;
    this.#subscription = link.connection.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#receive(message);
      },
    });
    this.#forget = link.onReconnect(() => {
      this.#left = 0;
      this.#connectedAt = Date.now();
      this.ask();
    });
    this.ask();
  }

  /** There may be more room. */
  ask(): void {
    if (this.#isStopped || this.#left > 0) return;
    const room = this.#options.room();
    if (room <= 0) return;
    this.#left = room;
    this.#request++;
    const { stream, durable } = this.#options;
    const isEarly = Date.now() - this.#connectedAt < earlyMs;
    const durationMs = isEarly ? expiresEarlyMs : expiresMs;
    const request = JSON.stringify({ batch: room, expires: nanos(durationMs) });
    const reply = `${this.#inbox}.${this.#request}`;
    this.#link.connection.publish(`$JS.API.CONSUMER.MSG.NEXT.${stream}.${durable}`, request, { reply });
    this.#askAgainAfter(durationMs + lateMs);
  }

  /** No more are taken; those on their way go back. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#forget();
    clearTimeout(this.#timer);
    if (!this.#link.connection.isClosed()) await this.#subscription.drain();
  }

  #receive(message: Msg): void {
    // A status stands on the subject of the request, a message on its own.
    if (message.subject.startsWith(this.#inbox)) this.#end(message);
    else if (this.#isStopped) new Taken(message, this.#link).drop();
    else {
      this.#left = Math.max(0, this.#left - 1);
      this.#options.take(new Taken(message, this.#link));
      this.ask();
    }
  }

  #end(status: Msg): void {
    if (status.subject !== `${this.#inbox}.${this.#request}` || status.headers?.code === 100) return;
    this.#left = 0;
    // 408: nothing came in time. Anything else is a server that is not ready, or a consumer that is being made anew.
    if (status.headers?.code === 408) this.ask();
    else this.#askAgainAfter(afterFailureMs);
  }

  #askAgainAfter(durationMs: number): void {
    clearTimeout(this.#timer);
    if (this.#isStopped) return;
    this.#timer = setTimeout(() => {
      this.#left = 0;
      this.ask();
    }, durationMs);
  }
}
