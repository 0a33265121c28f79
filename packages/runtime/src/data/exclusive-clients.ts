// The lane of everything that needs a connection to itself: writes, transactions, cursors, acquired connections. First come, first served.
import type { CallContext } from "../call/context.ts";
import { canceledError } from "./canceled-error.ts";
import { connectClient } from "./connect-client.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";

interface Waiter {
  /** undefined: there is room for a new connection. */
  resolve(client: DatabaseClient | undefined): void;
  reject(error: DatabaseError): void;
}

export class ExclusiveClients {
  readonly #settings: ClientSettings;
  readonly #limit: number;
  readonly #timeouts: { readonly connectMs: number; readonly acquireMs: number };
  readonly #idle: DatabaseClient[] = [];
  readonly #used = new Set<DatabaseClient>();
  readonly #waiters: Waiter[] = [];
  /** Idle, used or being opened. */
  #count = 0;
  #closed = false;
  #onDrained: (() => void) | undefined;

  constructor(
    settings: ClientSettings,
    limit: number,
    timeouts: { readonly connectMs: number; readonly acquireMs: number },
  ) {
    this.#settings = settings;
    this.#limit = limit;
    this.#timeouts = timeouts;
  }

  async acquire(call: CallContext | undefined): Promise<DatabaseClient> {
    if (this.#closed) throw this.#stopping();
    if (call?.signal.aborted) throw canceledError(this.#settings.database, call);
    const client = this.#takeIdle() ?? (this.#count < this.#limit ? await this.#open(call) : await this.#wait(call));
    this.#used.add(client);
    return client;
  }

  release(client: DatabaseClient): void {
    this.#used.delete(client);
    if (client.retired || this.#closed) {
      void client.end();
      this.#lose();
    } else {
      const waiter = this.#waiters.shift();
      if (waiter) waiter.resolve(client);
      else this.#idle.push(client);
    }
    if (this.#used.size === 0) this.#onDrained?.();
  }

  /** Waits until those in use have come back. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiter of this.#waiters.splice(0)) waiter.reject(this.#stopping());
    await Promise.all(this.#idle.splice(0).map((client) => client.end()));
    if (this.#used.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onDrained = resolve;
      });
    }
  }

  destroy(): void {
    for (const client of this.#used) client.destroy();
    this.#onDrained?.();
  }

  #takeIdle(): DatabaseClient | undefined {
    for (;;) {
      const client = this.#idle.pop();
      if (!client?.retired) return client;
      this.#count--;
    }
  }

  async #open(call: CallContext | undefined): Promise<DatabaseClient> {
    this.#count++;
    try {
      return await connectClient(this.#settings, { pipeline: false, timeoutMs: this.#timeouts.connectMs, call });
    } catch (error) {
      this.#lose();
      throw error;
    }
  }

  /** A place became free: the next waiter opens a connection of its own. */
  #lose(): void {
    this.#count--;
    this.#waiters.shift()?.resolve(undefined);
  }

  async #wait(call: CallContext | undefined): Promise<DatabaseClient> {
    const client = await new Promise<DatabaseClient | undefined>((resolve, reject) => {
      const waiter: Waiter = {
        resolve: (free) => {
          stopWaiting();
          resolve(free);
        },
        reject: (error) => {
          stopWaiting();
          reject(error);
        },
      };
      const giveUp = (error: DatabaseError): void => {
        this.#waiters.splice(this.#waiters.indexOf(waiter), 1);
        waiter.reject(error);
      };
      const onAbort = (): void => giveUp(canceledError(this.#settings.database, call));
      const onTimeout = (): void => {
        giveUp(new DatabaseError("no_free_connection", this.#settings.database, this.#busyReason()));
      };
      const timer = setTimeout(onTimeout, this.#timeouts.acquireMs);
      const stopWaiting = (): void => {
        clearTimeout(timer);
        call?.signal.removeEventListener("abort", onAbort);
      };
      call?.signal.addEventListener("abort", onAbort, { once: true });
      this.#waiters.push(waiter);
    });
    return client ?? (await this.#open(call));
  }

  #stopping(): DatabaseError {
    return new DatabaseError("database_unavailable", this.#settings.database, "the process is stopping");
  }

  #busyReason(): string {
    return `waited ${this.#timeouts.acquireMs / 1000} s for one of ${this.#limit}`;
  }
}
