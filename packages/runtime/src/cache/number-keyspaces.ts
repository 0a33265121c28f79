// Numbers in a cache, which the server itself can count up and down.
import type { WriteOptions } from "./keyspace.ts";
import { ValueKeyspace } from "./value-keyspace.ts";

/** Whole numbers by key, 64 bits on the server. What is not whole is rounded down. */
export class IntKeyspace<K> extends ValueKeyspace<K, number> {
  protected toText(value: number): string {
    return String(whole(value));
  }

  protected fromText(text: string): number {
    return parsed(text);
  }

  /** Counts from 0 where there is none. Resolves with the new value. */
  async increment(key: K, delta = 1, options?: WriteOptions): Promise<number> {
    return (await this.write("increment", "INCRBY", [key], [whole(delta)], options)) as number;
  }

  /** Counts from 0 where there is none. Resolves with the new value. */
  async decrement(key: K, delta = 1, options?: WriteOptions): Promise<number> {
    return (await this.write("decrement", "DECRBY", [key], [whole(delta)], options)) as number;
  }
}

/** Numbers by key. */
export class FloatKeyspace<K> extends ValueKeyspace<K, number> {
  protected toText(value: number): string {
    return String(finite(value));
  }

  protected fromText(text: string): number {
    return parsed(text);
  }

  /** Counts from 0 where there is none. Resolves with the new value. */
  async increment(key: K, delta = 1, options?: WriteOptions): Promise<number> {
    return Number(await this.write("increment", "INCRBYFLOAT", [key], [finite(delta)], options));
  }

  /** Counts from 0 where there is none. Resolves with the new value. */
  async decrement(key: K, delta = 1, options?: WriteOptions): Promise<number> {
    return Number(await this.write("decrement", "INCRBYFLOAT", [key], [-finite(delta)], options));
  }
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value;
  throw new RangeError(`${value} is not a finite number`);
}

/** `BigInt`, because large numbers as text have an exponent. */
function whole(value: number): string {
  return BigInt(Math.floor(finite(value))).toString();
}

function parsed(text: string): number {
  const value = Number(text);
  if (text.trim() !== "" && Number.isFinite(value)) return value;
  throw new Error("it is not a number");
}
