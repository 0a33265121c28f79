// One connection of the fast lane: heads and bodies in, answers out in the order of their requests. Requests behind one another on a
// connection (pipelining) are served side by side, up to a limit; one that needs Node or waits for "100 Continue" is begun when all before
// it are answered.
//
//   silent ─┐          ┌─────────────────────────── all sent ─┐
//           v          v                                      │
//          head <─── idle                                     │
//           ├─ whole, with a body ──> body ─ all there ──> busy ─ last answer sent ─┐
//           │                          ├─ answered before ──> discarding ──> idle   │
//           ├─ whole, without ─────────│──────────────────> busy                    v
//           ├─ refused ────────────────┴─ refused ─────────────────────────────> ending ─ FIN or too late ─> closed
//           └─ for Node ──> handed over
import type { Socket } from "node:net";
import type { OutgoingResponse } from "../call/exchange.ts";
import { aborted } from "./aborted.ts";
import { AnswerLine, type LineOwner } from "./answer-line.ts";
import { ArrivingBody, type BodyFlow } from "./arriving-body.ts";
import type { Phase } from "./connection-phase.ts";
import type { FastRequest, RequestConnection } from "./fast-request.ts";
import type { FastServer } from "./fast-server.ts";
import { LF } from "./field-rules.ts";
import { FramingError } from "./framing-error.ts";
import { isHeadBegun, parseHead } from "./parse-head.ts";
import { RequestScope } from "./request-scope.ts";
import { requestRefused, respondRefusal, respondTooSlow } from "./refuse.ts";

// hot: guarded by bench/hello
export class FastConnection implements RequestConnection, BodyFlow, LineOwner {
  /** The server's tick at which the present phase began. */
  since: number;
  private readonly socket: Socket;
  private readonly server: FastServer;
  private readonly line: AnswerLine;
  /** The beginning of a head. */
  private partial: Buffer | null = null;
  /** Requests that have arrived but must wait. */
  private held: Buffer | null = null;
  /** Whose body is arriving. */
  private reading: FastRequest | null = null;
  private hasServed = false;
  /** A request has said that it is the last one: what comes behind it is not looked at (RFC 9112, 9.6). */
  private hasLast = false;
  private isPaused = false;
  /** What arrives is thrown away. */
  private isDeaf = false;
  private isEnding = false;
  /** The client sends nothing more. */
  private hasLeft = false;
  private address: string | undefined;
  private readonly scope = new RequestScope();

  constructor(socket: Socket, server: FastServer) {
    this.socket = socket;
    this.server = server;
    this.since = server.tick;
    this.line = new AnswerLine(socket, server, this);
    socket.on("data", this.onData);
    socket.on("drain", this.onDrain);
    socket.on("end", this.onEnd);
    socket.on("error", ignore);
    socket.on("close", this.onClose);
  }

  get remoteAddress(): string {
    this.address ??= this.socket.remoteAddress ?? "";
    return this.address;
  }

  get phase(): Phase {
    if (this.isEnding) return "ending";
    if (this.reading !== null) return this.reading.isSent ? "discarding" : "body";
    if (this.line.length > 0 || this.held !== null) return "busy";
    if (this.partial !== null) return "head";
    return this.hasServed ? "idle" : "silent";
  }

  /** The present phase has taken too long. */
  onTooLong(): void {
    const { phase } = this;
    if (phase === "head" || phase === "body") this.refuse(respondTooSlow());
    else if (phase !== "discarding" && this.socket.writableLength > 0) {
      // All answers are made, but a slow client is still taking the last of them.
      this.since = this.server.tick;
    } else this.socket.destroy();
  }

  /** What has been written still goes out. */
  shutDown(): void {
    this.isDeaf = true;
    this.line.stop();
    this.line.writer.flush();
    this.socket.destroySoon();
  }

  cutOff(): void {
    this.socket.destroy();
  }

  sendContinue(): void {
    if (!this.isEnding && this.socket.writable) this.line.writer.writeContinue();
  }

  resumeBody(): void {
    if (this.held === null) this.resume();
  }

  onAnswered(): void {
    this.since = this.server.tick;
    this.releaseHeld();
    if (this.hasLeft && this.line.length === 0 && this.held === null) this.onLastAnswer();
  }

  onLastAnswer(): void {
    if (this.isEnding) return;
    this.isEnding = true;
    this.isDeaf = true;
    this.held = null;
    this.since = this.server.tick;
    // Closing both ways while the client still sends could take the answer away from it; what it sends is read and thrown away.
    this.resume();
    this.socket.end();
  }

  private readonly onData = (chunk: Buffer): void => {
    if (this.isDeaf) {
      // The body of a request may still have to come to its end, and nothing else.
      if (!this.isEnding && this.reading !== null) this.parse(chunk, true);
    } else if (this.held !== null) {
      // A socket that is paused may still have something to give.
      this.held = Buffer.concat([this.held, chunk]);
    } else if (this.partial === null) this.parse(chunk, true);
    else this.parseMore(Buffer.concat([this.partial, chunk]), chunk);
  };

  /** Until a line has ended nothing new can be said of a head; one that comes in single bytes must not cost their square. */
  private parseMore(bytes: Buffer, chunk: Buffer): void {
    if (!chunk.includes(LF) && bytes.length <= this.server.headerLimitBytes) {
      this.partial = bytes;
      return;
    }
    const { since } = this;
    this.partial = null;
    this.parse(bytes, true);
    // Still the same head: a client that sends line after line does not get new time with each.
    if (this.partialBytes === bytes.length) this.since = since;
  }

  private get partialBytes(): number {
    return this.partial === null ? 0 : this.partial.length;
  }

