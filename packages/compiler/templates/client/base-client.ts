// Sends requests: where to, who asks, how long it may take, and how often it is tried.
import { type Deadline, sleep, startDeadline } from "./deadline.ts";
import { APIError, ErrCode, errorFromText } from "./errors.ts";
import { EventStream, openEvents, openLines } from "./event-stream.ts";
import {
  cookieHeader,
  type Fields,
  type PlacedRequest,
  placeRequest,
  readArguments,
  readText,
  type Route,
  withQuery,
} from "./route.ts";
import { type Connect, StreamIn, StreamInOut, StreamOut, type WebSocketClass, webSocketProtocols } from "./streams.ts";
import { fromWire, type Shapes } from "./wire.ts";

/** What sends requests: `fetch`, or something like it. */
export type Fetcher = typeof fetch;

/** When a request is sent again: GET, HEAD, OPTIONS, PUT and DELETE that were not answered, or with 429, 502 or 503. */
export interface RetryOptions {
  /** With the first one. Default: 3. */
  attempts?: number;
  /** Before the second attempt; it doubles from there, and a random part of it is left out. Default: 100. */
  minBackoffMs?: number;
  /** Default: 2000. */
  maxBackoffMs?: number;
}

/** Options of one call; they go before those of the client. */
export interface CallOptions {
  /** Ends the call; it then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** For the whole call, all attempts and the reading of the answer included. Of a stream: until it is open. */
  timeoutMs?: number | undefined;
  /** false: one attempt. */
  retry?: RetryOptions | false | undefined;
  headers?: Record<string, string> | undefined;
}

export interface BaseOptions extends Omit<CallOptions, "signal"> {
  /** Instead of the platform's `fetch`: to log, to test, to go through something else. */
  fetcher?: Fetcher;
  /** What every request is sent with, for example `{ credentials: "include" }` to send cookies to another origin. */
  requestInit?: Omit<RequestInit, "headers"> & { headers?: Record<string, string> };
  // if streams
  /** For streams, where the platform has no WebSocket of its own (Node 20: the class of the package `ws`). */
  webSocket?: WebSocketClass;
  // end streams
}

// if raw
/** A request to a raw endpoint. */
export interface RawInit extends CallOptions {
  method?: string;
  /** Parameters of the path. */
  params?: Record<string, string | readonly string[]>;
  query?: Record<string, string | readonly string[]> | URLSearchParams;
  body?: RequestInit["body"];
}
// end raw

/** Where the app's auth handlers look for who is asking. */
export interface AuthRoute extends Pick<Route, "query" | "headers" | "cookies"> {
  /** The field for a token that is given alone. */
  readonly bearer?: string;
}

const idempotent = new Set(["GET", "HEAD", "OPTIONS", "PUT", "DELETE"]);
const worthAnother = new Set([429, 502, 503]);

export class BaseClient {
  readonly #target: string;
  readonly #options: BaseOptions & { auth?: unknown };
  readonly #shapes: Shapes;
  readonly #authRoute: AuthRoute | undefined;

  constructor(target: string, options: BaseOptions, shapes: Shapes, authRoute?: AuthRoute) {
    this.#target = target.replace(/\/+$/, "");
    this.#options = options;
    this.#shapes = shapes;
    this.#authRoute = authRoute;
  }

