// Objects in a cache, as JSON.
import { ValueKeyspace } from "./value-keyspace.ts";

/**
 * Objects by key, kept as JSON. What is read is not checked against the type: after the type has changed, old entries are as they were
 * written.
 */
export class StructKeyspace<K, V> extends ValueKeyspace<K, V> {
  protected toText(value: V): string {
    const text = JSON.stringify(value) as string | undefined;
    if (text === undefined) throw new TypeError(`JSON has no ${typeof value}`);
    return text;
  }

  protected fromText(text: string): V {
    return JSON.parse(text) as V;
  }
}
