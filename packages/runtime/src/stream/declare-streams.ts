// The declarations of endpoints with many messages. The compiler reads their options and, by `[contract]`, their types; at run time each
// is nothing but its handler. The names and the order of type parameters are Encore's.
import type { Method } from "../call/api.ts";
import type { EventsContext, ServerEvent } from "./server-event.ts";

/** How a stream is reached. It is a GET request that becomes a WebSocket. */
export interface StreamOptions {
  /** As of `api`. Default: "/<service>.<endpoint>". */
  path?: string;
  /** Reachable from outside through the gateway. Default: false. */
  expose?: boolean;
  /** Only for callers who are authenticated. Default: false. */
  auth?: boolean;
  /** Words to select endpoints by, for middleware and generated clients. */
  tags?: readonly string[];
  /** Keeps handshakes and headers out of traces. Default: false. */
  sensitive?: boolean;
  /** Greatest size of a message from outside in bytes; null for no limit. Default: 2 MiB. */
  messageLimit?: number | null;
  /** How often a quiet client is pinged, in milliseconds; one that does not answer is given up. null: never. Default: 30,000. */
  heartbeatMs?: number | null;
}

/** How a stream of server-sent events is reached. */
export interface EventsOptions extends Omit<StreamOptions, "messageLimit"> {
  /** Browsers use GET. Default: "GET". */
  method?: Method | readonly Method[];
  /** Greatest size of a request body in bytes; null for no limit. Default: 2 MiB. */
  bodyLimit?: number | null;
}

/** What both ends of a stream know of it. */
export interface StreamSignal {
  /** Aborts when the stream is over, whoever has ended it and however. */
  readonly signal: AbortSignal;
}

/** Messages that the other side sends. */
export interface StreamIn<Request> extends AsyncIterable<Request> {
  /** The next message. Rejects with an APIError: `out_of_range` when the other side has said all, else what has ended the stream. */
  recv: () => Promise<Request>;
}

/** Messages that the other side gets. */
export interface StreamOut<Response> {
  /** Resolves when there is room for more. Rejects with an APIError when the stream is over. Need not be awaited. */
  send: (message: Response) => Promise<void>;
  /** Ends the stream behind all that was sent. */
  close: () => Promise<void>;
}

export type StreamInOut<Request, Response> = StreamIn<Request> & StreamOut<Response>;

/** A caller's end of `api.streamIn`. */
export interface StreamOutWithResponse<Request, Response> extends StreamOut<Request> {
  /** Says that all has been sent; the response still comes. The same as `close`. */
  end: () => Promise<void>;
  /** What the handler returns. */
  response: () => Promise<Response>;
}

/** A caller's end of `api.streamOut`. */
export interface StreamInClient<Response> extends StreamIn<Response> {
  close: () => Promise<void>;
}

/** A caller's end of `api.streamInOut`. */
export type StreamInOutClient<Request, Response> = StreamInOut<Response, Request> & {
  /** Says that all has been sent; the other side may still speak. */
  end: () => Promise<void>;
};

declare const contract: unique symbol;

/** For the compiler alone. */
export interface StreamContract<Types> {
  readonly [contract]: Types;
}

/** A handler of `api.streamIn`. */
export type StreamInHandlerFn<HandshakeData, Request, Response> = HandshakeData extends void
  ? (stream: StreamIn<Request> & StreamSignal) => Promise<Response>
  : (data: HandshakeData, stream: StreamIn<Request> & StreamSignal) => Promise<Response>;

/** A handler of `api.streamOut`. */
export type StreamOutHandlerFn<HandshakeData, Response> = HandshakeData extends void
  ? (stream: StreamOut<Response> & StreamSignal) => Promise<void>
  : (data: HandshakeData, stream: StreamOut<Response> & StreamSignal) => Promise<void>;

/** A handler of `api.streamInOut`. */
export type StreamInOutHandlerFn<HandshakeData, Request, Response> = HandshakeData extends void
  ? (stream: StreamInOut<Request, Response> & StreamSignal) => Promise<void>
  : (data: HandshakeData, stream: StreamInOut<Request, Response> & StreamSignal) => Promise<void>;

/** What the declarations return: the handler itself. */
type DeclaredStreamIn<HandshakeData, Request, Response> = StreamInHandlerFn<HandshakeData, Request, Response> &
  StreamContract<{ request: HandshakeData; incoming: Request; response: Response }>;
type DeclaredStreamOut<HandshakeData, Response> = StreamOutHandlerFn<HandshakeData, Response> &
  StreamContract<{ request: HandshakeData; outgoing: Response }>;
type DeclaredStreamInOut<HandshakeData, Request, Response> = StreamInOutHandlerFn<HandshakeData, Request, Response> &
  StreamContract<{ request: HandshakeData; incoming: Request; outgoing: Response }>;

