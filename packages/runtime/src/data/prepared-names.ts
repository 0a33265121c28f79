// Decides which statements are prepared under a name: those that are run again, up to a bound, because every connection keeps them.

const mostNames = 256;
const mostSeenOnce = 1_000;

export class PreparedNames {
  #names = new Map<string, string>();
  #seenOnce = new Set<string>();
  #counter = 0;

  /** undefined: run it unnamed. */
  nameFor(text: string): string | undefined {
    const name = this.#names.get(text);
    if (name !== undefined) return name;
    if (!this.#seenOnce.delete(text)) {
      if (this.#seenOnce.size >= mostSeenOnce) this.#seenOnce.clear();
      this.#seenOnce.add(text);
      return undefined;
    }
    return this.#names.size < mostNames ? this.renew(text) : undefined;
  }

  /** A name no connection has seen: after the tables of the statement changed, or a connection lost it. */
  renew(text: string): string {
    const name = `tenon_${++this.#counter}`;
    this.#names.set(text, name);
    return name;
  }
}
