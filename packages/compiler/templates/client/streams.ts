// Messages over a WebSocket: one JSON value a text frame.
import { APIError, ErrCode, isErrorResponse } from "./errors.ts";
import type { Route } from "./route.ts";
import { fromWire, type Shapes, toWire } from "./wire.ts";

/** What the client needs of a WebSocket. */
export interface WebSocketLike {
  readonly bufferedAmount: number;
  send(text: string): void;
  close(code?: number, reason?: string): void;
  // biome-ignore lint/suspicious/noExplicitAny: each platform has its own types of events
  addEventListener(type: string, listener: (event: any) => void): void;
}

export type WebSocketClass = new (url: string, protocols: string[]) => WebSocketLike;

export interface Connect {
  socket(): WebSocketLike;
  /** Until the stream is open. */
  readonly opening: AbortSignal;
  /** Closes it. */
  readonly signal: AbortSignal | undefined;
  readonly route: Route;
  readonly shapes: Shapes;
}

/** Browsers cannot set headers of an upgrade; they travel as a subprotocol that nobody chooses. */
export function webSocketProtocols(headers: Readonly<Record<string, string>>): string[] {
  if (Object.keys(headers).length === 0) return ["encore-ws"];
  const bytes = new TextEncoder().encode(JSON.stringify(headers));
  const text = btoa(String.fromCharCode(...bytes));
  return ["encore-ws", `encore.dev.headers.${text.replaceAll("=", "").replaceAll("+", "-").replaceAll("/", "_")}`];
}

/** How much may wait to be sent before `send` waits. */
const fullBytes = 1024 * 1024;
const drainCheckMs = 10;

/** One WebSocket with the messages that came and were not read. */
class Channel<Out, In> {
  readonly socket: WebSocketLike;
  readonly #connect: Connect;
  readonly #messages: In[] = [];
  #wake: () => void = () => undefined;
  #ended = false;
  #failure: unknown;

  private constructor(connect: Connect) {
    this.#connect = connect;
    this.socket = connect.socket();
  }

  static async open<Out, In>(connect: Connect): Promise<Channel<Out, In>> {
    const channel = new Channel<Out, In>(connect);
    await channel.#opened();
    return channel;
  }

