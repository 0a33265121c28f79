// What can go wrong with caches: docs/reference/cache.md lists the same codes. The classes and their texts are those that users of
// Encore.ts know; a code and a status say the same to programs.
import type { ErrorCode } from "@tenon/model";

interface CatalogueEntry {
  readonly message: string;
  /** What the caller of an endpoint gets when nobody handles it. */
  readonly status: ErrorCode;
}

export const cacheErrors = {
  cache_miss: { message: "key not found", status: "internal" },
  cache_key_exists: { message: "key already exists", status: "internal" },
  cache_not_configured: {
    message:
      "this process was not told where the cache is: caches work while the app runs (`tenon dev`, `tenon start`), in services whose code uses them",
    status: "internal",
  },
  cache_unavailable: { message: "the cache cannot be reached", status: "unavailable" },
  cache_deadline_exceeded: {
    message: "the call's time was over before the cache answered",
    status: "deadline_exceeded",
  },
  cache_canceled: { message: "whoever made the call went away before the cache answered", status: "canceled" },
  cache_refused: { message: "the cache refused the operation", status: "internal" },
  cache_key_invalid: { message: "the key cannot be used", status: "internal" },
  cache_argument_invalid: { message: "an argument cannot be used", status: "internal" },
  cache_value_invalid: { message: "what the cache holds under the key cannot be read", status: "internal" },
  cache_lock_taken: { message: "somebody else holds the lock", status: "aborted" },
  cache_lock_lost: { message: "the lock is not held any more", status: "internal" },
} as const satisfies Record<string, CatalogueEntry>;

export type CacheErrorCode = keyof typeof cacheErrors;

/** Anything that a cache refuses or fails at. */
export class CacheError extends Error {
  override readonly name: string = "CacheError";
  /** The method that was called: "get", "increment". */
  readonly operation: string;
  /** As it is in the cache, without the prefix of a shared server. */
  readonly key: string | undefined;
  readonly code: CacheErrorCode;

  constructor(
    operation: string,
    key: string | undefined,
    code: CacheErrorCode,
    { reason, cause }: { readonly reason?: string; readonly cause?: unknown } = {},
  ) {
    const what = `${cacheErrors[code].message}${reason === undefined ? "" : `: ${reason}`}`;
    const where = key === undefined ? "" : ` "${key}"`;
    super(`cache ${operation}${where}: ${what}`, cause === undefined ? {} : { cause });
    this.operation = operation;
    this.key = key;
    this.code = code;
  }

  get status(): ErrorCode {
    return cacheErrors[this.code].status;
  }
}

/** `replace` of a key that there is not. */
export class CacheMiss extends CacheError {
  override readonly name = "CacheMiss";

  constructor(key: string) {
    super("replace", key, "cache_miss");
  }
}

/** `setIfNotExists` of a key that there is. */
export class CacheKeyExists extends CacheError {
  override readonly name = "CacheKeyExists";

  constructor(key: string) {
    super("setIfNotExists", key, "cache_key_exists");
  }
}
