// Sets in a cache: every member once, in no order.
import { CacheError } from "./errors.ts";
import { Keyspace, type WriteOptions } from "./keyspace.ts";
import { checkedCount } from "./list-keyspace.ts";

export abstract class SetKeyspace<K, V extends string | number> extends Keyspace<K> {
  protected abstract fromText(text: string): V;

  /** Resolves with how many of them are new. */
  async add(key: K, ...members: V[]): Promise<number> {
    return members.length === 0 ? 0 : ((await this.write("add", "SADD", [key], members)) as number);
  }

  /** Resolves with how many of them there were. */
  async remove(key: K, ...members: V[]): Promise<number> {
    return members.length === 0 ? 0 : ((await this.write("remove", "SREM", [key], members)) as number);
  }

  /** Takes any member out; undefined: the set is empty. */
  async popOne(key: K, options?: WriteOptions): Promise<V | undefined> {
    return this.#member(await this.write("popOne", "SPOP", [key], [], options));
  }

  /** Takes any members out, at most `count`. */
  async pop(key: K, count: number, options?: WriteOptions): Promise<V[]> {
    return this.#members(await this.write("pop", "SPOP", [key], [checkedCount("pop", count)], options));
  }

  async contains(key: K, member: V): Promise<boolean> {
    return (await this.send("contains", "SISMEMBER", [key], member)) === 1;
  }

  async len(key: K): Promise<number> {
    return (await this.send("len", "SCARD", [key])) as number;
  }

  async items(key: K): Promise<V[]> {
    return this.#members(await this.send("items", "SMEMBERS", [key]));
  }

  async itemsSet(key: K): Promise<Set<V>> {
    return new Set(await this.items(key));
  }

  /** What is in the first of the sets and in none of the others. */
  diff(...keys: K[]): Promise<V[]> {
    return this.#combine("diff", "SDIFF", keys);
  }

  async diffSet(...keys: K[]): Promise<Set<V>> {
    return new Set(await this.diff(...keys));
  }

  /** Resolves with how many members `destination` has then. */
  diffStore(destination: K, ...keys: K[]): Promise<number> {
    return this.#store("diffStore", "SDIFFSTORE", destination, keys);
  }

  /** What is in all of the sets. */
  intersect(...keys: K[]): Promise<V[]> {
    return this.#combine("intersect", "SINTER", keys);
  }

  async intersectSet(...keys: K[]): Promise<Set<V>> {
    return new Set(await this.intersect(...keys));
  }

  /** Resolves with how many members `destination` has then. */
  intersectStore(destination: K, ...keys: K[]): Promise<number> {
    return this.#store("intersectStore", "SINTERSTORE", destination, keys);
  }

  /** What is in any of the sets. */
  union(...keys: K[]): Promise<V[]> {
    return this.#combine("union", "SUNION", keys);
  }

  async unionSet(...keys: K[]): Promise<Set<V>> {
    return new Set(await this.union(...keys));
  }

  /** Resolves with how many members `destination` has then. */
  unionStore(destination: K, ...keys: K[]): Promise<number> {
    return this.#store("unionStore", "SUNIONSTORE", destination, keys);
  }

  /** Any member, which stays; undefined: the set is empty. */
  async sampleOne(key: K): Promise<V | undefined> {
    return this.#member(await this.send("sampleOne", "SRANDMEMBER", [key]));
  }

  /** Any members, at most `count`, each once. */
  async sample(key: K, count: number): Promise<V[]> {
    return this.#members(await this.send("sample", "SRANDMEMBER", [key], checkedCount("sample", count)));
  }

  /** `count` times any member. */
  async sampleWithReplacement(key: K, count: number): Promise<V[]> {
    const times = checkedCount("sampleWithReplacement", count);
    return times === 0 ? [] : this.#members(await this.send("sampleWithReplacement", "SRANDMEMBER", [key], -times));
  }

  /** From one set to another in one step. False: it was not in `src`. */
  async move(src: K, dst: K, member: V, options?: WriteOptions): Promise<boolean> {
    return (await this.write("move", "SMOVE", [src, dst], [member], options, 2)) === 1;
  }

  async #combine(name: string, command: string, keys: readonly K[]): Promise<V[]> {
    return this.#members(await this.send(name, command, oneAtLeast(name, keys)));
  }

  async #store(name: string, command: string, destination: K, keys: readonly K[]): Promise<number> {
    return (await this.write(name, command, [destination, ...oneAtLeast(name, keys)], [])) as number;
  }

  #member(answer: unknown): V | undefined {
    return answer === null ? undefined : this.fromText(answer as string);
  }

  #members(answer: unknown): V[] {
    return (answer as string[]).map((text) => this.fromText(text));
  }
}

/** Of texts. */
export class StringSetKeyspace<K> extends SetKeyspace<K, string> {
  protected fromText(text: string): string {
    return text;
  }
}

/** Of numbers. */
export class NumberSetKeyspace<K> extends SetKeyspace<K, number> {
  protected fromText(text: string): number {
    return Number(text);
  }
}

function oneAtLeast<K>(operation: string, keys: readonly K[]): readonly K[] {
  if (keys.length > 0) return keys;
  throw new CacheError(operation, undefined, "cache_argument_invalid", { reason: "at least one key must be provided" });
}
