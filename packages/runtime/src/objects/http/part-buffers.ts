// Cuts a stream into parts for an upload. The buffers are used again, so that an upload of any size takes the memory of a few parts.

export class PartBuffers {
  readonly #source: AsyncIterator<Uint8Array>;
  readonly #partBytes: number;
  readonly #free: Buffer[] = [];
  #rest: Uint8Array = Buffer.alloc(0);
  #isOver = false;

  constructor(source: AsyncIterable<Uint8Array>, partBytes: number) {
    this.#source = source[Symbol.asyncIterator]();
    this.#partBytes = partBytes;
  }

  /** Nothing more is to come. Known only after `next` has met the end, or has been short of bytes. */
  get isOver(): boolean {
    return this.#isOver && this.#rest.length === 0;
  }

  /** Full but for the last one. Throws what the source throws. */
  async next(): Promise<Buffer> {
    const buffer = this.#free.pop() ?? Buffer.alloc(this.#partBytes);
    let filled = 0;
    while (filled < this.#partBytes) {
      if (this.#rest.length === 0 && !(await this.#read())) break;
      const taken = this.#rest.subarray(0, this.#partBytes - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      this.#rest = this.#rest.subarray(taken.length);
    }
    return buffer.subarray(0, filled);
  }

  /** One that `next` gave, and that nobody reads any more. */
  giveBack(part: Buffer): void {
    this.#free.push(Buffer.from(part.buffer, 0, this.#partBytes));
  }

  /** Tells the source that nobody wants the rest. */
  async close(): Promise<void> {
    if (!this.#isOver) await this.#source.return?.();
  }

  async #read(): Promise<boolean> {
    while (!this.#isOver) {
      const { done, value } = await this.#source.next();
      if (done === true) this.#isOver = true;
      else if (value.length > 0) {
        this.#rest = value;
        return true;
      }
    }
    return false;
  }
}
