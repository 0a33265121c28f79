// Hashes in a cache: objects whose fields are read and written one by one.
import { CacheError } from "./errors.ts";
import { Keyspace, type WriteOptions } from "./keyspace.ts";

/** Fields with numbers. */
type NumberField<V> = { [Field in keyof V]-?: NonNullable<V[Field]> extends number ? Field : never }[keyof V];

/**
 * Objects by key, each field kept as JSON. What is read is not checked against the type.
 *
 * ```ts
 * const carts = new HashKeyspace<{ userId: string }, { items: string[]; cents: number }>(cache, { keyPattern: "cart/:userId" });
 * await carts.increment({ userId }, "cents", 250);
 * ```
 */
export class HashKeyspace<K, V extends object> extends Keyspace<K> {
  /** undefined: there is no such field. */
  async get<Field extends keyof V & string>(key: K, field: Field): Promise<V[Field] | undefined> {
    const answer = await this.send("get", "HGET", [key], field);
    return answer === null ? undefined : (this.#parsed("get", key, answer) as V[Field]);
  }

  /** The fields that there are; undefined: there is none. */
  async getAll(key: K): Promise<Partial<V> | undefined> {
    const texts = (await this.send("getAll", "HGETALL", [key])) as string[];
    if (texts.length === 0) return undefined;
    const fields = texts.flatMap((field, index) =>
      index % 2 === 0 ? [[field, this.#parsed("getAll", key, texts[index + 1])]] : [],
    );
    return Object.fromEntries(fields) as Partial<V>;
  }

  /** Writes these fields and leaves the others; those that are undefined are not written. */
  async set(key: K, fields: Partial<V>, options?: WriteOptions): Promise<void> {
    const written = Object.entries(fields).flatMap(([field, value]) => {
      const text = JSON.stringify(value) as string | undefined;
      return text === undefined ? [] : [field, text];
    });
    if (written.length > 0) await this.write("set", "HSET", [key], written, options);
  }

  /** Resolves with how many of them there were. */
  async remove(key: K, ...fields: (keyof V & string)[]): Promise<number> {
    return fields.length === 0 ? 0 : ((await this.write("remove", "HDEL", [key], fields)) as number);
  }

  /** Counts from 0 where there is no such field. Resolves with its new value. */
  async increment(key: K, field: NumberField<V> & string, delta = 1, options?: WriteOptions): Promise<number> {
    return Number(await this.write("increment", "HINCRBYFLOAT", [key], [field, delta], options));
  }

  /** How many fields there are. */
  async len(key: K): Promise<number> {
    return (await this.send("len", "HLEN", [key])) as number;
  }

  #parsed(operation: string, key: K, text: unknown): unknown {
    try {
      return JSON.parse(text as string);
    } catch (error) {
      const { message: reason } = error as Error;
      throw new CacheError(operation, this.keyOf(operation, key), "cache_value_invalid", { reason });
    }
  }
}
