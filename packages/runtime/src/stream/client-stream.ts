// What a caller holds of a stream to another service: the mirror image of what the handler has.
import { RequestError } from "../call/request-error.ts";
import { closeWhenForgotten } from "./held-streams.ts";
import { HoldingIterator } from "./holding-iterator.ts";
import type { CallingPort } from "./stream-port.ts";

export class ClientStream {
  readonly #port: CallingPort;
  readonly #name: string;
  readonly #closesByEnding: boolean;

  constructor(port: CallingPort, name: string, kind: string) {
    this.#port = port;
    this.#name = name;
    // The handler still has its response to give.
    this.#closesByEnding = kind === "stream-in";
    closeWhenForgotten(this, port);
  }

  /** Resolves when there is room for more. Rejects with an APIError when the stream is over. Need not be awaited. */
  send(message: unknown): Promise<void> {
    return this.#port.send(message);
  }

  /** The next message. Rejects with an APIError: `out_of_range` when the other side has said all, else what has ended the stream. */
  async recv(): Promise<unknown> {
    const taken = await this.#port.inbox.take();
    if (taken.done) throw new RequestError("stream_ended", { endpoint: this.#name });
    return taken.message;
  }

  /** Ends when the other side has said all; throws an APIError when the stream breaks off. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    return new HoldingIterator(this, this.#port.inbox[Symbol.asyncIterator]());
  }

  /** This side has said all; the other one still may speak. */
  async end(): Promise<void> {
    this.#port.end();
  }

  /** Ends the stream behind all that was sent; the response of a handler that is only sent to still comes. */
  async close(): Promise<void> {
    if (this.#closesByEnding) this.#port.end();
    else await this.#port.close();
  }

  /** What the handler has returned. */
  response(): Promise<unknown> {
    return this.#port.response;
  }
}
