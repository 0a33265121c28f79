// The context of the app's code that a door runs before any endpoint does: auth handlers, and what a gateway does with every request.
// Calls, statements and logs of it belong to the request.
import type { RecordingSpan } from "../telemetry/span.ts";
import type { Cancellation } from "./cancellation.ts";
import type { CallContext } from "./context.ts";

export class DoorContext implements CallContext {
  readonly span: RecordingSpan;
  readonly service: string;
  /** Name of the handler or gateway. */
  readonly endpoint: string;
  readonly requestId: string;
  readonly deadlineAt = undefined;
  readonly caller = undefined;
  private readonly cancellation: Cancellation;

  constructor(service: string, name: string, span: RecordingSpan, requestId: string, cancellation: Cancellation) {
    this.service = service;
    this.endpoint = name;
    this.span = span;
    this.requestId = requestId;
    this.cancellation = cancellation;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}