  /** Calls a typed endpoint. */
  async call<Result>(route: Route, args: readonly unknown[]): Promise<Result> {
    const { request, options } = this.#prepare(route, args);
    return this.#withDeadline(options, async (deadline) => {
      const response = await this.#send(route, request, options, deadline);
      const text = await response.text();
      return this.#readResult(route, response, text) as Result;
    });
  }

  // if raw
  /** Calls a raw endpoint; the response is given whatever its status is. */
  async raw(route: Route, methods: readonly string[], args: readonly unknown[]): Promise<Response> {
    const { method = methods[0] ?? "GET", params = {}, query = {}, body, ...options } = readRawArguments(route, args);
    const placed: PlacedRequest = { ...placeRequest(route, params, {}), query: toSearchParams(query), body: undefined };
    const { address, headers } = await this.#address(placed, options);
    // The body of the answer may be read for as long as the caller likes: only the head of it is awaited here.
    return this.#withDeadline(options, ({ signal }) => {
      const init: RequestInit = { ...this.#options.requestInit, method, headers, signal: options.signal ?? signal };
      return this.#fetch(address, body === undefined ? init : { ...init, body });
    });
  }
  // end raw

  // if streams
  streamInOut<Out, In>(route: Route, args: readonly unknown[]): Promise<StreamInOut<Out, In>> {
    return this.#stream(route, args, (connect) => StreamInOut.open<Out, In>(connect));
  }

  streamIn<In>(route: Route, args: readonly unknown[]): Promise<StreamIn<In>> {
    return this.#stream(route, args, (connect) => StreamIn.open<In>(connect));
  }

  streamOut<Out, Result>(route: Route, args: readonly unknown[]): Promise<StreamOut<Out, Result>> {
    return this.#stream(route, args, (connect) => StreamOut.open<Out, Result>(connect));
  }
  // end streams

  // if events
  /** Server-sent events; opened when somebody begins to read. */
  events<Data>(route: Route, args: readonly unknown[]): EventStream<Data> {
    const { request, options } = this.#prepare(route, args);
    return new EventStream<Data>((lastEventId) =>
      openEvents(
        (headers, signal) =>
          this.#open(route, request, { ...options, headers: { ...options.headers, ...headers } }, signal),
        (wire) => fromWire(wire, route.outgoing ?? null, this.#shapes) as Data,
        { lastEventId, signal: options.signal },
      ),
    );
  }

  /** Values as the endpoint yields them; asked for when somebody begins to read. */
  lines<Item>(route: Route, args: readonly unknown[]): AsyncGenerator<Item, void, undefined> {
    const { request, options } = this.#prepare(route, args);
    return openLines(
      (headers, signal) =>
        this.#open(route, request, { ...options, headers: { ...options.headers, ...headers } }, signal),
      (wire) => fromWire(wire, route.outgoing ?? null, this.#shapes) as Item,
      options.signal,
    );
  }
  // end events

  #prepare(route: Route, args: readonly unknown[]): { request: PlacedRequest; options: CallOptions } {
    const { request, options } = readArguments(route, args);
    return { request: placeRequest(route, request, this.#shapes), options: (options ?? {}) as CallOptions };
  }

  async #withDeadline<Result>(options: CallOptions, work: (deadline: Deadline) => Promise<Result>): Promise<Result> {
    const deadline = startDeadline(options.timeoutMs ?? this.#options.timeoutMs, options.signal);
    try {
      return await work(deadline);
    } catch (error) {
      throw deadline.reasonOf(error);
    } finally {
      deadline.release();
    }
  }

  // if events
  /** A response whose body is a stream: it may take as long as it takes. */
  async #open(route: Route, request: PlacedRequest, options: CallOptions, signal: AbortSignal): Promise<Response> {
    return this.#send(route, request, options, { signal, reasonOf: (error) => error, release: () => undefined });
  }
  // end events

  /** Gives the response when it is a good one. */
  async #send(route: Route, request: PlacedRequest, options: CallOptions, deadline: Deadline): Promise<Response> {
    const { signal } = deadline;
    const { address, headers } = await this.#address(request, options);
    const init: RequestInit = { ...this.#options.requestInit, method: route.method, headers, signal };
    if (request.body !== undefined) {
      init.body = request.body;
      headers["content-type"] = "application/json";
    }
    const retry = options.retry ?? this.#options.retry;
    const { attempts = 3, minBackoffMs = 100, maxBackoffMs = 2000 } = retry === false ? { attempts: 1 } : (retry ?? {});
    const last = idempotent.has(route.method) ? attempts : 1;
    for (let attempt = 1; ; attempt++) {
      const outcome = await this.#attempt(address, init);
      if (!(outcome instanceof APIError) && outcome.ok) return outcome;
      if (signal.aborted) throw signal.reason;
      const error = outcome instanceof APIError ? outcome : await errorOf(outcome);
      if (attempt >= last || !(error.status === 0 || worthAnother.has(error.status))) throw error;
      const askedMs = outcome instanceof APIError ? 0 : Number(outcome.headers.get("retry-after") ?? 0) * 1000;
      const backoffMs = Math.min(maxBackoffMs, minBackoffMs * 2 ** (attempt - 1)) * (0.5 + Math.random() / 2);
      await sleep(askedMs > backoffMs ? askedMs : backoffMs, signal);
    }
  }

  async #attempt(address: string, init: RequestInit): Promise<Response | APIError> {
    try {
      return await this.#fetch(address, init);
    } catch (error) {
      if (error instanceof APIError) return error;
      const reason = error instanceof Error ? error.message : String(error);
      const message = `${this.#target} could not be reached: ${reason}`;
      return new APIError(0, { code: ErrCode.Unavailable, message, details: null }, { cause: error });
    }
  }

  #fetch(address: string, init: RequestInit): Promise<Response> {
    const fetcher = this.#options.fetcher;
    return fetcher === undefined ? fetch(address, init) : fetcher(address, init);
  }

  async #address(
    request: PlacedRequest,
    options: CallOptions,
  ): Promise<{ address: string; headers: Record<string, string> }> {
    const auth = await this.#auth();
    const query = new URLSearchParams([...request.query, ...auth.query]);
    const headers: Record<string, string> = {
      ...this.#options.requestInit?.headers,
      ...this.#options.headers,
      ...auth.headers,
      ...request.headers,
      ...options.headers,
    };
    // Where there is a browser, it keeps the cookies and ignores this.
    const cookies = cookieHeader({ ...auth.cookies, ...request.cookies });
    if (cookies !== "") headers["cookie"] = cookies;
    return { address: withQuery(this.#target + request.path, query), headers };
  }

  async #auth(): Promise<Pick<PlacedRequest, "query" | "headers" | "cookies">> {
    const given = this.#options.auth;
    const data: unknown = typeof given === "function" ? await given() : given;
    const route = this.#authRoute;
    if (data === undefined || data === null || route === undefined) {
      return { query: new URLSearchParams(), headers: {}, cookies: {} };
    }
    const fields: Fields =
      typeof data === "string" && route.bearer !== undefined ? { [route.bearer]: `Bearer ${data}` } : (data as Fields);
    return placeRequest({ method: "GET", path: "", ...route }, fields, this.#shapes);
  }

  #readResult(route: Route, response: Response, text: string): unknown {
    const wire: unknown = text === "" ? undefined : JSON.parse(text);
    const result = fromWire(wire, route.response ?? null, this.#shapes);
    const { responseHeaders = {}, responseStatus } = route;
    const elsewhere: Record<string, unknown> =
      responseStatus === undefined ? {} : { [responseStatus]: response.status };
    for (const [name, [field, kind]] of Object.entries(responseHeaders)) {
      const value = response.headers.get(name);
      if (value !== null) elsewhere[field] = readText(value, kind);
    }
    return Object.keys(elsewhere).length === 0 ? result : { ...(result as object | undefined), ...elsewhere };
  }

  // if streams
  async #stream<Stream>(
    route: Route,
    args: readonly unknown[],
    open: (connect: Connect) => Promise<Stream>,
  ): Promise<Stream> {
    const { request, options } = this.#prepare(route, args);
    const { address, headers } = await this.#address(request, options);
    // Cookies are the browser's business; nobody else can send them with a WebSocket.
    const { cookie: _cookie, ...passed } = headers;
    const platform = (globalThis as { WebSocket?: WebSocketClass }).WebSocket;
    const Socket = this.#options.webSocket ?? platform;
    if (Socket === undefined)
      throw new Error("there is no WebSocket here: give the client one as the option webSocket");
    return this.#withDeadline(options, ({ signal }) =>
      open({
        socket: () => new Socket(address.replace(/^http/, "ws"), webSocketProtocols(passed)),
        opening: signal,
        signal: options.signal,
        route,
        shapes: this.#shapes,
      }),
    );
  }
  // end streams
}

