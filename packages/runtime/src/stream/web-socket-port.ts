// A stream over a WebSocket, what both ends have in common. Messages that nobody reads stay in the network: the socket is paused while
// the inbox is full. Messages that the other side does not read make `send` wait, and end the stream where nobody waits for it.
//
//   open --close frame, either way--> closing --the other side's--> over
//    +------lost, cut off, too slow, no answer to pings-------------> over
import { isUtf8 } from "node:buffer";
import type { RawData, WebSocket } from "ws";
import type { APIError } from "../call/api-error.ts";
import { normalizeError } from "../call/normalize-error.ts";
import { RequestError } from "../call/request-error.ts";
import { CLOSE, closeReasonOf } from "./close-code.ts";
import type { Frame, Framing } from "./framing.ts";
import { keepAlive } from "./heartbeat.ts";
import { Inbox } from "./inbox.ts";
import type { StreamPort } from "./stream-port.ts";

/** What may wait to be sent before `send` does. */
const HIGH_WATER_BYTES = 256 * 1024;
/** What may wait when nobody waits for `send`: a reader this far behind is cut off. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
const ORDERLY: ReadonlySet<number> = new Set([CLOSE.normal, CLOSE.goingAway, CLOSE.none]);

export interface WebSocketPortOptions {
  /** "chat.talk" */
  readonly endpoint: string;
  readonly framing: Framing;
  /** null: no pings. */
  readonly heartbeatMs: number | null;
  /** JSON of a message. Throws for one that is not what its type says. */
  readonly encode: (message: unknown) => string;
  /** Throws an APIError for what is not a message. */
  readonly decode: (text: string) => unknown;
  /** The error for a connection that broke off. */
  readonly lost: (cause?: unknown) => APIError;
  /** The error for sending to an end that has closed in good order. */
  readonly ended: () => APIError;
}

export abstract class WebSocketPort implements StreamPort {
  readonly inbox = new Inbox();
  sent = 0;
  protected readonly options: WebSocketPortOptions;
  protected readonly socket: WebSocket;
  /** What this side knows of the end; counts more than what the close frame says. */
  protected reason: APIError | undefined;
  private readonly listeners: ((reason: APIError | undefined) => void)[] = [];
  private isClosing = false;
  private isOver = false;

  constructor(socket: WebSocket, options: WebSocketPortOptions) {
    this.socket = socket;
    this.options = options;
    this.inbox.onRoom = () => socket.resume();
    socket.on("message", (data, isBinary) => this.receive(bytesOf(data), isBinary));
    socket.on("error", (error) => this.broken(error));
    socket.on("close", (code) => this.finish(code));
    if (options.heartbeatMs !== null) keepAlive(socket, options.heartbeatMs);
  }

  send(message: unknown): Promise<void> {
    const sending = this.sendMessage(message);
    // Who does not wait for it need not hear that the stream is over.
    sending.catch(() => {});
    return sending;
  }

  close(): Promise<void> {
    this.closeWith(CLOSE.normal, "");
    return Promise.resolve();
  }

  onOver(callback: (reason: APIError | undefined) => void): void {
    if (this.isOver) callback(this.reason);
    else this.listeners.push(callback);
  }

  /** A frame that is neither a message nor the end of them. */
  protected abstract receiveFrame(frame: Frame): void;

  /** Resolves when there is room for more. */
  protected async write(frame: Frame): Promise<void> {
    const { socket } = this;
    const text = this.options.framing.write(frame);
    if (text === undefined) return;
    if (this.isClosing || this.isOver) throw this.overError();
    if (socket.bufferedAmount > MAX_WAITING_BYTES) {
      this.reason ??= new RequestError("reader_too_slow", { endpoint: this.options.endpoint });
      socket.terminate();
      throw this.reason;
    }
    const flushed = new Promise<void>((resolve, reject) => {
      socket.send(text, (error) => (error == null ? resolve() : reject(this.reason ?? this.options.lost(error))));
    });
    // Before this much is waiting, the network takes it in its own time.
    flushed.catch(() => {});
    if (socket.bufferedAmount > HIGH_WATER_BYTES) await flushed;
  }

  /** Ends the stream for this reason on both sides. */
  protected failWith(error: APIError, code: number): void {
    this.reason ??= error;
    this.inbox.end(this.reason);
    this.closeWith(code, closeReasonOf(error));
  }

  protected closeWith(code: number, reason: string): void {
    if (this.isClosing || this.isOver) return;
    this.isClosing = true;
    // The other side's answer may lie behind messages that nobody is going to read.
    this.inbox.onRoom = undefined;
    this.socket.resume();
    this.socket.close(code, reason);
  }

  private async sendMessage(message: unknown): Promise<void> {
    if (this.isClosing || this.isOver) throw this.overError();
    const text = this.options.encode(message);
    this.sent++;
    await this.write({ kind: "message", text });
  }

  private overError(): APIError {
    if (this.reason !== undefined) return this.reason;
    const { endpoint } = this.options;
    return this.isClosing ? new RequestError("stream_closed", { endpoint }) : this.options.ended();
  }

  private receive(bytes: Buffer, isBinary: boolean): void {
    // ws has checked text.
    if (isBinary && !isUtf8(bytes)) {
      this.refuse("it is not UTF-8");
      return;
    }
    const frame = this.options.framing.read(bytes.toString("utf8"));
    if (frame === undefined) this.refuse("it is no frame of ours");
    else if (this.isClosing) return;
    else if (frame.kind === "end") this.inbox.end(undefined);
    else if (frame.kind === "message") this.receiveMessage(frame.text);
    else this.receiveFrame(frame);
  }

  private receiveMessage(text: string): void {
    try {
      this.inbox.push(this.options.decode(text));
    } catch (error) {
      this.failWith(normalizeError(error), CLOSE.invalidMessage);
      return;
    }
    if (this.inbox.isFull) this.socket.pause();
  }

  private refuse(summary: string): void {
    const { endpoint } = this.options;
    this.failWith(new RequestError("invalid_message", { endpoint, summary }), CLOSE.invalidMessage);
  }

  /** ws closes the connection itself, with the code that says why. */
  private broken(error: Error & { readonly code?: string }): void {
    const { endpoint } = this.options;
    if (error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") {
      this.reason ??= new RequestError("message_too_large", { endpoint }, error);
    } else if (error.code?.startsWith("WS_ERR_")) {
      this.reason ??= new RequestError("invalid_message", { endpoint, summary: error.message }, error);
    } else this.reason ??= this.options.lost(error);
  }

  private finish(code: number): void {
    if (!this.isClosing && !ORDERLY.has(code)) this.reason ??= this.options.lost();
    this.isOver = true;
    this.inbox.end(this.reason);
    for (const listener of this.listeners.splice(0)) listener(this.reason);
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}
