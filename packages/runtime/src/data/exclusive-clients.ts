// The lane of everything that needs a connection to itself: writes, transactions, cursors, acquired connections. First come, first
// served: by a connection that comes back or by a new one, whichever is there first.
import type { CallContext } from "../call/context.ts";
import { canceledError } from "./canceled-error.ts";
import { connectClient } from "./connect-client.ts";
import type { ClientSettings, DatabaseClient } from "./database-client.ts";
import { DatabaseError } from "./errors.ts";
import { patienceMs } from "./patience.ts";
import type { PoolTimeouts } from "./pool-timeouts.ts";
import type { Awaited } from "./server-watch.ts";

interface Waiter {
  /** A connection is being opened because of it; when that fails, it is told why. */
  hasOpening: boolean;
  resolve(client: DatabaseClient): void;
  reject(error: unknown): void;
}

export class ExclusiveClients {
  readonly #settings: ClientSettings;
  readonly #limit: number;
  readonly #timeouts: PoolTimeouts;
  readonly #idle: DatabaseClient[] = [];
  readonly #used = new Set<DatabaseClient>();
  readonly #waiters: Waiter[] = [];
  /** Idle, used or being opened. */
  #count = 0;
  #closed = false;
  #onDrained: (() => void) | undefined;
  /** Why no connection can be made at the moment. */
  #setback: string | undefined;

  constructor(settings: ClientSettings, limit: number, timeouts: PoolTimeouts) {
    this.#settings = settings;
    this.#limit = limit;
    this.#timeouts = timeouts;
  }

  get hasIdle(): boolean {
    return this.#idle.length > 0;
  }

  async acquire(call: CallContext | undefined): Promise<DatabaseClient> {
    for (;;) {
      if (this.#closed) throw this.#stopping();
      if (call?.signal.aborted) throw canceledError(this.#settings.database, call);
      this.#settings.watch.refuseWhenSilent();
      const idle = this.#takeIdle();
      if (!idle) return this.#wait(call);
      this.#used.add(idle);
      if (!idle.trust.isDoubtful(this.#timeouts.trustIdleMs) || (await idle.trust.prove())) return idle;
      this.release(idle);
    }
  }

  release(client: DatabaseClient): void {
    this.#used.delete(client);
    if (client.retired || this.#closed) {
      void client.end();
      this.#lose();
    } else this.#hand(client);
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

  #hand(client: DatabaseClient): void {
    const waiter = this.#waiters.shift();
    if (!waiter) this.#idle.push(client);
    else {
      this.#used.add(client);
      waiter.resolve(client);
    }
  }

  /** It belongs to no call: whoever waits first when it is there gets it. */
  async #open(waiter: Waiter): Promise<void> {
    waiter.hasOpening = true;
    this.#count++;
    const onSetback = (reason: string): void => {
      this.#setback = reason;
    };
    try {
      const client = await connectClient(this.#settings, {
        pipeline: false,
        timeoutMs: this.#timeouts.connectMs,
        onSetback,
      });
      this.#setback = undefined;
      if (!this.#closed) return this.#hand(client);
      void client.end();
      this.#count--;
    } catch (error) {
      if (this.#waiters.includes(waiter)) waiter.reject(error);
      this.#lose();
    }
  }

  /** A place became free: the next waiter without one opens a connection. */
  #lose(): void {
    this.#count--;
    const next = this.#closed ? undefined : this.#waiters.find(({ hasOpening }) => !hasOpening);
    if (next) void this.#open(next);
  }

  #wait(call: CallContext | undefined): Promise<DatabaseClient> {
    const { watch, database } = this.#settings;
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        call?.signal.removeEventListener("abort", onAbort);
        watch.end(awaited, false);
        const place = this.#waiters.indexOf(waiter);
        if (place >= 0) this.#waiters.splice(place, 1);
      };
      const waiter: Waiter = {
        hasOpening: false,
        resolve: (client) => {
          leave();
          resolve(client);
        },
        reject: (error) => {
          leave();
          reject(error);
        },
      };
      const awaited: Awaited = {
        startedAt: performance.now(),
        deadlineAt: call?.deadlineAt,
        isSent: false,
        giveUp: waiter.reject,
      };
      const onAbort = (): void => waiter.reject(canceledError(database, call));
      const mayOpen = this.#count < this.#limit;
      const { connectMs, acquireMs } = this.#timeouts;
      const mostMs = mayOpen ? Math.max(connectMs, acquireMs) : acquireMs;
      const timer = setTimeout(() => waiter.reject(this.#tooLong()), patienceMs(call, mostMs));
      call?.signal.addEventListener("abort", onAbort, { once: true });
      watch.begin(awaited);
      this.#waiters.push(waiter);
      if (mayOpen) void this.#open(waiter);
    });
  }

  #tooLong(): DatabaseError {
    const { database } = this.#settings;
    if (this.#setback !== undefined) return new DatabaseError("database_unavailable", database, this.#setback);
    return new DatabaseError("no_free_connection", database, `waited for one of ${this.#limit}`);
  }

  #stopping(): DatabaseError {
    return new DatabaseError("database_unavailable", this.#settings.database, "the process is stopping");
  }
}
