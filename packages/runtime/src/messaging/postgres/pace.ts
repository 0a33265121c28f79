// How quickly work is being done: so much is worth taking ahead as is done in a moment, and nothing where one piece takes long.

const windowMs = 100;
const mostAhead = 200;

export class Pace {
  #window = 0;
  #count = 0;
  #countBefore = 0;

  /** One piece was done. */
  count(): void {
    this.#turn();
    this.#count++;
  }

  /** What is done in half a window. */
  ahead(): number {
    this.#turn();
    return Math.min(mostAhead, Math.floor(Math.max(this.#count, this.#countBefore) / 2));
  }

  #turn(): void {
    const now = Math.floor(performance.now() / windowMs);
    if (now === this.#window) return;
    this.#countBefore = now === this.#window + 1 ? this.#count : 0;
    this.#window = now;
    this.#count = 0;
  }
}
