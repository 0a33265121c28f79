// Remembers callers for a while, by a hash of what they showed: credentials themselves are not kept.
import { createHash } from "node:crypto";
import type { AuthCacheOptions } from "./auth-handler.ts";
import type { AuthPart } from "./carries-params.ts";
import type { Identity } from "./identity.ts";

const DEFAULT_MAX_ENTRIES = 10_000;

interface Entry {
  readonly identity: Identity;
  /** Epoch milliseconds. */
  readonly endsAt: number;
}

export class AuthCache {
  private readonly ttlMs: number;
  private readonly maxEntries: number;
  /** The one not used for the longest first. */
  private readonly entries = new Map<string, Entry>();

  constructor({ ttlMs, maxEntries = DEFAULT_MAX_ENTRIES }: AuthCacheOptions) {
    this.ttlMs = ttlMs;
    this.maxEntries = maxEntries;
  }

  static keyOf({ query, headers }: AuthPart): string {
    return createHash("sha256")
      .update(JSON.stringify([query, headers]))
      .digest("base64url");
  }

  get(key: string): Identity | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    if (entry.endsAt <= Date.now()) return undefined;
    this.entries.set(key, entry);
    return entry.identity;
  }

  set(key: string, identity: Identity): void {
    this.entries.delete(key);
    this.entries.set(key, { identity, endsAt: Date.now() + this.ttlMs });
    if (this.entries.size <= this.maxEntries) return;
    const [oldest] = this.entries.keys();
    if (oldest !== undefined) this.entries.delete(oldest);
  }
}
