// Keyspaces with one value for each key: text, number or object. What differs is how the value is written down.
import { loadOnce } from "./load-once.ts";
import type { Command } from "./connection.ts";
import { CacheError, CacheKeyExists, CacheMiss } from "./errors.ts";
import type { TimeToLive } from "./expiry.ts";
import { Keyspace, type WriteOptions } from "./keyspace.ts";

export abstract class ValueKeyspace<K, V> extends Keyspace<K> {
  /** Throws Error for what cannot be stored. */
  protected abstract toText(value: V): string;
  /** Throws Error for what cannot be read. */
  protected abstract fromText(text: string): V;

  /** undefined: there is none. */
  async get(key: K): Promise<V | undefined> {
    return this.#value("get", key, await this.send("get", "GET", [key]));
  }

  /** In the order of the keys; undefined where there is none. */
  async multiGet(...keys: K[]): Promise<(V | undefined)[]> {
    if (keys.length === 0) return [];
    const answers = (await this.send("multiGet", "MGET", keys)) as unknown[];
    return answers.map((answer, index) => this.#value("multiGet", keys[index]!, answer));
  }

  async set(key: K, value: V, options?: WriteOptions): Promise<void> {
    await this.#set("set", key, value, [], options);
  }

  /** Nobody sees only some of them. */
  async multiSet(entries: Iterable<readonly [K, V]>, options?: WriteOptions): Promise<void> {
    const list = [...entries];
    const texts = list.map(([key, value]) => this.#text("multiSet", key, value));
    const expiry = expiryArguments(this.timeToLive("multiSet", options));
    const keys = list.map(([key]) => key);
    if (keys.length === 0) return;
    await this.perform("multiSet", "SET", keys, (connection, known) =>
      connection.runTogether(known.map((key, index): Command => ["SET", key, texts[index]!, ...expiry])),
    );
  }

  /** Throws CacheKeyExists when there is one, and leaves that. */
  async setIfNotExists(key: K, value: V, options?: WriteOptions): Promise<void> {
    await this.#set("setIfNotExists", key, value, ["NX"], options, (answer) => {
      if (answer === null) throw new CacheKeyExists(this.keyOf("setIfNotExists", key));
    });
  }

  /** Throws CacheMiss when there is none. */
  async replace(key: K, value: V, options?: WriteOptions): Promise<void> {
    await this.#set("replace", key, value, ["XX"], options, (answer) => {
      if (answer === null) throw new CacheMiss(this.keyOf("replace", key));
    });
  }

  /** Resolves with the value before; undefined: there was none. */
  async getAndSet(key: K, value: V, options?: WriteOptions): Promise<V | undefined> {
    return this.#value("getAndSet", key, await this.#set("getAndSet", key, value, ["GET"], options));
  }

  /** Resolves with the value before; undefined: there was none. */
  async getAndDelete(key: K): Promise<V | undefined> {
    return this.#value("getAndDelete", key, await this.send("getAndDelete", "GETDEL", [key]));
  }

  /**
   * The value, or what `load` gives, which is stored. However many ask at once, in all processes together `load` runs once; whoever is
   * not it waits for the result, for that of another process ten seconds at most. What `load` throws is thrown here, and `undefined` is
   * not stored; nor is anything while the cache is away, but what was loaded is given all the same.
   */
  async getOrSet(key: K, load: () => Promise<V>, options?: WriteOptions): Promise<V> {
    const known = await this.get(key);
    if (known !== undefined) return known;
    const { cluster } = this;
    return loadOnce({
      cluster,
      keyPattern: this.config.keyPattern,
      key: this.keyOf("getOrSet", key),
      read: () => this.get(key),
      load: async () => {
        const value = await load();
        if (value !== undefined) await this.set(key, value, options).catch(passWhenAway);
        return value;
      },
    });
  }

  async #set(
    name: string,
    key: K,
    value: V,
    conditions: readonly string[],
    options: WriteOptions | undefined,
    check: (answer: unknown) => void = () => {},
  ): Promise<unknown> {
    const text = this.#text(name, key, value);
    const expiry = expiryArguments(this.timeToLive(name, options));
    return this.perform(name, "SET", [key], async (connection, [known]) => {
      const command: Command = ["SET", known!, text, ...conditions, ...expiry];
      const answer = await connection.run(command);
      check(answer);
      return answer;
    });
  }

  #text(name: string, key: K, value: V): string {
    try {
      return this.toText(value);
    } catch (error) {
      const { message: reason } = error as Error;
      throw new CacheError(name, this.keyOf(name, key), "cache_argument_invalid", { reason });
    }
  }

  #value(name: string, key: K, answer: unknown): V | undefined {
    if (answer === null || answer === undefined) return undefined;
    try {
      return this.fromText(answer as string);
    } catch (error) {
      const { message: reason } = error as Error;
      throw new CacheError(name, this.keyOf(name, key), "cache_value_invalid", { reason });
    }
  }
}

function passWhenAway(error: unknown): void {
  if (!(error instanceof CacheError) || error.code !== "cache_unavailable") throw error;
}

/** Of SET, which by itself takes away the expiry that there was. */
function expiryArguments(ttl: TimeToLive | undefined): (string | number)[] {
  if (ttl === undefined || ttl === "forever") return [];
  return ttl === "keep" ? ["KEEPTTL"] : ["PX", ttl];
}