async function errorOf(response: Response): Promise<APIError> {
  return errorFromText(response.status, await response.text(), response.headers.get("x-request-id"));
}

// if raw
/** One object, or method, parameters of the path, body and options one by one. */
function readRawArguments(route: Route, args: readonly unknown[]): RawInit {
  if (typeof args[0] !== "string") return (args[0] ?? {}) as RawInit;
  const names = route.path.split("/").flatMap((segment) => (/^[:*!]/.test(segment) ? [segment.slice(1)] : []));
  const params = Object.fromEntries(names.map((name, at) => [name, args[at + 1]])) as NonNullable<RawInit["params"]>;
  const body = args[names.length + 1] as RequestInit["body"] | undefined;
  const options = (args[names.length + 2] ?? {}) as RawInit;
  return { ...options, method: args[0], params, ...(body === undefined ? {} : { body }) };
}

function toSearchParams(query: NonNullable<RawInit["query"]>): URLSearchParams {
  if (query instanceof URLSearchParams) return query;
  const pairs = Object.entries(query).flatMap(([name, value]) =>
    (typeof value === "string" ? [value] : value).map((text): [string, string] => [name, text]),
  );
  return new URLSearchParams(pairs);
}
// end raw

/** So that methods may be passed on without their object. */
export function bindMethods(service: object): void {
  const prototype = Object.getPrototypeOf(service) as Record<string, unknown>;
  for (const name of Object.getOwnPropertyNames(prototype)) {
    const method = prototype[name];
    if (name !== "constructor" && typeof method === "function") {
      Object.defineProperty(service, name, { value: method.bind(service), configurable: true });
    }
  }
}
