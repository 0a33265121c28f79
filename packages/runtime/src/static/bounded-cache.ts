// A cache that holds at most so much: what has not been asked for longest goes first.

export class BoundedCache<Value> {
  private readonly limit: number;
  private readonly entries = new Map<string, { readonly value: Value; readonly size: number }>();
  private total = 0;

  /** `limit`: greatest sum of the sizes of all entries. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): Value | undefined {
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    this.entries.delete(key);
    this.entries.set(key, entry);
    return entry.value;
  }

  /** One that is larger than the limit is not kept. */
  set(key: string, value: Value, size: number): void {
    this.delete(key);
    if (size > this.limit) return;
    this.entries.set(key, { value, size });
    this.total += size;
    for (const [oldest] of this.entries) {
      if (this.total <= this.limit) break;
      this.delete(oldest);
    }
  }

  private delete(key: string): void {
    this.total -= this.entries.get(key)?.size ?? 0;
    this.entries.delete(key);
  }
}