  /** `isOwnTurn`: nothing of another request has run in this turn of the event loop. */
  private parse(bytes: Buffer, isOwnTurn: boolean): void {
    const { line } = this;
    line.isGathering = true;
    try {
      let at = 0;
      while (at !== -1 && at < bytes.length && !this.isDeaf) {
        if (this.reading !== null) at = this.readBody(this.reading, bytes, at);
        else if (this.hasLast) at = -1;
        else if (line.isFull || this.socket.writableNeedDrain) at = this.hold(bytes, at);
        else at = this.readRequest(bytes, at, isOwnTurn && at === 0);
      }
    } catch (error) {
      this.refuse(respondRefusal(error, this.server.headerLimitBytes));
    }
    line.isGathering = false;
    line.isFollowed = false;
    if (line.length > 0) {
      line.writer.flushSoon();
      return;
    }
    line.writer.flush();
    if (this.partial === null) this.since = this.server.tick;
  }

  /** Position behind what has been read; -1 when there is no more to be read of these bytes. */
  private readRequest(bytes: Buffer, at: number, isOwnTurn: boolean): number {
    const { server, line } = this;
    const request = parseHead(bytes, at, server.headerLimitBytes);
    if (request === null) {
      if (line.length === 0) this.since = server.tick;
      this.partial = at === 0 ? bytes : bytes.subarray(at);
      return -1;
    }
    request.connection = this;
    const isForNode = request.needsNode || (server.laneOf !== undefined && server.laneOf(request) === "compat");
    if ((isForNode || request.awaitsContinue) && line.length > 0) return this.hold(bytes, at);
    if (isForNode) return this.hasLeft ? -1 : this.handOver(bytes.subarray(at));
    this.hasServed = true;
    this.hasLast = request.framing.isLast;
    let end = at + request.headSizeBytes;
    if (request.hasBody) end = this.beginBody(request, bytes, end);
    line.isFollowed = end < bytes.length;
    if (isOwnTurn) this.scope.runFirst(line, request);
    else this.scope.run(() => line.serve(request));
    return end;
  }

  private beginBody(request: FastRequest, bytes: Buffer, at: number): number {
    const { contentLength, isChunked } = request.framing;
    if (!isChunked && at + contentLength <= bytes.length) {
      request.whole = bytes.subarray(at, at + contentLength);
      return at + contentLength;
    }
    const body = new ArrivingBody(request.framing, this, this.server.headerLimitBytes);
    const end = at < bytes.length ? body.take(bytes, at) : at;
    request.arriving = body;
    if (!body.isOver) {
      this.reading = request;
      this.since = this.server.tick;
    }
    return end;
  }

  private readBody(request: FastRequest, bytes: Buffer, at: number): number {
    const body = request.arriving!;
    const end = body.take(bytes, at);
    if (body.isOver) {
      this.reading = null;
      if (request.isSent) this.line.goOn();
    } else if (body.isFull) this.pause();
    return end;
  }

  private hold(bytes: Buffer, at: number): -1 {
    this.held = bytes.subarray(at);
    this.pause();
    return -1;
  }

  private releaseHeld(): void {
    const { held } = this;
    if (held === null || this.line.isFull || this.socket.writableNeedDrain) return;
    this.held = null;
    this.parse(held, false);
    if (this.held === null && this.reading?.arriving?.isFull !== true) this.resume();
  }

  private pause(): void {
    this.isPaused = true;
    this.socket.pause();
  }

  private resume(): void {
    if (!this.isPaused) return;
    this.isPaused = false;
    this.socket.resume();
  }

  /** Ends the connection with this answer, in the place of the request that is arriving. */
  private refuse(outgoing: OutgoingResponse): void {
    const { reading } = this;
    this.isDeaf = true;
    this.partial = null;
    this.reading = null;
    if (reading === null) {
      const request = requestRefused();
      this.line.add(request);
      this.line.refuse(request, outgoing);
      return;
    }
    // Whoever serves it gets no more of it, and has nobody to answer.
    if (!reading.isSent) reading.clientGone();
    reading.arriving!.break(aborted());
    this.line.refuse(reading, outgoing);
  }

  /** The connection, with all that has not been read, belongs to Node from here on. */
  private handOver(rest: Buffer): -1 {
    const { socket } = this;
    this.isDeaf = true;
    this.line.writer.flush();
    this.server.forget(this);
    socket.off("data", this.onData);
    socket.off("drain", this.onDrain);
    socket.off("end", this.onEnd);
    socket.off("error", ignore);
    socket.off("close", this.onClose);
    socket.pause();
    socket.unshift(rest);
    this.server.handOver(socket);
    socket.resume();
    return -1;
  }

  private readonly onDrain = (): void => {
    this.line.writer.onDrain();
    this.releaseHeld();
  };

  /** Half of a close does not take answers back, but it mostly is all of one: whoever works for the client is told. */
  private readonly onEnd = (): void => {
    if (this.isEnding) return;
    if (isHeadBegun(this.partial) || this.reading?.isSent === false) {
      this.refuse(respondRefusal(new FramingError("incomplete"), this.server.headerLimitBytes));
      return;
    }
    this.hasLeft = true;
    this.line.clientLeft();
    if (this.reading !== null || (this.line.length === 0 && this.held === null)) this.onLastAnswer();
  };

  private readonly onClose = (): void => {
    this.isDeaf = true;
    this.isEnding = true;
    const { reading } = this;
    this.reading = null;
    reading?.arriving?.break(aborted());
    this.line.abandon();
    this.server.forget(this);
  };
}

/** Of errors: "close" follows, and tells whoever is concerned. */
function ignore(): void {}