  #opened(): Promise<void> {
    const { opening, signal } = this.#connect;
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        reject(opening.reason);
        this.socket.close();
      };
      if (opening.aborted) return giveUp();
      opening.addEventListener("abort", giveUp, { once: true });
      this.socket.addEventListener("open", () => {
        opening.removeEventListener("abort", giveUp);
        signal?.addEventListener("abort", () => this.#end(signal.reason), { once: true });
        resolve();
      });
      this.socket.addEventListener("message", ({ data }) => this.#take(String(data)));
      // An "error" is always followed by "close", which knows more.
      this.socket.addEventListener("error", () => undefined);
      this.socket.addEventListener("close", ({ code, reason }) => {
        opening.removeEventListener("abort", giveUp);
        const failure = failureOf(Number(code), String(reason ?? ""));
        reject(failure ?? unavailable("the stream was closed before it was open"));
        this.#end(failure);
      });
    });
  }

  #take(text: string): void {
    this.#messages.push(fromWire(JSON.parse(text), this.#connect.route.outgoing ?? null, this.#connect.shapes) as In);
    this.#wake();
  }

  #end(failure: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#failure = failure;
    this.socket.close();
    this.#wake();
  }

  close(): void {
    this.socket.close(1000);
  }

  async send(message: Out): Promise<void> {
    if (this.#ended) throw this.#failure ?? unavailable("the stream is closed");
    const wire = toWire(message, this.#connect.route.incoming ?? null, this.#connect.shapes);
    this.socket.send(JSON.stringify(wire));
    while (!this.#ended && this.socket.bufferedAmount > fullBytes) {
      await new Promise((resolve) => setTimeout(resolve, drainCheckMs));
    }
  }

  /** undefined: the other side has closed the stream. */
  async next(): Promise<In | undefined> {
    while (this.#messages.length === 0) {
      if (this.#failure !== undefined) throw this.#failure;
      if (this.#ended) return undefined;
      await new Promise<void>((resolve) => {
        const before = this.#wake;
        this.#wake = () => {
          before();
          this.#wake = () => undefined;
          resolve();
        };
      });
    }
    return this.#messages.shift();
  }

  async *read(): AsyncGenerator<In, undefined, void> {
    try {
      for (;;) {
        const message = await this.next();
        if (message === undefined) return undefined;
        yield message;
      }
    } finally {
      this.close();
    }
  }
}

/** From here on codes are HTTP statuses. */
const firstStatus = 4000;

/** undefined: an end as it should be. Anything else carries `{ code, message }` as its reason, or nothing when the connection broke. */
function failureOf(code: number, reason: string): APIError | undefined {
  if (code === 1000 || code === 1005) return undefined;
  let said: unknown;
  try {
    said = JSON.parse(reason);
  } catch {
    said = undefined;
  }
  if (isErrorResponse(said)) return new APIError(code > firstStatus ? code - firstStatus : 0, said);
  return unavailable(code === 1001 ? "the other side stops" : `the stream broke (code ${code})`);
}

function unavailable(message: string): APIError {
  return new APIError(0, { code: ErrCode.Unavailable, message, details: null });
}

/** Sends and receives. `for await` reads until the other side closes; leaving the loop closes the stream. */
export class StreamInOut<Request, Response> implements AsyncIterable<Response> {
  readonly #channel: Channel<Request, Response>;

  private constructor(channel: Channel<Request, Response>) {
    this.#channel = channel;
  }

  static async open<Request, Response>(connect: Connect): Promise<StreamInOut<Request, Response>> {
    return new StreamInOut(await Channel.open<Request, Response>(connect));
  }

  /** Resolves when there is room for more. */
  send(message: Request): Promise<void> {
    return this.#channel.send(message);
  }

  /** The next message; undefined when the other side has closed the stream. */
  next(): Promise<Response | undefined> {
    return this.#channel.next();
  }

  [Symbol.asyncIterator](): AsyncGenerator<Response, undefined, void> {
    return this.#channel.read();
  }

  close(): void {
    this.#channel.close();
  }
}

/** Receives. `for await` reads until the other side closes; leaving the loop closes the stream. */
export class StreamIn<Response> implements AsyncIterable<Response> {
  readonly #channel: Channel<never, Response>;

  private constructor(channel: Channel<never, Response>) {
    this.#channel = channel;
  }

  static async open<Response>(connect: Connect): Promise<StreamIn<Response>> {
    return new StreamIn(await Channel.open<never, Response>(connect));
  }

  /** The next message; undefined when the other side has closed the stream. */
  next(): Promise<Response | undefined> {
    return this.#channel.next();
  }

  [Symbol.asyncIterator](): AsyncGenerator<Response, undefined, void> {
    return this.#channel.read();
  }

  close(): void {
    this.#channel.close();
  }
}

/** Sends; the other side answers once, at the end. */
export class StreamOut<Request, Response> {
  readonly #channel: Channel<Request, Response>;
  #response: Promise<Response> | undefined;

  private constructor(channel: Channel<Request, Response>) {
    this.#channel = channel;
  }

  static async open<Request, Response>(connect: Connect): Promise<StreamOut<Request, Response>> {
    return new StreamOut(await Channel.open<Request, Response>(connect));
  }

  /** Resolves when there is room for more. */
  send(message: Request): Promise<void> {
    return this.#channel.send(message);
  }

  /** What the endpoint answers when it has all it wants. */
  response(): Promise<Response> {
    this.#response ??= this.#channel.next() as Promise<Response>;
    return this.#response;
  }

  close(): void {
    this.#channel.close();
  }
}
