// The requests of a connection that are being answered, in the order in which their answers have to go out, whichever is ready first.
import type { Socket } from "node:net";
import { Readable } from "node:stream";
import type { OutgoingResponse } from "../call/exchange.ts";
import { AnswerWriter } from "./answer-writer.ts";
import type { FastRequest } from "./fast-request.ts";
import type { FastServer } from "./fast-server.ts";
import { respondFailure } from "./refuse.ts";
import { saysClose } from "./response-text.ts";
import type { AnswerEnd } from "./streamed-answer.ts";

/** The connection, as far as answers concern it. */
export interface LineOwner {
  /** Some answers have gone out. */
  onAnswered(): void;
  /** Nothing may be sent behind this answer. */
  onLastAnswer(): void;
}

/** Requests of one connection that may be under way at a time; the client waits with more. */
const MAX_UNDER_WAY = 32;

// hot: guarded by bench/hello
export class AnswerLine implements AnswerEnd {
  readonly writer: AnswerWriter;
  first: FastRequest | null = null;
  length = 0;
  /** More requests are being read at this moment; their answers go out with those before them. */
  isGathering = false;
  /** The bytes that are being read go on behind the newest request. */
  isFollowed = false;
  private last: FastRequest | null = null;
  /** Nothing more is answered. */
  private isOver = false;
  private readonly server: FastServer;
  private readonly owner: LineOwner;
  private readonly socket: Socket;
  /** For a request that was the first when it was begun: it stays that until it is answered. */
  private readonly settleFirst = (outgoing: OutgoingResponse): void => {
    if (this.first !== null) this.settle(this.first, outgoing);
  };
  private readonly failFirst = (error: unknown): void => {
    if (this.first !== null) this.settle(this.first, respondFailure(error));
  };

  constructor(socket: Socket, server: FastServer, owner: LineOwner) {
    this.socket = socket;
    this.server = server;
    this.owner = owner;
    this.writer = new AnswerWriter(socket, this);
  }

  get isFull(): boolean {
    return this.length >= MAX_UNDER_WAY;
  }

  serve(request: FastRequest): void {
    this.add(request);
    let outcome: OutgoingResponse | Promise<OutgoingResponse>;
    try {
      outcome = this.server.answer(request);
    } catch (error) {
      outcome = respondFailure(error);
    }
    if (!(outcome instanceof Promise)) this.settle(request, outcome);
    else if (this.first === request) outcome.then(this.settleFirst, this.failFirst);
    else {
      outcome.then(
        (outgoing) => this.settle(request, outgoing),
        (error: unknown) => this.settle(request, respondFailure(error)),
      );
    }
  }

  /** Answers a request that nobody else answers, or shall answer any more; it is the last one. */
  refuse(request: FastRequest, outgoing: OutgoingResponse): void {
    request.framing.isLast = true;
    if (this.isOver) return;
    if (request.isSent) this.sent(request);
    else if (request === this.first && request.outgoing !== null) this.socket.destroy();
    else {
      if (request.outgoing?.body instanceof Readable) request.outgoing.body.destroy();
      request.outgoing = outgoing;
    }
    this.goOn();
  }

  add(request: FastRequest): void {
    if (this.last === null) this.first = request;
    else this.last.next = request;
    this.last = request;
    this.length++;
    this.server.requestBegun();
  }

  /** Sends what is ready. */
  goOn(): void {
    for (let request = this.first; request !== null && request.outgoing !== null; request = this.first) {
      if (!request.isBegun && !this.isOver) this.send(request, request.outgoing);
      if (!request.isSent || !request.isBodyOver) break;
      this.first = request.next;
      // An answered request that has grown old must not keep those behind it from being young garbage.
      request.next = null;
      if (this.first === null) this.last = null;
      this.length--;
      this.server.requestDone();
    }
    if (this.isGathering) return;
    if (this.first === null) this.writer.flush();
    else this.writer.flushSoon();
    this.owner.onAnswered();
  }

  answerSent(): void {
    this.writer.streamEnded();
    if (this.isOver || this.first === null) return;
    this.sent(this.first);
    this.goOn();
  }

  answerBroken(): void {
    this.socket.destroy();
  }

  /** Nothing more is sent but what has been. */
  stop(): void {
    this.isOver = true;
  }

  /** Nobody reads on for long: an answer without end would find one only by this. */
  clientLeft(): void {
    for (let request = this.first; request !== null; request = request.next) {
      if (!request.isSent) request.clientGone();
    }
    if (this.writer.isStreaming) this.socket.destroy();
  }

  /** The connection is gone, and with it everybody who waits for an answer. */
  abandon(): void {
    this.isOver = true;
    this.writer.abandon();
    for (let request = this.first; request !== null; request = request.next) {
      if (!request.isSent) request.clientGone();
      if (!request.isSent && request.outgoing?.body instanceof Readable) request.outgoing.body.destroy();
      this.server.requestDone();
    }
    this.first = null;
    this.last = null;
  }

  private settle(request: FastRequest, outgoing: OutgoingResponse): void {
    if (this.isOver || request.outgoing !== null) {
      if (outgoing.body instanceof Readable) outgoing.body.destroy();
      return;
    }
    request.outgoing = outgoing;
    if (request === this.first) this.goOn();
  }

  private send(request: FastRequest, outgoing: OutgoingResponse): void {
    const { framing } = request;
    request.isBegun = true;
    // A client that was never told to go on with its body must not use the connection again.
    if (request.awaitsContinue || saysClose(outgoing)) framing.isLast = true;
    // What has been read already is answered, by a server that is closing as well.
    if (this.server.isClosing && request.next === null && !this.isFollowed) framing.isLast = true;
    const isHead = request.method === "HEAD";
    try {
      this.writer.write(outgoing, isHead, framing.isLast);
    } catch (error) {
      if (outgoing.body instanceof Readable) outgoing.body.destroy();
      this.writer.write(respondFailure(error), isHead, framing.isLast);
    }
    if (!this.writer.isStreaming) this.sent(request);
  }

  private sent(request: FastRequest): void {
    request.isSent = true;
    if (!request.isBodyOver) request.arriving!.discard();
    if (!request.framing.isLast) return;
    this.writer.flush();
    this.isOver = true;
    this.owner.onLastAnswer();
  }
}
