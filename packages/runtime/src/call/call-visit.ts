// One typed call from another process to an endpoint that nothing stands in front of: context, decode, handler, encode, in one object
// and one promise. What it answers is what the general way of `serveCall` would.
//
//   run ──> (body) ──> start ──> handler ──> value | error ──> answered
//                 └── deadline, caller gone, canceled ──────────┘
import type { Issue } from "@tenon/model";
import type { AuthBook } from "../auth/auth-book.ts";
import { AUTH_HEADERS, type Identity } from "../auth/identity.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { APIError } from "./api-error.ts";
import { authenticate } from "./authenticate.ts";
import { CALL_HEADERS } from "./call-headers.ts";
import type { Cancelable } from "./cancellation.ts";
import { handleInCall } from "./context.ts";
import { encodeForCall } from "./encode.ts";
import type { IncomingRequest, OutgoingResponse } from "./exchange.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { failed, isPromise, promiseIn } from "./invoke.ts";
import { parseJsonBody } from "./read-body.ts";
import { recordRequest, recordResponseText } from "./record-payload.ts";
import { invalidRequest } from "./request-error.ts";
import { requestIdFrom } from "./request-id.ts";
import { respondError } from "./respond.ts";
import type { RunningCalls } from "./running-calls.ts";
import { ServedCall } from "./served-call.ts";

/** Shared by all answers whose head is nothing but ready lines. */
const NO_HEADERS: OutgoingResponse["headers"] = Object.freeze({});
const RESULT_LINES = `${CALL_HEADERS.outcome}: result\r\ncontent-type: application/json\r\n`;
const SHAREABLE_RESULT_LINES = `${RESULT_LINES}${CALL_HEADERS.shared}: 1\r\n`;

/** Never throws or rejects: what goes wrong is in the answer. */
// hot: guarded by bench/call
export function visitCall(
  hosted: HostedEndpoint,
  auth: AuthBook,
  running: RunningCalls,
  request: IncomingRequest,
): OutgoingResponse | Promise<OutgoingResponse> {
  return new CallVisit(hosted, request, running, performance.now()).run(auth);
}

// hot: guarded by bench/call
class CallVisit extends ServedCall implements Cancelable {
  private readonly request: IncomingRequest;
  private readonly running: RunningCalls;
  private answer: OutgoingResponse | undefined = undefined;
  /** Id of the caller's span, by which a call is canceled that shares its connection. */
  private readonly sharedAs: string | undefined;
  private waiting: Promise<OutgoingResponse> | undefined = undefined;
  private deliver: ((answer: OutgoingResponse) => void) | undefined = undefined;

  constructor(hosted: HostedEndpoint, request: IncomingRequest, running: RunningCalls, nowMs: number) {
    const remainingMs = Number(request.header(CALL_HEADERS.deadlineMs) ?? Number.NaN);
    super(
      hosted,
      parseTraceparent(request.header("traceparent"), request.header("tracestate")),
      requestIdFrom(request.header(CALL_HEADERS.requestId)),
      remainingMs > 0 ? Date.now() + remainingMs : undefined,
      request.header(CALL_HEADERS.caller),
      undefined,
      nowMs,
    );
    this.request = request;
    this.running = running;
    this.sharedAs = request.header(CALL_HEADERS.shared) === "1" ? this.parentSpanId : undefined;
  }

  run(auth: AuthBook): OutgoingResponse | Promise<OutgoingResponse> {
    const { request } = this;
    try {
      authenticate(this.hosted, this, this.identityFrom(auth));
      if (!request.hasBody) return this.start(undefined);
      // The sender has checked the value against the same contract; no limit holds between services, as none does in process.
      const bytes = request.readBody(null);
      return bytes instanceof Promise ? this.afterBody(bytes) : this.start(bytes);
    } catch (error) {
      return this.answerError(error);
    }
  }

  cancel(reason: APIError): void {
    if (this.answer === undefined) this.deliver?.(this.answerError(reason));
  }

  private identityFrom(auth: AuthBook): Identity | undefined {
    const { request } = this;
    return request.header(AUTH_HEADERS.handler) === undefined ? undefined : auth.identityFrom(request.headers);
  }

  private afterBody(reading: Promise<Buffer>): Promise<OutgoingResponse> {
    reading.then(
      (bytes) => {
        if (this.answer !== undefined) return;
        const answer = this.start(bytes);
        if (!(answer instanceof Promise)) this.deliver!(answer);
      },
      (error: unknown) => {
        if (this.answer === undefined) this.deliver!(this.answerError(this.stopReason ?? error));
      },
    );
    return this.wait();
  }

  private start(bytes: Buffer | undefined): OutgoingResponse | Promise<OutgoingResponse> {
    let returned: unknown;
    try {
      const input = this.decode(bytes === undefined ? undefined : parseJsonBody(bytes));
      this.payload = input;
      recordRequest(this, input);
      returned = handleInCall(this, this.hosted.handler, input);
    } catch (thrown) {
      return this.answerError(thrown);
    }
    return isPromise(returned) ? this.settled(returned) : this.answerValue(returned);
  }

  private decode(wire: unknown): unknown {
    const codec = this.hosted.codec.request;
    if (codec === null) return undefined;
    const issues: Issue[] = [];
    const input = codec.decode(wire, issues);
    if (issues.length > 0) throw invalidRequest(this.hosted.name, issues);
    return input;
  }

  private settled(returned: PromiseLike<unknown>): Promise<OutgoingResponse> {
    promiseIn(this, returned).then(
      (value: unknown) => {
        if (this.answer === undefined) this.deliver!(this.answerValue(value));
      },
      (thrown: unknown) => {
        if (this.answer === undefined) this.deliver!(this.answerError(thrown));
      },
    );
    return this.wait();
  }

  /** Only what takes time can be stopped: the caller going away and the deadline are watched from here on. */
  private wait(): Promise<OutgoingResponse> {
    if (this.waiting !== undefined) return this.waiting;
    this.waiting = new Promise((resolve) => {
      this.deliver = resolve;
    });
    const { cancellation, hosted } = this;
    // First of all: what comes next may find that the call is over already.
    if (this.sharedAs !== undefined) this.running.add(this.sharedAs, this);
    cancellation.add(this);
    if (this.deadlineAt !== undefined) cancellation.cancelAt(this.deadlineAt, hosted.deadlinePassed);
    this.request.onClientGone(() => cancellation.cancel(hosted.callerGone()));
    return this.waiting;
  }

  private answerValue(value: unknown): OutgoingResponse {
    try {
      const body = encodeForCall(this.hosted, value);
      recordResponseText(this, body);
      const headerLines = this.request.allowsPipelining === true ? SHAREABLE_RESULT_LINES : RESULT_LINES;
      return this.finish({ status: 200, headers: NO_HEADERS, headerLines, body });
    } catch (thrown) {
      return this.answerError(thrown);
    }
  }

  private answerError(thrown: unknown): OutgoingResponse {
    const error = failed(this, thrown);
    const headers: OutgoingResponse["headers"] = { [CALL_HEADERS.outcome]: "error" };
    if (this.request.allowsPipelining === true) headers[CALL_HEADERS.shared] = "1";
    return this.finish(respondError(error, headers, this.hosted.codec.errors));
  }

  private finish(answer: OutgoingResponse): OutgoingResponse {
    this.answer = answer;
    if (this.waiting !== undefined) this.cancellation.release();
    if (this.sharedAs !== undefined) this.running.remove(this.sharedAs);
    this.end();
    return answer;
  }
}
