// One request of a plain route: everything between the parsed request and its answer in one object, without a promise, function or
// record that it does not need. The stages and what they answer are those of the general way (desk.ts, call/serve-request.ts).
//
//   run ──> (body) ──> start ──> handler ──> value | error ──> answered
//                 └──────── the client goes away ────────────────┘
import type { Issue } from "@tenon/model";
import { admit } from "../call/admit.ts";
import { handleInCall } from "../call/context.ts";
import { encode, encodeJson } from "../call/encode.ts";
import type { IncomingRequest, OutgoingResponse } from "../call/exchange.ts";
import { failed } from "../call/invoke.ts";
import { OutsideRequest } from "../call/outside-request.ts";
import { parseJsonBody } from "../call/read-body.ts";
import { recordRequest, recordResponseText } from "../call/record-payload.ts";
import { invalidRequest } from "../call/request-error.ts";
import { requestIdFrom } from "../call/request-id.ts";
import { respond, respondError } from "../call/respond.ts";
import { ServedCall } from "../call/served-call.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import { endPublicRequest, startPublicRequest } from "../telemetry/request-spans.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { PlainRoute } from "./plain-route.ts";

/** Shared by all answers whose head is nothing but ready lines. */
const NO_HEADERS: OutgoingResponse["headers"] = Object.freeze({});
/** Of an answer to nobody's page. */
const JSON_LINES = "content-type: application/json\r\nvary: origin\r\n";
/** nginx's number for a client that did not wait. */
const CLIENT_GONE = 499;

/** Never throws or rejects: what goes wrong is in the answer. */
// hot: guarded by bench/door
export function visitPlainRoute(
  route: PlainRoute,
  params: readonly string[],
  request: IncomingRequest,
): OutgoingResponse | Promise<OutgoingResponse> {
  const nowMs = performance.now();
  const traceparent = request.header("traceparent");
  const parent = traceparent === undefined ? undefined : parseTraceparent(traceparent, request.header("tracestate"));
  const span = startPublicRequest(
    route.spanTemplate(request.method),
    parent,
    request.path,
    request.remoteAddress,
    request.header("user-agent"),
    nowMs,
  );
  return new PlainVisit(route, params, request, span, nowMs).run();
}

// hot: guarded by bench/door
class PlainVisit extends ServedCall {
  private readonly route: PlainRoute;
  private readonly request: IncomingRequest;
  private readonly gatewaySpan: RecordedSpan;
  private isWatched = false;
  private isClientGone = false;
  private answer: OutgoingResponse | undefined = undefined;

  constructor(
    route: PlainRoute,
    params: readonly string[],
    request: IncomingRequest,
    span: RecordedSpan,
    nowMs: number,
  ) {
    const requestId = requestIdFrom(request.header("x-request-id"));
    super(route.hosted, span, requestId, undefined, undefined, undefined, nowMs);
    this.route = route;
    this.request = request;
    this.gatewaySpan = span;
    this.outside = new OutsideRequest(request, params, requestId);
  }

  run(): OutgoingResponse | Promise<OutgoingResponse> {
    const { hosted, request } = this;
    if (!hosted.readsBody || !request.hasBody) return this.start(undefined);
    try {
      admit(request, hosted.endpoint.bodyLimitBytes);
      const bytes = request.readBody(hosted.endpoint.bodyLimitBytes);
      return bytes instanceof Promise ? this.afterBody(bytes) : this.start(bytes);
    } catch (error) {
      return this.answerError(error);
    }
  }

  private async afterBody(reading: Promise<Buffer>): Promise<OutgoingResponse> {
    this.watchClient();
    try {
      const bytes = await reading;
      return this.answer ?? (await this.start(bytes));
    } catch (error) {
      // A body that breaks off is the client's doing, not an error of ours.
      return this.answer ?? this.answerError(this.stopReason ?? error);
    }
  }

  private start(bytes: Buffer | undefined): OutgoingResponse | Promise<OutgoingResponse> {
    let returned: unknown;
    try {
      const input = this.decode(bytes);
      this.payload = input;
      recordRequest(this, input);
      returned = handleInCall(this, this.hosted.handler, input);
    } catch (thrown) {
      return this.answerError(thrown);
    }
    return isPromise(returned) ? this.settled(returned) : this.answerValue(returned);
  }

  private decode(bytes: Buffer | undefined): unknown {
    const body = bytes === undefined ? undefined : parseJsonBody(bytes);
    const codec = this.hosted.codec.request;
    if (codec === null) return undefined;
    const outside = this.outside as OutsideRequest;
    outside.body = body;
    const issues: Issue[] = [];
    const input = codec.decodeHttp(outside, issues);
    if (issues.length > 0) throw invalidRequest(this.hosted.name, issues);
    return input;
  }

  private settled(returned: PromiseLike<unknown>): Promise<OutgoingResponse> {
    this.watchClient();
    const promise = returned instanceof Promise ? returned : Promise.resolve(returned);
    return promise.then(
      (value: unknown) => this.answer ?? this.answerValue(value),
      (thrown: unknown) => this.answer ?? this.answerError(thrown),
    );
  }

  private watchClient(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.request.onClientGone(() => this.giveUp());
  }

  /** The spans end here, whatever the handler still does; what it returns later is nobody's any more. */
  private giveUp(): void {
    this.isClientGone = true;
    if (this.answer !== undefined) return;
    const reason = this.hosted.callerGone();
    this.cancellation.cancel(reason);
    this.answerError(reason);
  }

  private answerValue(value: unknown): OutgoingResponse {
    let answer: OutgoingResponse;
    try {
      answer = this.route.hasJsonBody ? this.encodeJson(value) : this.encodeWithHead(value);
    } catch (thrown) {
      return this.answerError(thrown);
    }
    return this.finish(answer);
  }

  private encodeJson(value: unknown): OutgoingResponse {
    const body = encodeJson(this.hosted, value);
    recordResponseText(this, body);
    if (body === undefined || this.request.header("origin") !== undefined) return this.complete(respond(body));
    const headerLines = `${JSON_LINES}x-request-id: ${this.requestId}\r\ntraceresponse: ${this.gatewaySpan.traceparent}\r\n`;
    return { status: 200, headers: NO_HEADERS, headerLines, body };
  }

  private encodeWithHead(value: unknown): OutgoingResponse {
    const { body, headers, status } = encode(this.hosted, value);
    recordResponseText(this, body);
    return this.complete(respond(body, headers, status));
  }

  private answerError(thrown: unknown): OutgoingResponse {
    return this.finish(this.complete(respondError(failed(this, thrown), {}, this.hosted.codec.errors)));
  }

  /** With the headers that every answer has. */
  private complete(response: OutgoingResponse): OutgoingResponse {
    const { headers } = response;
    this.route.cors.applyTo(this.request, headers);
    headers["x-request-id"] = this.requestId;
    headers["traceresponse"] = this.gatewaySpan.traceparent;
    return response;
  }

  private finish(answer: OutgoingResponse): OutgoingResponse {
    this.answer = answer;
    const nowMs = performance.now();
    this.end(nowMs);
    endPublicRequest(this.gatewaySpan, this.isClientGone ? CLIENT_GONE : answer.status, nowMs);
    return answer;
  }
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function";
}