/** What `api.sse` returns: the handler itself. */
export type EventsHandlerFn<Request, Data> = ((
  request: Request,
  context: EventsContext,
) => AsyncIterable<ServerEvent<Data>> | Promise<AsyncIterable<ServerEvent<Data>>>) &
  StreamContract<{ request: Request; outgoing: Data }>;

/**
 * Declares a stream to which the client sends messages over a WebSocket; the handler's result is sent back at the end. Type arguments:
 * `<Message>`, `<Message, Response>`, or with what the client gives when it connects `<Handshake, Message>` and
 * `<Handshake, Message, Response>`; without them the annotations of the handler count.
 *
 * ```ts
 * export const upload = api.streamIn<Chunk, Summary>({ path: "/upload", expose: true }, async (stream) => {
 *   let sizeBytes = 0;
 *   for await (const chunk of stream) sizeBytes += chunk.data.length;
 *   return { sizeBytes };
 * });
 * ```
 */
export function streamIn<Request>(
  options: StreamOptions,
  handler: (stream: StreamIn<Request> & StreamSignal) => Promise<void>,
): DeclaredStreamIn<void, Request, void>;
export function streamIn<Request, Response>(
  options: StreamOptions,
  handler: (stream: StreamIn<Request> & StreamSignal) => Promise<Response>,
): DeclaredStreamIn<void, Request, Response>;
export function streamIn<HandshakeData, Request>(
  options: StreamOptions,
  handler: (data: HandshakeData, stream: StreamIn<Request> & StreamSignal) => Promise<void>,
): DeclaredStreamIn<HandshakeData, Request, void>;
export function streamIn<HandshakeData, Request, Response>(
  options: StreamOptions,
  handler: (data: HandshakeData, stream: StreamIn<Request> & StreamSignal) => Promise<Response>,
): DeclaredStreamIn<HandshakeData, Request, Response>;
export function streamIn(_options: StreamOptions, handler: unknown): unknown {
  return handler;
}

/**
 * Declares a stream that sends messages to the client over a WebSocket. Type arguments: `<Message>` or `<Handshake, Message>`.
 * Returning does not end the stream, since something else may go on sending; `close()` does.
 *
 * ```ts
 * export const ticks = api.streamOut<Tick>({ path: "/ticks", expose: true }, async (stream) => {
 *   for (let n = 1; n <= 10; n++) await stream.send({ n });
 *   await stream.close();
 * });
 * ```
 */
export function streamOut<Response>(
  options: StreamOptions,
  handler: (stream: StreamOut<Response> & StreamSignal) => Promise<void>,
): DeclaredStreamOut<void, Response>;
export function streamOut<HandshakeData, Response>(
  options: StreamOptions,
  handler: (data: HandshakeData, stream: StreamOut<Response> & StreamSignal) => Promise<void>,
): DeclaredStreamOut<HandshakeData, Response>;
export function streamOut(_options: StreamOptions, handler: unknown): unknown {
  return handler;
}

/**
 * Declares a stream of messages both ways over a WebSocket. Type arguments: `<Incoming, Outgoing>` or `<Handshake, Incoming, Outgoing>`.
 * Returning does not end the stream; `close()` does.
 *
 * ```ts
 * export const echo = api.streamInOut<Said, Said>({ path: "/echo", expose: true }, async (stream) => {
 *   for await (const said of stream) await stream.send(said);
 * });
 * ```
 */
export function streamInOut<Request, Response>(
  options: StreamOptions,
  handler: (stream: StreamInOut<Request, Response> & StreamSignal) => Promise<void>,
): DeclaredStreamInOut<void, Request, Response>;
export function streamInOut<HandshakeData, Request, Response>(
  options: StreamOptions,
  handler: (data: HandshakeData, stream: StreamInOut<Request, Response> & StreamSignal) => Promise<void>,
): DeclaredStreamInOut<HandshakeData, Request, Response>;
export function streamInOut(_options: StreamOptions, handler: unknown): unknown {
  return handler;
}

/**
 * Declares a stream of server-sent events: what the handler yields, as long as somebody listens. A client that connects again says
 * which event it has got last. When nobody listens any more, `signal` aborts and the generator's `finally` blocks run.
 *
 * ```ts
 * export const prices = api.sse({ path: "/prices/:symbol", expose: true },
 *   async function* ({ symbol }: { symbol: string }, { signal }) {
 *     for await (const price of follow(symbol, signal)) yield { data: price, id: String(price.number) };
 *   });
 * ```
 */
export function sse<Request = void, Data = unknown>(
  _options: EventsOptions,
  handler: (
    request: Request,
    context: EventsContext,
  ) => AsyncIterable<ServerEvent<Data>> | Promise<AsyncIterable<ServerEvent<Data>>>,
): EventsHandlerFn<Request, Data> {
  return handler as EventsHandlerFn<Request, Data>;
}
