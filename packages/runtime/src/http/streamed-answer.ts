// Sends the body of an answer as it comes: in chunks, or as many bytes as were announced. It comes no faster than the client takes it, and an
// answer that breaks off breaks the connection, so that nobody takes it for whole.
import type { Socket } from "node:net";
import type { Readable } from "node:stream";
import type { OutgoingResponse } from "../call/exchange.ts";
import { responseText } from "./response-text.ts";
import { TOKEN, VALUE } from "./field-rules.ts";

const EMPTY_LENGTH = "content-length: 0\r\n";

export type BodyEncoding = "chunked" | "counted";

export interface AnswerEnd {
  answerSent(): void;
  answerBroken(error: Error): void;
}

export class StreamedAnswer {
  private readonly socket: Socket;
  private readonly end: AnswerEnd;
  private readonly outgoing: OutgoingResponse;
  private readonly body: Readable;
  private readonly encoding: BodyEncoding;
  private readonly isLast: boolean;
  private leftBytes: number;
  /** Not sent yet: it goes out with the first part of the body, or when that takes its time. */
  private head: string;
  private isOver = false;
  private isCorked = false;

  constructor(
    socket: Socket,
    end: AnswerEnd,
    outgoing: OutgoingResponse,
    body: Readable,
    head: string,
    isLast: boolean,
    encoding: BodyEncoding,
    sizeBytes: number,
  ) {
    this.socket = socket;
    this.end = end;
    this.outgoing = outgoing;
    this.body = body;
    this.head = head;
    this.isLast = isLast;
    this.encoding = encoding;
    this.leftBytes = sizeBytes;
  }

  start(): void {
    const { body } = this;
    if (body.readableEnded) {
      process.nextTick(() => this.finish());
      return;
    }
    body.on("error", (error) => this.breakOff(error));
    body.once("end", () => this.finish());
    body.once("close", () => this.breakOff(new Error("the body of an answer was closed before its end")));
    setImmediate(() => this.sendHead());
    body.on("data", (part: Buffer | string) => this.send(part));
  }

  /** The socket has room again. */
  onDrain(): void {
    this.body.resume();
  }

  /** The client is gone. */
  abandon(): void {
    if (this.isOver) return;
    this.isOver = true;
    this.body.destroy();
  }

  private sendHead(): void {
    if (this.head === "" || this.isOver) return;
    this.socket.write(this.head, "latin1");
    this.head = "";
  }

  private send(given: Buffer | string): void {
    const part = typeof given === "string" ? Buffer.from(given) : given;
    if (this.isOver || part.length === 0) return;
    const { socket } = this;
    this.corkForNow();
    this.sendHead();
    let hasRoom: boolean;
    if (this.encoding === "chunked") {
      socket.write(`${part.length.toString(16)}\r\n`, "latin1");
      socket.write(part);
      hasRoom = socket.write("\r\n", "latin1");
    } else {
      this.leftBytes -= part.length;
      if (this.leftBytes < 0) {
        this.breakOff(new Error("an answer is longer than its content-length"));
        return;
      }
      hasRoom = socket.write(part);
    }
    if (!hasRoom) this.body.pause();
  }

  private finish(): void {
    if (this.isOver) return;
    if (this.encoding === "counted" && this.leftBytes !== 0) {
      this.breakOff(new Error("an answer is shorter than its content-length"));
      return;
    }
    this.corkForNow();
    // Of a body that turns out to be empty the length is known after all.
    const isEmpty = this.head !== "" && this.encoding === "chunked" && this.outgoing.trailers === undefined;
    if (isEmpty) this.head = responseText(this.outgoing, EMPTY_LENGTH, this.isLast);
    this.sendHead();
    this.isOver = true;
    if (this.encoding === "chunked" && !isEmpty) this.socket.write(`0\r\n${trailerLines(this.outgoing)}\r\n`, "latin1");
    this.end.answerSent();
  }

  private breakOff(error: Error): void {
    if (this.isOver) return;
    this.isOver = true;
    this.body.destroy();
    this.end.answerBroken(error);
  }

  /** What is written in one turn goes out in one packet. */
  private corkForNow(): void {
    if (this.isCorked) return;
    this.isCorked = true;
    this.socket.cork();
    process.nextTick(() => {
      this.isCorked = false;
      this.socket.uncork();
    });
  }
}

function trailerLines({ trailers }: OutgoingResponse): string {
  if (trailers === undefined) return "";
  let lines = "";
  const fields = trailers();
  for (const name of Object.keys(fields)) {
    const value = fields[name]!;
    if (isAll(name, TOKEN) && isAll(value, VALUE)) lines += `${name}: ${value}\r\n`;
  }
  return lines;
}

function isAll(text: string, table: Uint8Array): boolean {
  for (let index = 0; index < text.length; index++) {
    if (!(table[text.charCodeAt(index)]! > 0)) return false;
  }
  return true;
}
