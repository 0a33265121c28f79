// An answer that is passed on: whole where all of it came at once, as most do, and otherwise as a stream that is read no faster than
// whoever takes it does.
import { Readable } from "node:stream";
import { fieldRecord, type ResponseHead } from "../response-head.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { PendingAnswer } from "./pending-answer.ts";

export interface PassedAnswer {
  readonly head: ResponseHead;
  /** null: none, as for HEAD. A stream that is destroyed early takes its connection with it. */
  readonly body: Buffer | Readable | null;
  /** Once the body has been read. */
  trailers(): Readonly<Record<string, string | string[]>>;
}

const EMPTY = Buffer.alloc(0);

export class AnswerStream implements PendingAnswer, PassedAnswer {
  readonly isHeadRequest: boolean;
  head!: ResponseHead;
  body: Buffer | Readable | null = null;
  /** On which it comes; set by whoever has sent the request. */
  connection: ClientConnection | undefined = undefined;
  private readonly begun: (answer: PassedAnswer) => void;
  private readonly failed: (error: Error) => void;
  private hasBegun = false;
  private isOver = false;
  private parts: Buffer[] = [];
  private stream: Readable | undefined = undefined;
  private trailerFields: readonly string[] = [];

  /** `begun`: the head has come, and the body whole or its beginning; `failed`: instead of it. */
  constructor(isHeadRequest: boolean, begun: (answer: PassedAnswer) => void, failed: (error: Error) => void) {
    this.isHeadRequest = isHeadRequest;
    this.begun = begun;
    this.failed = failed;
  }

  trailers(): Readonly<Record<string, string | string[]>> {
    return fieldRecord(this.trailerFields);
  }

  /** Nobody wants it any more. */
  abandon(): void {
    if (this.isOver) return;
    this.connection?.abandon(this);
    this.onFailure(new Error("the request was given up"));
  }

  onHead(head: ResponseHead): void {
    this.head = head;
  }

  onBody(bytes: Buffer, start: number, end: number): void {
    const part = bytes.subarray(start, end);
    if (this.stream === undefined) this.parts.push(part);
    else if (!this.stream.push(part)) this.connection?.pause();
  }

  onPartial(): void {
    if (this.head !== undefined && this.stream === undefined) this.openStream();
  }

  onEnd(trailers: readonly string[]): void {
    this.isOver = true;
    this.trailerFields = trailers;
    this.connection?.resume();
    if (this.stream === undefined && trailers.length > 0) this.openStream();
    if (this.stream !== undefined) {
      this.stream.push(null);
      return;
    }
    if (!this.head.hasNoBody(this.isHeadRequest)) this.body = joined(this.parts);
    else this.body = this.head.contentLength === 0 && !this.isHeadRequest ? EMPTY : null;
    this.begin();
  }

  onFailure(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    if (this.stream !== undefined) this.stream.destroy(error);
    else if (!this.hasBegun) this.failed(error);
  }

  private openStream(): void {
    this.stream = new Readable({
      read: () => this.connection?.resume(),
      destroy: (error, done) => {
        this.abandon();
        done(error);
      },
    });
    // Stays: whoever reads is told as well, and nobody has to be.
    this.stream.on("error", () => {});
    this.body = this.stream;
    for (const part of this.parts) this.stream.push(part);
    this.parts = [];
    this.begin();
  }

  private begin(): void {
    this.hasBegun = true;
    this.begun(this);
  }
}

function joined(parts: readonly Buffer[]): Buffer {
  return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
}
