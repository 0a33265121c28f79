// One typed call to an endpoint of this process while its handler runs: checked copies both ways, a span on either side, a deadline, and
// nothing else. Endpoints with middleware or schemas take the longer way of `callInProcess`, with the same outcome.
import type { Identity } from "../auth/identity.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import type { APIError } from "./api-error.ts";
import { authenticate } from "./authenticate.ts";
import type { Cancelable, Cancellation } from "./cancellation.ts";
import { type CallContext, handleInCall } from "./context.ts";
import { copyResponse } from "./encode.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, isPromise, promiseIn } from "./invoke.ts";
import { errorForCaller, recordError } from "./normalize-error.ts";
import { recordRequest, recordResponseValue } from "./record-payload.ts";
import { newRequestId } from "./request-id.ts";
import { ServedCall } from "./served-call.ts";

// hot: guarded by bench/call
export class LocalCall extends ServedCall implements Cancelable {
  readonly result: Promise<unknown>;
  private readonly callerSpan: RecordedSpan;
  private resolve!: (value: unknown) => void;
  private reject!: (reason: unknown) => void;
  private isOver = false;

  /** `nowMs`: `performance.now()`, just read. */
  constructor(
    hosted: HostedEndpoint,
    callerSpan: RecordedSpan,
    parent: CallContext | undefined,
    deadlineAt: number,
    cancellation: Cancellation,
    nowMs: number,
  ) {
    const requestId = parent === undefined ? newRequestId() : parent.requestId;
    super(hosted, callerSpan, requestId, deadlineAt, parent?.service, cancellation, nowMs);
    this.callerSpan = callerSpan;
    this.result = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  /** `input`: the callee's own copy. */
  run(input: unknown, identity: Identity | undefined): void {
    const { hosted, cancellation } = this;
    try {
      authenticate(hosted, this, identity);
      this.payload = input;
      recordRequest(this, input);
      if (cancellation.reason !== undefined) throw cancellation.reason;
      const returned = handleInCall(this, hosted.handler, input);
      if (isPromise(returned)) {
        cancellation.add(this);
        promiseIn(this, returned).then(
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
      recordResponseValue(this, copy);
    } catch (error) {
      this.fail(error);
      return;
    }
    this.finish();
    this.resolve(copy);
  }

  private fail(thrown: unknown): void {
    if (this.isOver) return;
    const error = errorForCaller(failed(this, thrown), this.hosted.codec.errors);
    recordError(this.callerSpan, error);
    this.finish();
    this.reject(error);
  }

  private finish(): void {
    this.isOver = true;
    const { cancellation } = this;
    const nowMs = performance.now();
    cancellation.remove(this);
    this.end(nowMs);
    cancellation.release();
    this.callerSpan.endAt(nowMs);
  }
}
