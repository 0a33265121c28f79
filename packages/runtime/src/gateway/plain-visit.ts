// One request of a typed endpoint, from the door on: everything between the parsed request and its answer in one object, without a promise, function or
// record that it does not need. The stages and what they answer are those of the general way (desk.ts, call/serve-request.ts).
//
//   run ──> (body) ──> start ──> handler ──> value | error ──> answered
//                 └──────── the client goes away ────────────────┘
import type { Issue } from "@tenon/model";
import type { Identity } from "../auth/identity.ts";
import { admit } from "../call/admit.ts";
import type { APIError } from "../call/api-error.ts";
import { authenticate } from "../call/authenticate.ts";
import { handleInCall } from "../call/context.ts";
import { encode, encodeJson } from "../call/encode.ts";
import type { OutgoingResponse } from "../call/exchange.ts";
import { failed, invoke, isPromise, promiseIn } from "../call/invoke.ts";
import { parseJsonBody } from "../call/read-body.ts";
import { recordRequest, recordResponseText } from "../call/record-payload.ts";
import { refineRequest } from "../call/refine.ts";
import { invalidRequest } from "../call/request-error.ts";
import { respond, respondError } from "../call/respond.ts";
import { encodeAnswer } from "../call/serve-request.ts";
import { ServedCall } from "../call/served-call.ts";
import type { Arrival } from "./arrival.ts";

/** Shared by all answers whose head is nothing but ready lines. */
const NO_HEADERS: OutgoingResponse["headers"] = Object.freeze({});

// hot: guarded by bench/door
export class PlainVisit extends ServedCall {
  private readonly arrival: Arrival;
  private isWatched = false;
  private isClientGone = false;
  private answer: OutgoingResponse | undefined = undefined;

  constructor(arrival: Arrival, nowMs: number) {
    super(arrival.hosted, arrival.span, undefined, arrival.request.deadlineAt, undefined, undefined, nowMs);
    this.arrival = arrival;
    this.outside = arrival.outside;
  }

  protected override makeRequestId(): string {
    return this.arrival.requestId;
  }

  /** Never throws or rejects: what goes wrong is in the answer. `identity`: whose request it is, if that is known. */
  run(identity: Identity | undefined): OutgoingResponse | Promise<OutgoingResponse> {
    const { hosted } = this;
    const { request } = this.arrival;
    try {
      // A gateway has asked already, but one in another process may know another version of the app.
      if (identity !== undefined || hosted.endpoint.auth) authenticate(hosted, this, identity);
      if (!hosted.readsBody || !request.hasBody) return this.start(undefined);
      admit(request, hosted.endpoint.bodyLimitBytes);
      const bytes = request.readBody(hosted.endpoint.bodyLimitBytes);
      return bytes instanceof Promise ? this.afterBody(bytes) : this.start(bytes);
    } catch (error) {
      return this.answerThrown(error);
    }
  }

  private async afterBody(reading: Promise<Buffer>): Promise<OutgoingResponse> {
    this.watchClient();
    try {
      const bytes = await reading;
      return this.answer ?? (await this.start(bytes));
    } catch (error) {
      // A body that breaks off is the client's doing, not an error of ours.
      return this.answer ?? this.answerThrown(this.stopReason ?? error);
    }
  }

  private start(bytes: Buffer | undefined): OutgoingResponse | Promise<OutgoingResponse> {
    if (!this.hosted.isPlain) return this.startRefined(bytes);
    let returned: unknown;
    try {
      const input = this.decode(bytes);
      this.payload = input;
      recordRequest(this, input);
      returned = handleInCall(this, this.hosted.handler, input);
    } catch (thrown) {
      return this.answerThrown(thrown);
    }
    return isPromise(returned) ? this.settled(returned) : this.answerValue(returned);
  }

  private decode(bytes: Buffer | undefined): unknown {
    const body = bytes === undefined ? undefined : parseJsonBody(bytes);
    const codec = this.hosted.codec.request;
    if (codec === null) return undefined;
    const { outside } = this.arrival;
    outside.body = body;
    const issues: Issue[] = [];
    const input = codec.decodeHttp(outside, issues);
    outside.body = undefined;
    if (issues.length > 0) throw invalidRequest(this.hosted.name, issues);
    return input;
  }

  private settled(returned: PromiseLike<unknown>): Promise<OutgoingResponse> {
    this.watchClient();
    const promise = promiseIn(this, returned);
    return promise.then(
      (value: unknown) => this.answer ?? this.answerValue(value),
      (thrown: unknown) => this.answer ?? this.answerThrown(thrown),
    );
  }

  /** Where middleware or a validation library has a say. */
  private async startRefined(bytes: Buffer | undefined): Promise<OutgoingResponse> {
    const { hosted } = this;
    const schema = hosted.schemas.request;
    this.watchClient();
    let input: unknown;
    try {
      input = this.decode(bytes);
      if (schema !== undefined) input = await refineRequest(hosted, schema, input);
    } catch (thrown) {
      return this.answer ?? this.answerThrown(thrown);
    }
    try {
      const { body, headers, status } = await invoke(hosted, this, input, encodeAnswer);
      if (this.answer !== undefined) return this.answer;
      recordResponseText(this, body);
      return this.finish(this.complete(respond(body, headers, status)));
    } catch (thrown) {
      return this.answer ?? this.answerFailed(thrown as APIError);
    }
  }

  private watchClient(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.arrival.request.onClientGone(() => this.giveUp());
  }

  /** The spans end here, whatever the handler still does; what it returns later is nobody's any more. */
  private giveUp(): void {
    this.isClientGone = true;
    if (this.answer !== undefined) return;
    const reason = this.hosted.callerGone();
    this.cancellation.cancel(reason);
    this.answerThrown(reason);
  }

  private answerValue(value: unknown): OutgoingResponse {
    let answer: OutgoingResponse;
    try {
      answer = this.hosted.hasJsonBody ? this.encodeJson(value) : this.encodeWithHead(value);
    } catch (thrown) {
      return this.answerThrown(thrown);
    }
    return this.finish(answer);
  }

  private encodeJson(value: unknown): OutgoingResponse {
    const body = encodeJson(this.hosted, value);
    recordResponseText(this, body);
    const headerLines = body === undefined ? undefined : this.arrival.jsonLines();
    if (body === undefined || headerLines === undefined) return this.complete(respond(body));
    return { status: 200, headers: NO_HEADERS, headerLines, body };
  }

  private encodeWithHead(value: unknown): OutgoingResponse {
    const { body, headers, status } = encode(this.hosted, value);
    recordResponseText(this, body);
    return this.complete(respond(body, headers, status));
  }

  private answerThrown(thrown: unknown): OutgoingResponse {
    return this.answerFailed(failed(this, thrown));
  }

  private answerFailed(error: APIError): OutgoingResponse {
    return this.finish(this.complete(respondError(error, {}, this.hosted.codec.errors)));
  }

  private complete(response: OutgoingResponse): OutgoingResponse {
    this.arrival.complete(response.headers);
    return response;
  }

  private finish(answer: OutgoingResponse): OutgoingResponse {
    this.answer = answer;
    const nowMs = performance.now();
    this.end(nowMs);
    this.arrival.end(answer.status, this.isClientGone, nowMs);
    return answer;
  }
}
