// Iterates what a stream receives and holds the stream meanwhile: `for await (const message of await users.watch())` has nothing of it
// but the iterator, and a stream that nobody holds is hung up.

export class HoldingIterator implements AsyncGenerator<unknown, void, void> {
  /** Only to be held. */
  readonly stream: object;
  readonly #messages: AsyncGenerator<unknown, void, void>;

  constructor(stream: object, messages: AsyncGenerator<unknown, void, void>) {
    this.stream = stream;
    this.#messages = messages;
  }

  next(): Promise<IteratorResult<unknown, void>> {
    return this.#messages.next();
  }

  return(): Promise<IteratorResult<unknown, void>> {
    return this.#messages.return();
  }

  throw(error: unknown): Promise<IteratorResult<unknown, void>> {
    return this.#messages.throw(error);
  }

  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    return this;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.return();
  }
}
