// One end of a stream, whatever carries it: a WebSocket, or the memory of this process. The classes that handlers and callers hold
// are made on top of it, so that a stream means the same in every topology.
import type { APIError } from "../call/api-error.ts";
import type { Inbox } from "./inbox.ts";

export interface StreamPort {
  /** What the other end has sent. */
  readonly inbox: Inbox;
  /** How many messages this end has sent. */
  readonly sent: number;
  /**
   * Resolves when there is room for more. Rejects with an APIError when the stream is over, and when a caller's message is not what
   * its type says; a handler's then is a ContractError.
   */
  send(message: unknown): Promise<void>;
  /** An orderly end, behind all that was sent. Resolves when the other end has it. */
  close(): Promise<void>;
  /** Calls back once when the stream is over, at once if it is. undefined: in good order. */
  onOver(callback: (reason: APIError | undefined) => void): void;
}

/** The end of the side that serves. */
export interface ServingPort extends StreamPort {
  /** The handler's result, which also closes the stream. */
  respond(value: unknown): Promise<void>;
  /** Ends the stream with an error that the other end gets to see. */
  fail(error: APIError): void;
  /** The process is about to end. */
  stop(): void;
}

/** The end of the side that calls. */
export interface CallingPort extends StreamPort {
  /** This side has said all it had to say, and still listens. */
  end(): void;
  /** What the handler returned. */
  readonly response: Promise<unknown>;
  /** Ends the stream because the caller does not want it any more. */
  cancel(reason: APIError): void;
}
