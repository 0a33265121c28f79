// The entries of one cache in memory: values by key, when they expire, and which of them make room when there is too much.
import type { Scores } from "./scores.ts";

/** A text has one character for each byte; a map that is no `Scores` is a hash. */
export type Value = string | string[] | Set<string> | Scores | Map<string, string>;

interface Entry {
  value: Value;
  sizeBytes: number;
  /** Epoch milliseconds; undefined: never. */
  expiresAt: number | undefined;
  /** Larger is later. */
  usedAt: number;
  uses: number;
}

const evictionPolicies = [
  "noeviction",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "volatile-lru",
  "volatile-lfu",
  "volatile-random",
  "volatile-ttl",
] as const;

export type EvictionPolicy = (typeof evictionPolicies)[number];

export function isEvictionPolicy(text: string): text is EvictionPolicy {
  return evictionPolicies.some((policy) => policy === text);
}

export interface EntriesOptions {
  readonly evictionPolicy: EvictionPolicy;
  readonly maxBytes: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** What a key costs besides its bytes. */
const overheadBytes = 96;
const itemOverheadBytes = 32;
/** Making room for a little more than one entry costs little more. */
const evictedShare = 0.05;

export class Entries {
  evictionPolicy: EvictionPolicy;
  readonly #maxBytes: number;
  readonly #now: () => number;
  readonly #entries = new Map<string, Entry>();
  #sizeBytes = 0;
  #uses = 0;

  constructor({ evictionPolicy, maxBytes, now }: EntriesOptions) {
    this.evictionPolicy = evictionPolicy;
    this.#maxBytes = maxBytes;
    this.#now = now;
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  get count(): number {
    this.removeExpired();
    return this.#entries.size;
  }

  keys(): string[] {
    this.removeExpired();
    return [...this.#entries.keys()];
  }

  get(key: string): Value | undefined {
    const entry = this.#live(key);
    if (entry === undefined) return undefined;
    entry.usedAt = ++this.#uses;
    entry.uses++;
    return entry.value;
  }

  has(key: string): boolean {
    return this.#live(key) !== undefined;
  }

  /**
   * Keeps the time that it has left. Nothing but a text can be empty. `grownBytes`: by how much what was there has become larger, where that
   * is known without looking at all of it; `itemBytes` counts.
   */
  set(key: string, value: Value, grownBytes?: number): void {
    const before = this.#live(key);
    if (typeof value !== "string" && sizeOfItems(value) === 0) {
      this.delete(key);
      return;
    }
    const isSame = before?.value === value && grownBytes !== undefined;
    const sizeBytes = isSame ? before.sizeBytes + grownBytes : overheadBytes + key.length + sizeOf(value);
    this.#sizeBytes += sizeBytes - (before?.sizeBytes ?? 0);
    this.#entries.set(key, {
      value,
      sizeBytes,
      expiresAt: before?.expiresAt,
      usedAt: ++this.#uses,
      uses: (before?.uses ?? 0) + 1,
    });
  }

  delete(key: string): boolean {
    const entry = this.#live(key);
    if (entry === undefined) return false;
    this.#sizeBytes -= entry.sizeBytes;
    return this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
    this.#sizeBytes = 0;
  }

  /** undefined: never. False: there is no such entry. */
  setExpiry(key: string, expiresAt: number | undefined): boolean {
    const entry = this.#live(key);
    if (entry !== undefined) entry.expiresAt = expiresAt;
    return entry !== undefined;
  }

  /** Epoch milliseconds; undefined: there is no such entry, or it does not expire. */
  expiresAt(key: string): number | undefined {
    return this.#live(key)?.expiresAt;
  }

  removeExpired(): void {
    for (const key of this.#entries.keys()) this.#live(key);
  }

  /** Evicts until there is room. False: there still is none. */
  makeRoom(): boolean {
    if (this.#sizeBytes <= this.#maxBytes) return true;
    this.removeExpired();
    const goal = this.#maxBytes * (1 - evictedShare);
    if (this.#sizeBytes > this.#maxBytes) {
      for (const key of this.#candidates()) {
        if (this.#sizeBytes <= goal) break;
        this.delete(key);
      }
    }
    return this.#sizeBytes <= this.#maxBytes;
  }

  /** Those that may go, the first to go first. */
  #candidates(): string[] {
    if (this.evictionPolicy === "noeviction") return [];
    const [group, order] = this.evictionPolicy.split("-") as [string, "lru" | "lfu" | "random" | "ttl"];
    const rank: (entry: Entry) => number = {
      lru: (entry: Entry) => entry.usedAt,
      lfu: (entry: Entry) => entry.uses,
      random: () => Math.random(),
      ttl: (entry: Entry) => entry.expiresAt ?? Number.POSITIVE_INFINITY,
    }[order];
    return [...this.#entries]
      .filter(([, { expiresAt }]) => group === "allkeys" || expiresAt !== undefined)
      .map(([key, entry]) => ({ key, rank: rank(entry) }))
      .sort((a, b) => a.rank - b.rank)
      .map(({ key }) => key);
  }

  #live(key: string): Entry | undefined {
    const entry = this.#entries.get(key);
    if (entry?.expiresAt === undefined || entry.expiresAt > this.#now()) return entry;
    this.#sizeBytes -= entry.sizeBytes;
    this.#entries.delete(key);
    return undefined;
  }
}

function sizeOfItems(value: Exclude<Value, string>): number {
  return Array.isArray(value) ? value.length : value.size;
}

function sizeOf(value: Value): number {
  if (typeof value === "string") return value.length;
  let sizeBytes = 0;
  if (value instanceof Map) {
    for (const [field, item] of value) sizeBytes += itemBytes(field, String(item));
  } else for (const item of value) sizeBytes += itemBytes(item);
  return sizeBytes;
}

/** What an item of a value costs, of one or more texts. */
export function itemBytes(...texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.length, itemOverheadBytes);
}
