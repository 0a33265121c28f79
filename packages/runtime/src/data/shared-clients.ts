// The lane of plain reads: few connections, each with several statements under way at once. Nothing that can wait for a lock comes
// here, or it would hold up everything behind it.
import type { CallContext } from "../call/context.ts";
import { unlessOver } from "./canceled-error.ts";
import { connectClient } from "./connect-client.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { inPatience } from "./patience.ts";
import type { PoolTimeouts } from "./pool-timeouts.ts";

/** Behind a statement that runs longer than this nothing is queued. */
const stalledAfterMs = 50;
/** With so many under way everywhere, one more connection is worth its price. */
const crowdedAt = 4;

export class SharedClients {
  readonly #settings: ClientSettings;
  readonly #limit: number;
  readonly #timeouts: PoolTimeouts;
  #clients: DatabaseClient[] = [];
  #opening: Promise<DatabaseClient> | undefined;
  /** Why no connection can be made at the moment. */
  #setback: string | undefined;

  constructor(settings: ClientSettings, limit: number, timeouts: PoolTimeouts) {
    this.#settings = settings;
    this.#limit = limit;
    this.#timeouts = timeouts;
  }

  /** The least busy connection; undefined when all of them are held up, or there is none yet and another lane has one to spare. */
  async pick(call: CallContext | undefined, hasSpare: boolean): Promise<DatabaseClient | undefined> {
    for (;;) {
      const client = await this.#choose(call, hasSpare);
      if (!client?.trust.isDoubtful(this.#timeouts.trustIdleMs) || (await client.trust.prove())) return client;
    }
  }

  async #choose(call: CallContext | undefined, hasSpare: boolean): Promise<DatabaseClient | undefined> {
    this.#clients = this.#clients.filter((client) => !client.retired);
    let best: DatabaseClient | undefined;
    for (const client of this.#clients) {
      if (client.busyMs < stalledAfterMs && (!best || client.pending < best.pending)) best = client;
    }
    if (this.#clients.length >= this.#limit) return best;
    if (best && best.pending < crowdedAt) return best;
    const opening = this.#open();
    // Those who need the new connection later see why it failed.
    opening.catch(() => {});
    if (best || hasSpare || this.#setback !== undefined) return best;
    const { database } = this.#settings;
    const tooLate = () => new DatabaseError("database_unavailable", database, this.#setback ?? "no connection in time");
    return unlessOver(inPatience(opening, call, this.#timeouts.connectMs, tooLate), database, call);
  }

  /** To be called when no statement is under way any more. */
  async close(): Promise<void> {
    await this.#opening?.catch(() => {});
    await Promise.all(this.#clients.map((client) => client.end()));
  }

  destroy(): void {
    for (const client of this.#clients) client.destroy();
  }

  /** One at a time: a burst needs one connection first, not one each. So it belongs to no call, and outlives the one that asked. */
  #open(): Promise<DatabaseClient> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = undefined;
    });
    return this.#opening;
  }

  async #connect(): Promise<DatabaseClient> {
    const timeoutMs = this.#timeouts.connectMs;
    const onSetback = (reason: string): void => {
      this.#setback = reason;
    };
    const client = await connectClient(this.#settings, { pipeline: true, timeoutMs, onSetback });
    this.#setback = undefined;
    this.#clients.push(client);
    return client;
  }
}
