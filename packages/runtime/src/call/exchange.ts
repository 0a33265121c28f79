// One HTTP request and its answer as the journey sees them. `listen` makes them from whatever server is underneath; nothing behind
// it knows node:http, so that another server can take its place. Raw endpoints alone are promised Node's own objects.
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface IncomingRequest {
  readonly method: string;
  /** Starting with "/", still percent-encoded, without the query; "*" for `OPTIONS *`. */
  readonly path: string;
  /** What stands behind "?", without it. */
  readonly query: string;
  /** Lower-case names. Made when asked for: on a path that must be fast, ask for single ones by `header`. */
  readonly headers: RequestHeaders;
  /** One header by its lower-case name; one that is repeated as a single list (RFC 9110, 5.3), cookies joined with "; ". */
  header(name: string): string | undefined;
  /** Announced size; null when there is no body or its size is not known beforehand. */
  readonly bodySizeBytes: number | null;
  readonly hasBody: boolean;
  /**
   * Requests that follow on the connection before this one is answered are served beside it, and all of them are answered even when the
   * door is closing. Absent: that is not sure.
   */
  readonly allowsPipelining?: boolean;
  /** Address of the other end; "" over a unix socket. */
  readonly remoteAddress: string;
  /** Epoch milliseconds; whoever runs this process cuts the work off then. Absent: nobody does. */
  readonly deadlineAt?: number | undefined;
  /** The client waits to be told to go on before it sends the body (`Expect: 100-continue`). */
  readonly awaitsContinue: boolean;
  /** The body; telling a waiting client to go on happens on the first call. */
  openBody(): Readable;
  /** The whole body, at once where it has arrived already. Throws RequestError `body_too_large` past `limitBytes`; null: no limit. */
  readBody(limitBytes: number | null): Buffer | Promise<Buffer>;
  /** Fields behind the body, once all of it has been read. */
  trailers(): Readonly<Record<string, string>>;
  /** What a door has found for it when it was asked for the lane, so that it is looked up once; its own business. */
  matched?: unknown;
  /** Calls back once if the client goes away before the answer has been sent; at once if it has gone already. */
  onClientGone(callback: () => void): void;
  /** Leaves the answer to the caller, who writes it himself and then gives `ANSWERED` as the body. */
  takeOver(): NodeExchange;
}

export interface NodeExchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/** Stands for the body of an answer that has already gone out. */
export const ANSWERED: unique symbol = Symbol("answered");

export interface OutgoingResponse {
  readonly status: number;
  /** Default: the usual words for the status. */
  readonly statusText?: string;
  /** Lower-case names; several values for `set-cookie` and its like. */
  readonly headers: Record<string, string | string[]>;
  /** Header lines that are ready to be sent, each ended by CRLF, with names that `headers` does not have. Default: none. */
  readonly headerLines?: string;
  /** null: none, as for 204. */
  readonly body: string | Uint8Array | Readable | typeof ANSWERED | null;
  /** Fields behind the body, asked for when all of it is there; only with a body that streams. */
  readonly trailers?: () => Readonly<Record<string, string>>;
}

/** The value of a header that may occur once; of several, the first. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
