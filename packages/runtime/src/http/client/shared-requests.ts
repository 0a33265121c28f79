// Requests that may share a connection with others of the same tick: they go out in one write, several to a connection, and are answered
// in order. Only for what is known to be answered quickly, because a slow answer holds up those behind it.
import type { ClientConnection } from "./client-connection.ts";
import type { PendingAnswer } from "./pending-answer.ts";

export interface SharedRequest extends PendingAnswer {
  /** All of the request as latin1; `isShared`: others are on the same connection. */
  textFor(isShared: boolean): string;
  onSent(connection: ClientConnection): void;
  /** All of a request that tells the other side that nobody waits for this one any more. */
  cancelText(): string;
}

/** A connection has at most this many requests on it: what a slow answer can hold up. */
export const MAX_SHARING = 8;

// hot: guarded by bench/call
export class SharedRequests {
  private readonly take: () => ClientConnection;
  private queue: SharedRequest[] = [];
  private readonly flush = (): void => {
    const { queue } = this;
    this.queue = [];
    for (let from = 0; from < queue.length; from += MAX_SHARING) {
      const to = Math.min(queue.length, from + MAX_SHARING);
      // Those that were given up before they went out are still waited for by nobody.
      this.take().sendShared(queue, from, to);
    }
  };

  /** `take`: gives a connection that has nothing to do. */
  constructor(take: () => ClientConnection) {
    this.take = take;
  }

  /** Goes out when all code that runs now, promises included, has come to its end. */
  add(request: SharedRequest): void {
    this.queue.push(request);
    if (this.queue.length === 1) process.nextTick(this.flush);
  }

  /** Whether it had not gone out yet; it will not then. */
  remove(request: SharedRequest): boolean {
    const index = this.queue.indexOf(request);
    if (index === -1) return false;
    this.queue.splice(index, 1);
    return true;
  }
}
