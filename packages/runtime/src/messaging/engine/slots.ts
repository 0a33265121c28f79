// So many at once, and the rest in the order in which it came.

export class Slots {
  readonly #waiting: ((hasSlot: boolean) => void)[] = [];
  #free: number;
  #isClosed = false;

  constructor(count: number) {
    this.#free = count;
  }

  /** Whether one was free. */
  tryTake(): boolean {
    if (this.#isClosed || this.#free === 0) return false;
    this.#free--;
    return true;
  }

  /** Waits for one. False: there will be none any more. */
  async take(): Promise<boolean> {
    if (this.tryTake()) return true;
    if (this.#isClosed) return false;
    return await new Promise((resolve) => this.#waiting.push(resolve));
  }

  give(): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#free++;
    else next(true);
  }

  close(): void {
    this.#isClosed = true;
    for (const tell of this.#waiting.splice(0)) tell(false);
  }
}
