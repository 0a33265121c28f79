// An answer that is passed on: whole where all of it came at once, as most do, and otherwise as a stream that is read no faster than
// whoever takes it does.
import { Readable } from "node:stream";
import type { ResponseHead } from "../parse-response.ts";
import type { ClientConnection } from "./client-connection.ts";
import type { PendingAnswer } from "./pending-answer.ts";

export interface PassedAnswer {
  readonly head: ResponseHead;
  /** null: none, as for HEAD. A stream that is destroyed early takes its connection with it. */
  readonly body: Buffer | Readable | null;
  /** Once the body has been read. */
  trailers(): Readonly<Record<string, string>>;
}

/** RFC 9110, 6.4.1: never with a body. */
const BODYLESS: ReadonlySet<number> = new Set([204, 304]);
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
  private received: Readonly<Record<string, string>> = {};

  /** `begun`: the head has come, and the body whole or its beginning; `failed`: instead of it. */
  constructor(isHeadRequest: boolean, begun: (answer: PassedAnswer) => void, failed: (error: Error) => void) {
    this.isHeadRequest = isHeadRequest;
    this.begun = begun;
    this.failed = failed;
  }

  trailers(): Readonly<Record<string, string>> {
    return this.received;
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

  onBodyPart(part: Buffer): void {
    if (this.stream === undefined) this.parts.push(part);
    else if (!this.stream.push(part)) this.connection?.pause();
  }

  onPartial(): void {
    if (this.head !== undefined && this.stream === undefined) this.openStream();
  }

  onEnd(trailers: Readonly<Record<string, string>>): void {
    this.isOver = true;
    this.received = trailers;
    this.connection?.resume();
    if (this.stream === undefined && Object.keys(trailers).length > 0) this.openStream();
    if (this.stream !== undefined) {
      this.stream.push(null);
      return;
    }
    if (this.parts.length > 0) this.body = joined(this.parts);
    else if (!this.isHeadRequest && !BODYLESS.has(this.head.status)) this.body = EMPTY;
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
