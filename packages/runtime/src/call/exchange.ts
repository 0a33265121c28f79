// One HTTP request and its answer as the journey sees them. `listen` makes them from whatever server is underneath; nothing behind
// it knows node:http, so that another server can take its place.
import type { Readable } from "node:stream";

export type RequestHeaders = Readonly<Record<string, string | string[] | undefined>>;

export interface IncomingRequest {
  readonly method: string;
  /** Starting with "/", still percent-encoded, without the query; "*" for `OPTIONS *`. */
  readonly path: string;
  /** What stands behind "?", without it. */
  readonly query: string;
  /** Lower-case names. */
  readonly headers: RequestHeaders;
  /** Announced size; null when there is no body or its size is not known beforehand. */
  readonly bodySizeBytes: number | null;
  readonly hasBody: boolean;
  /** Address of the other end; "" over a unix socket. */
  readonly remoteAddress: string;
  /** The body; telling a waiting client to go on (`Expect: 100-continue`) happens on the first call. */
  openBody(): Readable;
  /** Calls back once if the client goes away before the answer has been sent. */
  onClientGone(callback: () => void): void;
}

export interface OutgoingResponse {
  readonly status: number;
  /** Lower-case names; several values for `set-cookie` and its like. */
  readonly headers: Record<string, string | string[]>;
  /** null: none, as for 204. */
  readonly body: string | Uint8Array | Readable | null;
}

/** The value of a header that may occur once; of several, the first. */
export function headerOf(headers: RequestHeaders, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
