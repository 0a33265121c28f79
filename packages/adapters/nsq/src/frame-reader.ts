// Makes frames of the bytes that an nsqd sends: [size, 4 bytes][type, 4 bytes][data], in pieces of any size.

export type Frame =
  | { readonly kind: "response"; readonly text: string }
  | { readonly kind: "error"; readonly text: string }
  | { readonly kind: "message"; readonly message: WireMessage };

export interface WireMessage {
  /** 16 bytes of ASCII. */
  readonly id: string;
  /** How often it was delivered; 1 for the first time. */
  readonly attempts: number;
  /** Epoch milliseconds by the server's clock. */
  readonly publishedAt: number;
  readonly body: Buffer;
}

const sizeBytes = 4;
const typeBytes = 4;
/** [time, 8][attempts, 2][id, 16] */
const messageHeadBytes = 26;
/** No nsqd takes messages as large as that; what announces more is no nsqd. */
const mostFrameBytes = 512 * 1024 * 1024;

export class FrameReader {
  #chunks: Buffer[] = [];
  #sizeBytes = 0;

  /** The frames that are whole by now. Throws Error for what is no frame: nothing can be read any more then. */
  push(chunk: Buffer): Frame[] {
    this.#chunks.push(chunk);
    this.#sizeBytes += chunk.length;
    const frames: Frame[] = [];
    for (;;) {
      const frame = this.#take();
      if (frame === undefined) return frames;
      frames.push(frame);
    }
  }

  #take(): Frame | undefined {
    if (this.#sizeBytes < sizeBytes) return undefined;
    const bodyBytes = this.#front(sizeBytes).readUInt32BE(0);
    if (bodyBytes < typeBytes || bodyBytes > mostFrameBytes) {
      throw new Error(`what is sent is no frame of NSQ: it announces ${bodyBytes} bytes`);
    }
    const wholeBytes = sizeBytes + bodyBytes;
    if (this.#sizeBytes < wholeBytes) return undefined;
    const bytes = this.#front(wholeBytes).subarray(0, wholeBytes);
    this.#drop(wholeBytes);
    return readFrame(bytes.readInt32BE(sizeBytes), bytes.subarray(sizeBytes + typeBytes));
  }

  /** The first piece, with at least so many bytes in it; they have to be there. */
  #front(count: number): Buffer {
    if (this.#chunks[0]!.length < count) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0]!;
  }

  #drop(count: number): void {
    const rest = this.#chunks[0]!.subarray(count);
    if (rest.length === 0) this.#chunks.shift();
    else this.#chunks[0] = rest;
    this.#sizeBytes -= count;
  }
}

function readFrame(type: number, data: Buffer): Frame {
  if (type === 0) return { kind: "response", text: data.toString() };
  if (type === 1) return { kind: "error", text: data.toString() };
  if (type === 2) return { kind: "message", message: readMessage(data) };
  throw new Error(`what is sent is no frame of NSQ: its type is ${type}`);
}

function readMessage(data: Buffer): WireMessage {
  if (data.length < messageHeadBytes) {
    throw new Error(`what is sent is no message of NSQ: it has ${data.length} bytes`);
  }
  return {
    id: data.toString("latin1", 10, messageHeadBytes),
    attempts: data.readUInt16BE(8),
    publishedAt: Number(data.readBigInt64BE(0) / 1_000_000n),
    body: data.subarray(messageHeadBytes),
  };
}
