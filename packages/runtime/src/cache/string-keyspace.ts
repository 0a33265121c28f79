// Texts in a cache. Positions and lengths count bytes of UTF-8.
import type { WriteOptions } from "./keyspace.ts";
import { ValueKeyspace } from "./value-keyspace.ts";

/**
 * Texts by key:
 *
 * ```ts
 * const tokens = new StringKeyspace<{ id: string }>(cache, { keyPattern: "token/:id", defaultExpiry: expireInHours(1) });
 * ```
 */
export class StringKeyspace<K> extends ValueKeyspace<K, string> {
  protected toText(value: string): string {
    return String(value);
  }

  protected fromText(text: string): string {
    return text;
  }

  /** Adds to the end, or sets what is new. Resolves with the length. */
  async append(key: K, value: string, options?: WriteOptions): Promise<number> {
    return (await this.write("append", "APPEND", [key], [value], options)) as number;
  }

  /** From `start` to `end`, both included; negative ones count from the end. "" when there is nothing. */
  async getRange(key: K, start: number, end: number): Promise<string> {
    return (await this.send("getRange", "GETRANGE", [key], start, end)) as string;
  }

  /** Writes over what is at `offset`, after zero bytes when there is not so much. Resolves with the length. */
  async setRange(key: K, offset: number, value: string, options?: WriteOptions): Promise<number> {
    return (await this.write("setRange", "SETRANGE", [key], [offset, value], options)) as number;
  }

  /** 0 when there is none. */
  async len(key: K): Promise<number> {
    return (await this.send("len", "STRLEN", [key])) as number;
  }
}
