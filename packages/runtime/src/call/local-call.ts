// One typed call to an endpoint of this process while its handler runs: checked copies both ways, a span on either side, a deadline, and
// nothing else. Endpoints with middleware or schemas take the longer way of `callInProcess`, with the same outcome.
import type { Identity } from "../auth/identity.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { APIError } from "./api-error.ts";
import { authenticate } from "./authenticate.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import { type CallContext, runInCallWith } from "./context.ts";
import { copyResponse } from "./encode.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, isPromise } from "./invoke.ts";
import { errorForCaller, recordError } from "./normalize-error.ts";
import { recordRequest, recordResponseValue } from "./record-payload.ts";
import { newRequestId } from "./request-id.ts";
import { ServedCall } from "./served-call.ts";

// hot: guarded by bench/call
export class LocalCall implements Cancelable {
  readonly result: Promise<unknown>;
  private readonly hosted: HostedEndpoint;
  /** The caller's. */
  private readonly span: RecordingSpan;
  private readonly served: ServedCall;
  private readonly cancellation: Cancellation;
  private resolve!: (value: unknown) => void;
  private reject!: (reason: unknown) => void;
  private isOver = false;

  constructor(
    hosted: HostedEndpoint,
    span: RecordingSpan,
    parent: CallContext | undefined,
    deadlineAt: number,
    cancellation: Cancellation,
  ) {
    this.hosted = hosted;
    this.span = span;
    this.cancellation = cancellation;
    const requestId = parent === undefined ? newRequestId() : parent.requestId;
    this.served = new ServedCall(hosted, span, requestId, deadlineAt, parent?.service, cancellation);
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** `input`: the callee's own copy. */
  run(input: unknown, identity: Identity | undefined): void {
    const { hosted, served, cancellation } = this;
    try {
      authenticate(hosted, served, identity);
      served.payload = input;
      recordRequest(served, input);
      if (cancellation.reason !== undefined) throw cancellation.reason;
      const returned = runInCallWith(served, hosted.handler, input);
      if (isPromise(returned)) {
        cancellation.add(this);
        returned.then(
          (value) => this.succeed(value),
          (error) => this.fail(error),
        );
      } else this.succeed(returned);
    } catch (error) {
      this.fail(error);
    }
  }

  cancel(reason: APIError): void {
    this.fail(reason);
  }

  /** A result that comes after the cancellation is nobody's any more. */
  private succeed(value: unknown): void {
    if (this.isOver) return;
    let copy: unknown;
    try {
      copy = copyResponse(this.hosted, value);
      recordResponseValue(this.served, copy);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.end();
    this.resolve(copy);
  }

  private fail(thrown: unknown): void {
    if (this.isOver) return;
    const error = errorForCaller(failed(this.served, thrown), this.hosted.codec.errors);
    recordError(this.span, error);
    this.end();
    this.reject(error);
  }

  private end(): void {
    this.isOver = true;
    this.cancellation.remove(this);
    this.served.end();
    this.cancellation.release();
    this.span.end();
  }
}
