// Reads lines and counted bytes from a stream of chunks.
import { S3Error } from "./s3-error.ts";

export class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #rest: Buffer = Buffer.alloc(0);
  #isOver = false;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** Up to the next CRLF, which is not part of it. Throws S3Error. */
  async line(limitBytes: number): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf("\r\n");
      if (end > limitBytes || (end === -1 && this.#rest.length > limitBytes + 1))
        throw new S3Error("InvalidRequest", "A line of the chunked body is too long.");
      if (end !== -1) {
        const line = this.#rest.toString("latin1", 0, end);
        this.#rest = this.#rest.subarray(end + 2);
        return line;
      }
      await this.#require();
    }
  }

  /** As many bytes as they come. Throws S3Error. */
  async *bytes(count: number): AsyncGenerator<Buffer> {
    for (let left = count; left > 0; ) {
      if (this.#rest.length === 0) await this.#require();
      const part = this.#rest.subarray(0, left);
      this.#rest = this.#rest.subarray(part.length);
      left -= part.length;
      yield part;
    }
  }

  /** Everything that is left. Throws S3Error. */
  async remainder(limitBytes: number): Promise<string> {
    while (!this.#isOver) {
      if (this.#rest.length > limitBytes) break;
      await this.#read();
    }
    if (this.#rest.length > limitBytes) throw new S3Error("MalformedTrailerError", "The trailer is too long.");
    return this.#rest.toString("latin1");
  }

  /** Nobody wants the rest. */
  async close(): Promise<void> {
    if (!this.#isOver) await this.#source.return?.();
  }

  async #require(): Promise<void> {
    if (this.#isOver) throw new S3Error("IncompleteBody", "The body ends before what it announces.");
    await this.#read();
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#source.next();
    if (done === true) this.#isOver = true;
    else
      this.#rest =
        this.#rest.length === 0
          ? Buffer.from(value.buffer, value.byteOffset, value.length)
          : Buffer.concat([this.#rest, value]);
  }
}
