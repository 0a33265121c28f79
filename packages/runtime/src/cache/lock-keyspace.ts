// Locks in a cache: one holder at a time among all processes, for as long as it says and not longer. A cache can forget, and a process can
// pause: what must never be done twice has to look at the fencing token, too.
import { randomUUID } from "node:crypto";
import { clock, type Timer } from "../clock/clock.ts";
import { CacheError } from "./errors.ts";
import { Keyspace } from "./keyspace.ts";
import { acquireLock, type CacheScript, extendLock, releaseLock } from "./scripts.ts";

export interface LockOptions {
  /** How long it is held without being extended. Default: 30,000. */
  ttlMs?: number;
  /** How long to wait for who has it. Default: 0. */
  waitMs?: number;
}

/** A lock that is held. */
export interface CacheLock {
  /** Larger than that of every holder before: a store that refuses smaller ones is safe from holders that are late. */
  readonly token: number;
  /** Holds it for `ttlMs` from now. False: it was lost, and somebody else may have it. */
  extend(ttlMs?: number): Promise<boolean>;
  /** False: it had been lost before. */
  release(): Promise<boolean>;
}

const defaultTtlMs = 30_000;
const pauseMs = 50;

/**
 * Locks by key:
 *
 * ```ts
 * const invoices = new LockKeyspace<{ month: string }>(cache, { keyPattern: "invoice-run/:month" });
 * await invoices.hold({ month: "2026-01" }, async (lock) => createInvoices(lock.token));
 * ```
 */
export class LockKeyspace<K> extends Keyspace<K> {
  /** undefined: somebody else has it, and still had after `waitMs`. */
  async acquire(key: K, options: LockOptions = {}): Promise<CacheLock | undefined> {
    return (await this.#acquire(key, options))?.lock;
  }

  /** `askedAt`: it is held for `ttlMs` from then on at least, by the clock of this process. */
  async #acquire(
    key: K,
    { ttlMs = defaultTtlMs, waitMs = 0 }: LockOptions,
  ): Promise<{ lock: CacheLock; askedAt: number } | undefined> {
    const holder = randomUUID();
    const ttl = checkedTtl(ttlMs);
    const endsAt = clock().now() + waitMs;
    for (;;) {
      const askedAt = clock().now();
      const answer = await this.#ask(key, holder, ttl);
      if (answer !== null) return { lock: this.#held(key, holder, Number(answer), ttl), askedAt };
      if (clock().now() >= endsAt) return undefined;
      await new Promise<void>((resolve) => {
        clock().after(pauseMs, resolve);
      });
    }
  }

  /**
   * Runs `work` with the lock, which is extended until it ends. `signal` aborts when the lock was lost all the same. Throws CacheError
   * `cache_lock_taken` when somebody else has it, and `cache_lock_lost` when `work` ended after it was lost.
   */
  async hold<Result>(
    key: K,
    work: (lock: CacheLock, signal: AbortSignal) => Promise<Result>,
    options: LockOptions = {},
  ): Promise<Result> {
    const acquired = await this.#acquire(key, options);
    if (acquired === undefined) throw new CacheError("hold", this.keyOf("hold", key), "cache_lock_taken");
    const { lock, askedAt } = acquired;
    const lost = new AbortController();
    const lose = () => lost.abort(new CacheError("hold", this.keyOf("hold", key), "cache_lock_lost"));
    const extending = new Extending(lock, options.ttlMs ?? defaultTtlMs, askedAt, lose);
    try {
      const result = await work(lock, lost.signal);
      lost.signal.throwIfAborted();
      return result;
    } finally {
      extending.stop();
      await lock.release().catch(() => false);
    }
  }

  #held(key: K, holder: string, token: number, ttlMs: number): CacheLock {
    return {
      token,
      extend: async (next = ttlMs) => (await this.#script("extend", extendLock, key, [holder, checkedTtl(next)])) === 1,
      release: async () => (await this.#script("release", releaseLock, key, [holder])) === 1,
    };
  }

  /** The token; null when somebody else has the lock. One that is given after the caller's time is over is given back. */
  async #ask(key: K, holder: string, ttlMs: number): Promise<unknown> {
    const fence = `__tenon/fence/${this.keyOf("acquire", key)}`;
    let giveBack = (): void => {};
    let isOver = false;
    try {
      return await this.perform("acquire", "EVALSHA", [key], (connection, [known]) => {
        if (isOver) return Promise.resolve(null);
        const asked = connection.runScript(acquireLock, [known!, connection.key(fence)], [holder, ttlMs]);
        giveBack = () => {
          const released = asked.then(
            (token) => token !== null && connection.runScript(releaseLock, [known!], [holder]),
          );
          // It ends with its ttl then.
          released.catch(() => {});
        };
        return asked;
      });
    } catch (error) {
      isOver = true;
      giveBack();
      throw error;
    }
  }

  #script(name: string, script: CacheScript, key: K, args: readonly (string | number)[]): Promise<unknown> {
    return this.perform(name, "EVALSHA", [key], (connection, [known]) => connection.runScript(script, [known!], args));
  }
}

/** Extends a lock three times within each of its lives, and knows by its own clock when that is over: a cache may not answer. */
class Extending {
  readonly #lock: CacheLock;
  readonly #ttlMs: number;
  readonly #lose: () => void;
  #extension: Timer | undefined;
  #end: Timer | undefined;
  #isStopped = false;

  constructor(lock: CacheLock, ttlMs: number, heldFrom: number, lose: () => void) {
    this.#lock = lock;
    this.#ttlMs = ttlMs;
    this.#lose = lose;
    this.#holdFrom(heldFrom);
  }

  #holdFrom(time: number): void {
    this.#end?.cancel();
    this.#end = clock().after(time + this.#ttlMs - clock().now(), () => this.#isLost());
    this.#next();
  }

  #next(): void {
    this.#extension = clock().after(this.#ttlMs / 3, () => void this.#extend());
  }

  async #extend(): Promise<void> {
    const askedAt = clock().now();
    // A cache that cannot be reached for a moment has not taken the lock away.
    const isHeld = await this.#lock.extend(this.#ttlMs).catch(() => undefined);
    if (this.#isStopped) return;
    if (isHeld === true) this.#holdFrom(askedAt);
    else if (isHeld === false) this.#isLost();
    else this.#next();
  }

  #isLost(): void {
    this.stop();
    this.#lose();
  }

  stop(): void {
    this.#isStopped = true;
    this.#extension?.cancel();
    this.#end?.cancel();
  }
}

function checkedTtl(ttlMs: number): number {
  if (Number.isSafeInteger(ttlMs) && ttlMs > 0) return ttlMs;
  const reason = `ttlMs must be a whole positive number, got ${ttlMs}`;
  throw new CacheError("acquire", undefined, "cache_argument_invalid", { reason });
}
