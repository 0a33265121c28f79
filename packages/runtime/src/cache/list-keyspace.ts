// Lists in a cache. Positions begin at 0; negative ones count from the end.
import { CacheError } from "./errors.ts";
import { Keyspace, type WriteOptions } from "./keyspace.ts";

/** An end of a list. */
export type ListPosition = "left" | "right";

/** What stands in a list or a set. */
type Item = string | number;

export abstract class ListKeyspace<K, V extends Item> extends Keyspace<K> {
  protected abstract fromText(text: string): V;

  /** One after the other, so that the last is first then. Resolves with the length. */
  pushLeft(key: K, ...values: V[]): Promise<number> {
    return this.#push("pushLeft", "LPUSH", key, values);
  }

  /** Resolves with the length. */
  pushRight(key: K, ...values: V[]): Promise<number> {
    return this.#push("pushRight", "RPUSH", key, values);
  }

  async #push(name: string, command: string, key: K, values: readonly V[]): Promise<number> {
    if (values.length === 0) return this.len(key);
    return (await this.write(name, command, [key], values)) as number;
  }

  /** undefined: the list is empty. */
  async popLeft(key: K, options?: WriteOptions): Promise<V | undefined> {
    return this.#item(await this.write("popLeft", "LPOP", [key], [], options));
  }

  /** undefined: the list is empty. */
  async popRight(key: K, options?: WriteOptions): Promise<V | undefined> {
    return this.#item(await this.write("popRight", "RPOP", [key], [], options));
  }

  async len(key: K): Promise<number> {
    return (await this.send("len", "LLEN", [key])) as number;
  }

  /** Keeps what is from `start` to `stop`, both included. */
  async trim(key: K, start: number, stop: number, options?: WriteOptions): Promise<void> {
    await this.write("trim", "LTRIM", [key], [start, stop], options);
  }

  /** Throws CacheError `cache_refused` when there is no such position. */
  async set(key: K, index: number, value: V, options?: WriteOptions): Promise<void> {
    await this.write("set", "LSET", [key], [index, value], options);
  }

  /** undefined: there is no such position. */
  async get(key: K, index: number): Promise<V | undefined> {
    return this.#item(await this.send("get", "LINDEX", [key], index));
  }

  /** All of them. */
  async items(key: K): Promise<V[]> {
    return this.#items(await this.send("items", "LRANGE", [key], 0, -1));
  }

  /** From `start` to `stop`, both included. */
  async getRange(key: K, start: number, stop: number): Promise<V[]> {
    return this.#items(await this.send("getRange", "LRANGE", [key], start, stop));
  }

  /** Before the first `pivot`. Resolves with the length; -1: there is no `pivot`; 0: there is no list. */
  async insertBefore(key: K, pivot: V, value: V, options?: WriteOptions): Promise<number> {
    return (await this.write("insertBefore", "LINSERT", [key], ["BEFORE", pivot, value], options)) as number;
  }

  /** After the first `pivot`. Resolves with the length; -1: there is no `pivot`; 0: there is no list. */
  async insertAfter(key: K, pivot: V, value: V, options?: WriteOptions): Promise<number> {
    return (await this.write("insertAfter", "LINSERT", [key], ["AFTER", pivot, value], options)) as number;
  }

  /** Resolves with how many there were. */
  removeAll(key: K, value: V, options?: WriteOptions): Promise<number> {
    return this.#remove("removeAll", key, 0, value, options);
  }

  /** At most `count` of them, from the left. Resolves with how many there were. */
  async removeFirst(key: K, count: number, value: V, options?: WriteOptions): Promise<number> {
    const most = checkedCount("removeFirst", count);
    return most === 0 ? 0 : this.#remove("removeFirst", key, most, value, options);
  }

  /** At most `count` of them, from the right. Resolves with how many there were. */
  async removeLast(key: K, count: number, value: V, options?: WriteOptions): Promise<number> {
    const most = checkedCount("removeLast", count);
    return most === 0 ? 0 : this.#remove("removeLast", key, -most, value, options);
  }

  async #remove(name: string, key: K, count: number, value: V, options?: WriteOptions): Promise<number> {
    return (await this.write(name, "LREM", [key], [count, value], options)) as number;
  }

  /** Takes one from an end of `src` and puts it to an end of `dst`, in one step. undefined: `src` is empty. */
  async move(
    src: K,
    dst: K,
    srcPos: ListPosition,
    dstPos: ListPosition,
    options?: WriteOptions,
  ): Promise<V | undefined> {
    const ends = [srcPos.toUpperCase(), dstPos.toUpperCase()];
    return this.#item(await this.write("move", "LMOVE", [src, dst], ends, options, 2));
  }

  #item(answer: unknown): V | undefined {
    return answer === null ? undefined : this.fromText(answer as string);
  }

  #items(answer: unknown): V[] {
    return (answer as string[]).map((text) => this.fromText(text));
  }
}

/** Of texts. */
export class StringListKeyspace<K> extends ListKeyspace<K, string> {
  protected fromText(text: string): string {
    return text;
  }
}

/** Of numbers. */
export class NumberListKeyspace<K> extends ListKeyspace<K, number> {
  protected fromText(text: string): number {
    return Number(text);
  }
}

/** Throws CacheError `cache_argument_invalid`. */
export function checkedCount(operation: string, count: number): number {
  if (Number.isSafeInteger(count) && count >= 0) return count;
  const reason = `count must be a whole number that is not negative, got ${count}`;
  throw new CacheError(operation, undefined, "cache_argument_invalid", { reason });
}
