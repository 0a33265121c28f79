// A request body that arrives in pieces. Nobody may want it yet, somebody may wait for all of it, read it as a stream, or have no more use
// for it; it is held back when it comes faster than it is wanted.
//
//   collected ──readAll──> awaited ──all there──> a Buffer
//       ├──openStream──> streamed (held back by the stream's own buffer)
//       └──discard────> dropped (also from streamed, whose stream breaks off, or when that is destroyed)
import { Readable } from "node:stream";
import { RequestError } from "../call/request-error.ts";
import { type BodySink, ChunkedBody } from "./chunked-body.ts";
import type { Framing } from "./read-framing.ts";

/** What may lie here unasked before the client has to wait. */
const UNASKED_LIMIT_BYTES = 64 * 1024;
/** Parts below this size are put together, so many at a time: chunks of one byte would take hundreds of bytes each. */
const SMALL_PART_BYTES = 512;
const SMALL_PARTS = 128;

export interface BodyFlow {
  /** There is room again. */
  resumeBody(): void;
}

interface Awaiting {
  readonly limitBytes: number | null;
  resolve(body: Buffer): void;
  reject(error: Error): void;
}

export class ArrivingBody implements BodySink {
  private readonly flow: BodyFlow;
  private readonly chunks: ChunkedBody | null;
  private leftBytes: number;
  private parts: Buffer[] = [];
  /** The last of the parts, as long as they are small. */
  private smallParts: Buffer[] = [];
  private collectedBytes = 0;
  private failure: Error | undefined;
  private awaiting: Awaiting | null = null;
  private stream: Readable | null = null;
  private isDropped = false;
  private isStreamFull = false;
  isOver = false;

  constructor(framing: Framing, flow: BodyFlow, trailerLimitBytes: number) {
    this.flow = flow;
    this.chunks = framing.isChunked ? new ChunkedBody(trailerLimitBytes) : null;
    this.leftBytes = framing.contentLength;
  }

  get trailers(): Readonly<Record<string, string>> {
    return this.chunks?.isDone === true ? this.chunks.trailers : {};
  }

  /** No more should be read from the socket until `resumeBody`. */
  get isFull(): boolean {
    if (this.isDropped || this.isOver || this.awaiting !== null) return false;
    return this.stream === null ? this.collectedBytes >= UNASKED_LIMIT_BYTES : this.isStreamFull;
  }

  /** Takes what belongs to the body; position behind it. Throws FramingError. */
  take(bytes: Buffer, from: number): number {
    if (this.chunks !== null) {
      const end = this.chunks.read(bytes, from, this);
      if (this.chunks.isDone) this.end();
      return end;
    }
    const end = Math.min(bytes.length, from + this.leftBytes);
    this.leftBytes -= end - from;
    if (end > from) this.onBodyPart(from === 0 && end === bytes.length ? bytes : bytes.subarray(from, end));
    if (this.leftBytes === 0) this.end();
    return end;
  }

  onBodyPart(part: Buffer): void {
    if (this.isDropped) return;
    if (this.stream !== null) {
      this.isStreamFull = !this.stream.push(part);
      return;
    }
    this.collect(part);
    this.collectedBytes += part.length;
    const limitBytes = this.awaiting?.limitBytes ?? null;
    if (limitBytes !== null && this.collectedBytes > limitBytes) {
      const { awaiting } = this;
      this.discard();
      awaiting!.reject(new RequestError("body_too_large", { limitBytes }));
    }
  }

  readAll(limitBytes: number | null): Buffer | Promise<Buffer> {
    if (limitBytes !== null && this.collectedBytes > limitBytes)
      throw new RequestError("body_too_large", { limitBytes });
    if (this.isOver && !this.isDropped && this.failure === undefined) return this.joined();
    return new Promise((resolve, reject) => {
      if (this.failure !== undefined || this.isDropped) {
        reject(this.failure ?? new Error("the body has been discarded"));
        return;
      }
      this.awaiting = { limitBytes, resolve, reject };
      this.flow.resumeBody();
    });
  }

  openStream(): Readable {
    const stream = new Readable({
      read: () => {
        this.isStreamFull = false;
        this.flow.resumeBody();
      },
      destroy: (error, callback) => {
        this.discard();
        callback(error);
      },
    });
    // Whoever reads it hears of it; if nobody does any more, it is no reason for the process to end.
    stream.on("error", () => {});
    this.stream = stream;
    this.joinSmall();
    for (const part of this.parts) this.isStreamFull = !stream.push(part);
    this.parts = [];
    if (this.failure !== undefined) stream.destroy(this.failure);
    else if (this.isOver) stream.push(null);
    return stream;
  }

  /** What has not been read yet, and what still comes, goes nowhere. */
  discard(): void {
    if (this.isDropped) return;
    this.isDropped = true;
    this.parts = [];
    this.smallParts = [];
    this.awaiting = null;
    // Ended, it would seem to have been all; passed on to another process, its rest would be missing there.
    this.stream?.destroy(new Error("the request has been answered before all of its body came"));
    if (!this.isOver) this.flow.resumeBody();
  }

  /** The rest will never come. */
  break(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.failure = error;
    this.awaiting?.reject(error);
    this.awaiting = null;
    this.stream?.destroy(error);
  }

  private end(): void {
    this.isOver = true;
    if (!this.isDropped) this.stream?.push(null);
    this.awaiting?.resolve(this.joined());
    this.awaiting = null;
  }

  private collect(part: Buffer): void {
    const isSmall = part.length < SMALL_PART_BYTES;
    if (isSmall) this.smallParts.push(part);
    if (!isSmall || this.smallParts.length === SMALL_PARTS) this.joinSmall();
    if (!isSmall) this.parts.push(part);
  }

  private joinSmall(): void {
    const { smallParts } = this;
    if (smallParts.length === 0) return;
    this.parts.push(smallParts.length === 1 ? smallParts[0]! : Buffer.concat(smallParts));
    this.smallParts = [];
  }

  private joined(): Buffer {
    this.joinSmall();
    return this.parts.length === 1 ? this.parts[0]! : Buffer.concat(this.parts, this.collectedBytes);
  }
}
