// A rate limiter that all processes share: so many in any stretch of time, spread evenly once the budget is used up.
import type { CacheCluster } from "./cluster.ts";
import { CacheError } from "./errors.ts";
import { Keyspace, type KeyspaceConfig } from "./keyspace.ts";
import { takeFromBudget } from "./scripts.ts";

export interface RateLimiterConfig<K> extends Pick<KeyspaceConfig<K>, "keyPattern"> {
  /** So many at once; as many come back within `windowMs`. */
  limit: number;
  windowMs: number;
}

export interface RateLimit {
  readonly allowed: boolean;
  /** How much of the budget is left. */
  readonly remaining: number;
  /** 0 when it was allowed. */
  readonly retryAfterMs: number;
  /** When the whole budget is there again. */
  readonly resetAfterMs: number;
}

/**
 * Budgets by key:
 *
 * ```ts
 * const logins = new RateLimiter<{ email: string }>(cache, { keyPattern: "logins/:email", limit: 5, windowMs: 60_000 });
 * const { allowed, retryAfterMs } = await logins.take({ email });
 * ```
 */
export class RateLimiter<K> extends Keyspace<K> {
  readonly #limit: number;
  readonly #windowMs: number;

  constructor(cluster: CacheCluster, config: RateLimiterConfig<K>) {
    super(cluster, config);
    this.#limit = positive("limit", config.limit);
    this.#windowMs = positive("windowMs", config.windowMs);
  }

  /** Takes `cost` from the budget if there is so much; 0 only looks. */
  async take(key: K, cost = 1): Promise<RateLimit> {
    if (!Number.isFinite(cost) || cost < 0 || cost > this.#limit) {
      const reason = `cost must be a number from 0 to the limit ${this.#limit}, got ${cost}`;
      throw new CacheError("take", undefined, "cache_argument_invalid", { reason });
    }
    const args = [this.#limit, this.#windowMs, cost];
    const answer = await this.perform("take", "EVALSHA", [key], (connection, known) =>
      connection.runScript(takeFromBudget, known, args),
    );
    const [allowed, remaining, retryAfterMs, resetAfterMs] = answer as [number, number, number, number];
    return { allowed: allowed === 1, remaining, retryAfterMs, resetAfterMs };
  }
}

function positive(name: string, value: number): number {
  if (Number.isFinite(value) && value > 0) return value;
  throw new RangeError(`${name} of a rate limiter must be a positive number, got ${value}`);
}
