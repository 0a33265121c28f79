// What has arrived on a stream and has not been read. It holds a few messages and then asks the sending side to wait; how it ends is
// told behind the last message: an orderly end ends an iteration, anything else is thrown.
import type { APIError } from "../call/api-error.ts";

/** From here on the sender is asked to wait. */
const LIMIT_MESSAGES = 16;

/** undefined: the other side has said all it had to say. */
export type InboxEnd = APIError | undefined;

type Taken = { readonly done: false; readonly message: unknown } | { readonly done: true };

interface Waiting {
  resolve(taken: Taken): void;
  reject(reason: APIError): void;
}

export class Inbox {
  /** How many have arrived. */
  received = 0;
  /** Called when there is room again after `isFull`. */
  onRoom: (() => void) | undefined;
  private messages: unknown[] = [];
  private next = 0;
  private readonly waiting: Waiting[] = [];
  private isEnded = false;
  private reason: InboxEnd;

  get length(): number {
    return this.messages.length - this.next;
  }

  get isFull(): boolean {
    return this.length >= LIMIT_MESSAGES;
  }

  /** What arrives behind the end is dropped. */
  push(message: unknown): void {
    if (this.isEnded) return;
    this.received++;
    const first = this.waiting.shift();
    if (first === undefined) this.messages.push(message);
    else first.resolve({ done: false, message });
  }

  /** Nothing more will come. The first end counts. */
  end(reason: InboxEnd): void {
    if (this.isEnded) return;
    this.isEnded = true;
    this.reason = reason;
    for (const one of this.waiting.splice(0)) settle(one, reason);
  }

  /** Rejects with the reason of an end that was not orderly, once all that came before it has been taken. */
  take(): Promise<Taken> {
    if (this.next < this.messages.length) {
      const message = this.messages[this.next];
      this.messages[this.next++] = undefined;
      this.shrink();
      return Promise.resolve({ done: false, message });
    }
    return new Promise((resolve, reject) => {
      const one = { resolve, reject };
      if (this.isEnded) settle(one, this.reason);
      else this.waiting.push(one);
    });
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    for (;;) {
      const taken = await this.take();
      if (taken.done) return;
      yield taken.message;
    }
  }

  /** Moving all messages up for each one taken would make a long queue slow. */
  private shrink(): void {
    if (this.next >= LIMIT_MESSAGES || this.next === this.messages.length) {
      this.messages = this.messages.slice(this.next);
      this.next = 0;
    }
    if (this.length === LIMIT_MESSAGES / 2) this.onRoom?.();
  }
}

function settle(one: Waiting, reason: InboxEnd): void {
  if (reason === undefined) one.resolve({ done: true });
  else one.reject(reason);
}
