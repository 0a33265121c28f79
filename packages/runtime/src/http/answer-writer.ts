// Writes answers to a socket: short ones are collected as text and go out together, long ones and those that stream by themselves.
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import { ANSWERED, type OutgoingResponse } from "../call/exchange.ts";
import { CHUNKED, responseText } from "./response-text.ts";
import { dropStream } from "./drop-stream.ts";
import { type AnswerEnd, StreamedAnswer } from "./streamed-answer.ts";

/** Answers are collected up to this size before they are written. */
const WRITE_AT_CHARACTERS = 64 * 1024;
/** Longer bodies are written by themselves: putting them behind a head would copy them once more. */
const LONG_BODY_CHARACTERS = 16 * 1024;

// hot: guarded by bench/hello
export class AnswerWriter {
  private readonly socket: Socket;
  private readonly end: AnswerEnd;
  /** Not written yet; latin1. */
  private out = "";
  private streamed: StreamedAnswer | null = null;
  private isFlushPlanned = false;

  constructor(socket: Socket, end: AnswerEnd) {
    this.socket = socket;
    this.end = end;
  }

  get isStreaming(): boolean {
    return this.streamed !== null;
  }

  /** An answer with a stream is sent when `end` is told so, all others are at once. Throws TypeError for headers that cannot be sent. */
  write(outgoing: OutgoingResponse, isHead: boolean, isLast: boolean): void {
    const { status, body } = outgoing;
    const hasNoContent = status === 204 || status === 304;
    if (typeof body === "string") {
      const sizeBytes = Buffer.byteLength(body);
      const head = responseText(outgoing, hasNoContent ? "" : `content-length: ${sizeBytes}\r\n`, isLast);
      if (isHead || hasNoContent) this.out += head;
      // As many bytes as characters: all ASCII, which latin1 writes the same way.
      else if (sizeBytes === body.length && sizeBytes < LONG_BODY_CHARACTERS) this.out += head + body;
      else this.writeApart(head, body);
    } else if (body === null) this.writeHead(outgoing, isHead || hasNoContent, isLast);
    else if (body instanceof Readable) this.stream(outgoing, body, isHead || hasNoContent, isLast);
    else if (body === ANSWERED) throw new TypeError("an answer of the fast lane cannot have been sent already");
    else {
      const head = responseText(outgoing, hasNoContent ? "" : `content-length: ${body.length}\r\n`, isLast);
      if (isHead || hasNoContent || body.length === 0) this.out += head;
      // Every byte is a character of latin1, and goes out as the same byte.
      else if (body.length < LONG_BODY_CHARACTERS) this.out += head + asLatin1(body);
      else this.writeApart(head, body);
    }
    if (this.out.length > WRITE_AT_CHARACTERS) this.flush();
  }

  /** Between answers only, and never by a client that can see it out of order. */
  writeContinue(): void {
    this.flush();
    this.socket.write("HTTP/1.1 100 Continue\r\n\r\n", "latin1");
  }

  flush(): void {
    if (this.out === "") return;
    const text = this.out;
    this.out = "";
    this.socket.write(text, "latin1");
  }

  /** Other answers may become ready in the same turn; they go out together. */
  flushSoon(): void {
    if (this.isFlushPlanned || this.out === "") return;
    this.isFlushPlanned = true;
    process.nextTick(() => {
      this.isFlushPlanned = false;
      if (!this.socket.destroyed) this.flush();
    });
  }

  onDrain(): void {
    this.streamed?.onDrain();
  }

  /** The streamed answer has come to its end. */
  streamEnded(): void {
    this.streamed = null;
  }

  /** The client is gone. */
  abandon(): void {
    this.out = "";
    this.streamed?.abandon();
  }

  private writeHead(outgoing: OutgoingResponse, isBodyless: boolean, isLast: boolean): void {
    const length = isBodyless ? outgoing.headers["content-length"] : "0";
    this.out += responseText(outgoing, length === undefined ? "" : `content-length: ${Number(length)}\r\n`, isLast);
  }

  private writeApart(head: string, body: string | Uint8Array): void {
    const { socket } = this;
    socket.cork();
    this.out += head;
    this.flush();
    if (typeof body === "string") socket.write(body, "utf8");
    else socket.write(body);
    socket.uncork();
  }

  private stream(outgoing: OutgoingResponse, body: Readable, isBodyless: boolean, isLast: boolean): void {
    if (body.destroyed && !body.readableEnded)
      throw body.errored ?? new Error("the body of an answer was closed before it was sent");
    const given = outgoing.headers["content-length"];
    const lengthLine = given !== undefined ? `content-length: ${Number(given)}\r\n` : isBodyless ? "" : CHUNKED;
    const head = responseText(outgoing, lengthLine, isLast);
    if (isBodyless) {
      this.out += head;
      dropStream(body);
      return;
    }
    this.flush();
    const encoding = given === undefined ? "chunked" : "counted";
    const sizeBytes = Number(given ?? 0);
    this.streamed = new StreamedAnswer(this.socket, this.end, outgoing, body, head, isLast, encoding, sizeBytes);
    this.streamed.start();
  }
}

function asLatin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("latin1");
}
