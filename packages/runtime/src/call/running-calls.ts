// Calls from other processes that may have to be canceled by a message, because they share their connection with others: a caller that
// has one for itself just closes it.
import type { Cancellation } from "./cancellation.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";

export interface RunningCall {
  readonly hosted: HostedEndpoint;
  readonly cancellation: Cancellation;
}

export class RunningCalls {
  /** By the id of the caller's span, which no two calls have in common. */
  private readonly bySpan = new Map<string, RunningCall>();

  add(spanId: string, call: RunningCall): void {
    this.bySpan.set(spanId, call);
  }

  remove(spanId: string): void {
    this.bySpan.delete(spanId);
  }

  /** One that has ended meanwhile is none of our concern. */
  cancel(spanId: string): void {
    const call = this.bySpan.get(spanId);
    if (call !== undefined) call.cancellation.cancel(call.hosted.callerGone());
  }
}
