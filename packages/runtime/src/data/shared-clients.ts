// The lane of plain reads: few connections, each with several statements under way at once. Nothing that can wait for a lock comes
// here, or it would hold up everything behind it.
import type { CallContext } from "../call/context.ts";
import { unlessOver } from "./canceled-error.ts";
import { connectClient } from "./connect-client.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";

/** Behind a statement that runs longer than this nothing is queued. */
const stalledAfterMs = 50;
/** With so many under way everywhere, one more connection is worth its price. */
const crowdedAt = 4;

export class SharedClients {
  readonly #settings: ClientSettings;
  readonly #limit: number;
  readonly #connectTimeoutMs: number;
  #clients: DatabaseClient[] = [];
  #opening: Promise<DatabaseClient> | undefined;

  constructor(settings: ClientSettings, limit: number, connectTimeoutMs: number) {
    this.#settings = settings;
    this.#limit = limit;
    this.#connectTimeoutMs = connectTimeoutMs;
  }

  /** The least busy connection; undefined when all of them are held up. */
  async pick(call: CallContext | undefined): Promise<DatabaseClient | undefined> {
    this.#clients = this.#clients.filter((client) => !client.retired);
    let best: DatabaseClient | undefined;
    for (const client of this.#clients) {
      if (client.busyMs < stalledAfterMs && (!best || client.pending < best.pending)) best = client;
    }
    if (this.#clients.length >= this.#limit) return best;
    if (best && best.pending < crowdedAt) return best;
    const opening = this.#open();
    if (!best) return unlessOver(opening, this.#settings.database, call);
    // Those who need the new connection later see why it failed.
    opening.catch(() => {});
    return best;
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
    const client = await connectClient(this.#settings, { pipeline: true, timeoutMs: this.#connectTimeoutMs });
    this.#clients.push(client);
    return client;
  }
}
