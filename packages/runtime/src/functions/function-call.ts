// One request of a platform that runs functions, and its answer, as plain values: every platform's event becomes the one, and the other
// becomes whatever that platform wants to be given.
import type { Readable } from "node:stream";
import type { RequestHeaders } from "../call/exchange.ts";

export interface FunctionCall {
  readonly method: string;
  /** Starting with "/", still percent-encoded, without the query. */
  readonly path: string;
  /** What stands behind "?", without it. */
  readonly query: string;
  /** Lower-case names; cookies in one header. */
  readonly headers: RequestHeaders;
  /** null: none. */
  readonly body: Buffer | null;
  /** Address of the client; "" where the platform does not say. */
  readonly remoteAddress: string;
  /** Epoch milliseconds; the platform cuts the work off then. undefined: it does not say when. */
  readonly deadlineAt: number | undefined;
  /** Aborts when the client goes away, where the platform says so. */
  readonly signal?: AbortSignal;
}

export interface FunctionAnswer {
  readonly status: number;
  /** Lower-case names; several values for `set-cookie` and its like. No framing: lengths are for the platform to say. */
  readonly headers: Readonly<Record<string, string | string[]>>;
  /** A stream is read while the endpoint writes it; destroying it tells the endpoint that nobody listens any more. */
  readonly body: Buffer | Readable;
}
