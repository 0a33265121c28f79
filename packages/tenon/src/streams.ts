// The part of `tenon/api` that is about streams: their types, and those by which the generated clients are typed.
import type { StreamContract, StreamInClient, StreamInOutClient, StreamOutWithResponse } from "@tenon/runtime";

export {
  type EventsContext,
  type EventsHandlerFn,
  type EventsOptions,
  IterableSocket,
  IterableStream,
  type ServerEvent,
  Sink,
  type StreamContract,
  type StreamIn,
  type StreamInClient,
  type StreamInHandlerFn,
  type StreamInOut,
  type StreamInOutClient,
  type StreamInOutHandlerFn,
  type StreamOptions,
  type StreamOut,
  type StreamOutHandlerFn,
  type StreamOutWithResponse,
  type StreamSignal,
} from "@tenon/runtime";

type ContractOf<Stream> = Stream extends StreamContract<infer Types> ? Types : never;

/** What a caller gives when it opens a stream; `void` where it gives nothing. */
export type HandshakeOf<Stream> = ContractOf<Stream> extends { request: infer Request } ? Request : never;

/** What a caller holds of a stream: the mirror image of what the handler has. */
export type StreamOf<Stream> =
  ContractOf<Stream> extends { incoming: infer Incoming; outgoing: infer Outgoing }
    ? StreamInOutClient<Incoming, Outgoing>
    : ContractOf<Stream> extends { incoming: infer Incoming; response: infer Response }
      ? StreamOutWithResponse<Incoming, Response>
      : ContractOf<Stream> extends { outgoing: infer Outgoing }
        ? StreamInClient<Outgoing>
        : never;

/** What an endpoint yields that answers with many items: of server-sent events the whole event. */
// biome-ignore lint/suspicious/noExplicitAny: any function at all, whatever its parameters
export type ItemOf<Fn extends (...args: any[]) => unknown> =
  Awaited<ReturnType<Fn>> extends AsyncIterable<infer Item> ? Item : never;
