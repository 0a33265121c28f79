// What a handler holds of a stream: an iterable of what the client sends, a sink for what it gets, or both.
import { RequestError } from "../call/request-error.ts";
import { closeWhenForgotten } from "./held-streams.ts";
import { HoldingIterator } from "./holding-iterator.ts";
import type { StreamPort } from "./stream-port.ts";

/** What all three have. */
abstract class Served {
  readonly #port: StreamPort;
  readonly #name: string;
  #controller: AbortController | undefined;

  constructor(port: StreamPort, name: string) {
    this.#port = port;
    this.#name = name;
  }

  /** Aborts when the stream is over, whoever has ended it and however; its reason is an APIError. */
  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      const controller = new AbortController();
      this.#controller = controller;
      const name = this.#name;
      // Not `this`: the port would keep it alive.
      this.#port.onOver((reason) => controller.abort(reason ?? new RequestError("stream_ended", { endpoint: name })));
    }
    return this.#controller.signal;
  }

  protected async receive(): Promise<unknown> {
    const taken = await this.#port.inbox.take();
    if (taken.done) throw new RequestError("stream_ended", { endpoint: this.#name });
    return taken.message;
  }

  protected iterate(): AsyncGenerator<unknown, void, void> {
    return new HoldingIterator(this, this.#port.inbox[Symbol.asyncIterator]());
  }

  protected transmit(message: unknown): Promise<void> {
    return this.#port.send(message);
  }

  protected finish(): Promise<void> {
    return this.#port.close();
  }
}

/** The messages of a client, for the handler of `api.streamIn`. */
export class IterableStream extends Served {
  /** The next message. Rejects with an APIError: `out_of_range` when the client has said all, else what has ended the stream. */
  recv(): Promise<unknown> {
    return this.receive();
  }

  /** Ends when the client has said all; throws an APIError when the stream breaks off. Leaving the loop does not end the stream. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    return this.iterate();
  }
}

/** What a client listens to, for the handler of `api.streamOut`. */
export class Sink extends Served {
  /** Resolves when there is room for more. Rejects with an APIError when the stream is over. Need not be awaited. */
  send(message: unknown): Promise<void> {
    return this.transmit(message);
  }

  /** Ends the stream behind all that was sent. */
  close(): Promise<void> {
    return this.finish();
  }
}

/** Both ways, for the handler of `api.streamInOut`. */
export class IterableSocket extends Served {
  /** As of `IterableStream`. */
  recv(): Promise<unknown> {
    return this.receive();
  }

  /** As of `IterableStream`. */
  [Symbol.asyncIterator](): AsyncGenerator<unknown, void, void> {
    return this.iterate();
  }

  /** As of `Sink`. */
  send(message: unknown): Promise<void> {
    return this.transmit(message);
  }

  /** As of `Sink`. */
  close(): Promise<void> {
    return this.finish();
  }
}

export type ServedStream = IterableStream | Sink | IterableSocket;

/** `kind`: of the endpoint. */
export function createServedStream(kind: string, port: StreamPort, name: string): ServedStream {
  const Class = kind === "stream-in" ? IterableStream : kind === "stream-out" ? Sink : IterableSocket;
  const stream = new Class(port, name);
  closeWhenForgotten(stream, port);
  return stream;
}
