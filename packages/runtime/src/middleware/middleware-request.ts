// What middleware sees of the work it runs around.
import type { RequestMeta } from "../call/request-meta.ts";
import type { MiddlewareBag } from "./middleware.ts";

/** The context of the work: it knows its request and keeps what middleware hands on. */
export interface MiddlewareSubject {
  readonly requestMeta?: RequestMeta | undefined;
  middlewareData: Record<string, unknown> | undefined;
}

/** Besides the request itself, what the kind of endpoint has. */
export interface MiddlewareSeats {
  readonly stream?: unknown;
  readonly rawRequest?: unknown;
  readonly rawResponse?: unknown;
}

export class MiddlewareRequest<Data extends object = MiddlewareBag> {
  /** The stream of a stream endpoint: an iterable of its messages, something to send them to, or both. */
  // biome-ignore lint/suspicious/noExplicitAny: one of several stream types, whose messages are the endpoint's
  readonly stream: any;
  /** Of raw endpoints: Node's `IncomingMessage`. */
  // biome-ignore lint/suspicious/noExplicitAny: `tenon/api` says which; the journey knows nothing of node:http
  readonly rawRequest: any;
  /** Of raw endpoints: Node's `ServerResponse`. */
  // biome-ignore lint/suspicious/noExplicitAny: as above
  readonly rawResponse: any;
  readonly #subject: MiddlewareSubject;

  constructor(subject: MiddlewareSubject, seats: MiddlewareSeats = {}) {
    this.#subject = subject;
    this.stream = seats.stream;
    this.rawRequest = seats.rawRequest;
    this.rawResponse = seats.rawResponse;
  }

  /** The request: what `currentRequest()` gives in the handler. */
  get requestMeta(): RequestMeta | undefined {
    return this.#subject.requestMeta;
  }

  /** For later middleware and the handler, which finds it as `currentRequest().middlewareData`. */
  get data(): Data {
    this.#subject.middlewareData ??= {};
    return this.#subject.middlewareData as Data;
  }
}
