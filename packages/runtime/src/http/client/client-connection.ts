// One kept-alive connection to another process: requests go out in the order they are given, and each answer goes to whoever waits the
// longest. A connection that breaks the rules, or on which nobody has asked for what comes, is cut.
//
//   idle --send, sendShared--> busy --last answer--> idle
//    |              |----close announced, error, cut--> closed: all who still wait are told
//    +--limit of idleness, any byte--> closed
import { createRequire } from "node:module";
import { connect, isIP, type Socket } from "node:net";
import { type ResponseHandler, type ResponseHead, ResponseParser } from "../parse-response.ts";
import { DiscardedAnswer } from "./discarded-answer.ts";
import type { PendingAnswer } from "./pending-answer.ts";
import type { SharedRequest } from "./shared-requests.ts";

export type ConnectionTarget =
  | { readonly socketPath: string }
  | { readonly host: string; readonly port: number; readonly protocol?: "https:" };

const MAX_INTERIM_ANSWERS = 32;
const DISCARDED = new DiscardedAnswer();

function connectTo(target: ConnectionTarget): Socket {
  if ("socketPath" in target) return connect(target.socketPath);
  const { host, port, protocol } = target;
  if (protocol === undefined) return connect({ host, port, noDelay: true });
  // Not imported: most processes have no use for it.
  const tls = createRequire(import.meta.url)("node:tls") as typeof import("node:tls");
  // RFC 6066, 3: an address is no server name.
  const name = isIP(host) === 0 ? { servername: host } : {};
  return tls.connect({ host, port, ...name, ALPNProtocols: ["http/1.1"] }).setNoDelay(true);
}

/** Who keeps the connection while it has nothing to do. */
export interface ConnectionKeeper {
  onIdle(connection: ClientConnection): void;
  onClosed(connection: ClientConnection): void;
}

// hot: guarded by bench/call
export class ClientConnection implements ResponseHandler {
  /** When it last became idle, in epoch milliseconds. */
  idleSinceMs = 0;
  /** It has answered a request before: it may have been closed by the other side without our knowing yet. */
  isReused = false;
  isClosed = false;
  private readonly keeper: ConnectionKeeper;
  private readonly socket: Socket;
  private readonly parser: ResponseParser;
  /** Those who wait, the first first. */
  private readonly waiting: PendingAnswer[] = [];
  private interimAnswers = 0;
  /** False once the answer that is being read says that no more will follow. */
  private mayBeReused = true;

  constructor(target: ConnectionTarget, keeper: ConnectionKeeper) {
    this.keeper = keeper;
    this.parser = new ResponseParser(this);
    this.socket = connectTo(target);
    this.socket.on("data", (chunk: Buffer) => this.read(chunk));
    this.socket.on("end", () => this.finish());
    this.socket.on("error", (error) => this.close(error));
    this.socket.on("close", () => this.close(new Error("the connection was closed before the answer was complete")));
  }

  /** `text`: latin1, the head and what of the body is ASCII; `rest`: what follows it, text for which UTF-8 is the encoding. */
  send(pending: PendingAnswer, text: string, rest: string | Uint8Array | undefined): void {
    // One without a request on it does not keep the process alive.
    if (this.waiting.length === 0) this.socket.ref();
    this.waiting.push(pending);
    if (rest === undefined) {
      this.socket.write(text, "latin1");
      return;
    }
    this.socket.cork();
    this.socket.write(text, "latin1");
    this.socket.write(rest);
    this.socket.uncork();
  }

  /** Those of `requests` from `from` to `to`, in one write; the connection has nothing else to do. */
  sendShared(requests: readonly SharedRequest[], from: number, to: number): void {
    this.socket.ref();
    const isShared = to - from > 1;
    let text = "";
    for (let index = from; index < to; index++) {
      const request = requests[index]!;
      this.waiting.push(request);
      text += request.textFor(isShared);
      request.onSent(this);
    }
    this.socket.write(text, "latin1");
  }

  /** Nobody waits for this answer any more: cuts the connection, which is how the other side learns of it. */
  abandon(pending: PendingAnswer): void {
    const index = this.waiting.indexOf(pending);
    if (index === -1) return;
    this.waiting.splice(index, 1);
    this.close(new Error("a request on the same connection was given up"));
  }

  /** As `abandon`, while others may wait for answers on this connection: then the other side is told on it. */
  abandonShared(request: SharedRequest): void {
    const index = this.waiting.indexOf(request);
    if (index === -1) return;
    this.waiting[index] = DISCARDED;
    if (this.waiting.every((one) => one === DISCARDED)) {
      this.close(new Error("all requests on the connection were given up"));
      return;
    }
    this.waiting.push(DISCARDED);
    this.socket.write(request.cancelText(), "latin1");
  }

  /** Reads no further until `resume`: whoever takes the body cannot keep up. */
  pause(): void {
    this.socket.pause();
  }

  resume(): void {
    this.socket.resume();
  }

  /** Cuts it; whoever waits is told. */
  close(error: Error): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.socket.destroy();
    this.keeper.onClosed(this);
    for (const pending of this.waiting.splice(0)) pending.onFailure(error);
  }

  expectedBody(): "body" | "no body" {
    return this.waiting[0]?.isHeadRequest === true ? "no body" : "body";
  }

  /** RFC 9110, 15.2: any number of them may come before an answer; that many nobody sends in good faith. */
  onInterim(): void {
    if (++this.interimAnswers > MAX_INTERIM_ANSWERS) throw new Error("too many interim answers came");
  }

  onHead(head: ResponseHead): void {
    const pending = this.waiting[0];
    if (pending === undefined) throw new Error("an answer came that nobody has asked for");
    this.interimAnswers = 0;
    this.mayBeReused = head.keepAlive;
    pending.onHead(head);
  }

  onBodyPart(part: Buffer): void {
    this.waiting[0]?.onBodyPart(part);
  }

  onEnd(trailers: Readonly<Record<string, string>>): void {
    const pending = this.waiting.shift();
    this.isReused = true;
    if (!this.mayBeReused) this.close(new Error("the other side closed the connection behind an earlier answer"));
    pending?.onEnd(trailers);
  }

  private read(chunk: Buffer): void {
    if (this.isClosed) return;
    try {
      if (this.waiting.length === 0) throw new Error("bytes came that nobody has asked for");
      this.parser.push(chunk);
    } catch (error) {
      this.close(error as Error);
      return;
    }
    if (this.isClosed) return;
    if (this.waiting.length === 0) this.rest();
    else if (!this.parser.isBetweenAnswers) this.waiting[0]!.onPartial();
  }

  /** After all of a chunk has been read: what comes behind the last answer must not seem to belong to a later request. */
  private rest(): void {
    this.idleSinceMs = Date.now();
    this.socket.unref();
    this.keeper.onIdle(this);
  }

  private finish(): void {
    try {
      this.parser.finish();
      this.close(new Error("the connection was closed before an answer came"));
    } catch (error) {
      this.close(error as Error);
    }
  }
}
