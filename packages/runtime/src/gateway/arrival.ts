// A public request of a typed endpoint of this process, as the door it came in by knows it: the gateway itself, or the internal door that
// a gateway has passed it on to.
import type { HostedEndpoint } from "../call/hosted-endpoint.ts";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import type { OutsideRequest } from "../call/outside-request.ts";
import type { SpanContext } from "../telemetry/span.ts";

export interface Arrival {
  readonly hosted: HostedEndpoint;
  readonly request: IncomingRequest;
  readonly requestId: string;
  readonly outside: OutsideRequest;
  /** The gateway's span. */
  readonly span: SpanContext | undefined;
  /** All header lines of an answer that is plain JSON; undefined: `complete` has more to say. */
  jsonLines(): string | undefined;
  /** Adds what every answer of the door has. */
  complete(headers: OutgoingResponse["headers"]): void;
  /** The answer is known; `nowMs`: `performance.now()`. */
  end(status: number, isClientGone: boolean, nowMs: number): void;
}
