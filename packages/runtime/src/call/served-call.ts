// The context of a request while one of our endpoints serves it: what `currentCall()` gives, plus how to stop it.
import type { Identity } from "../auth/identity.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import { startTemplateSpan } from "../telemetry/recorder.ts";
import type { SpanContext } from "../telemetry/span.ts";
import type { APIError } from "./api-error.ts";
import { apiCallMeta, type OutsideRequest } from "./api-call-meta.ts";
import { Cancellation } from "./cancellation.ts";
import type { CallContext } from "./context.ts";
import type { HostedEndpoint } from "./hosted-endpoint.ts";
import { newRequestId } from "./request-id.ts";
import type { RequestMeta } from "./request-meta.ts";

// hot: guarded by bench/call
export class ServedCall implements CallContext {
  readonly span: RecordedSpan;
  readonly service: string;
  readonly endpoint: string;
  readonly deadlineAt: number | undefined;
  readonly caller: string | undefined;
  readonly hosted: HostedEndpoint;
  /** Set for a request from outside. */
  outside: OutsideRequest | undefined = undefined;
  /** For whom it is made, once that is known. */
  identity: Identity | undefined = undefined;
  /** The decoded request, once it is there. */
  payload: unknown = undefined;
  /** The outcome as metrics have it: "ok" or the code of the error. */
  code = "ok";
  private readonly startedAtMs: number;
  private stop: Cancellation | undefined;
  private ownRequestId: string | undefined;
  private ownAuthData: unknown = undefined;
  /** What middleware leaves for the handler. */
  middlewareData: Record<string, unknown> | undefined = undefined;

  constructor(
    hosted: HostedEndpoint,
    parent: SpanContext | undefined,
    /** Absent: `makeRequestId` gives it when it is asked for. */
    requestId: string | undefined,
    deadlineAt: number | undefined,
    caller: string | undefined,
    /** Absent: one of its own, made when somebody asks for it. */
    cancellation: Cancellation | undefined,
    /** `performance.now()`, where the caller has just read it. */
    nowMs: number = performance.now(),
  ) {
    this.startedAtMs = nowMs;
    this.span = startTemplateSpan(hosted.spanTemplate(caller), parent, nowMs);
    this.service = hosted.service;
    this.endpoint = hosted.endpoint.name;
    this.ownRequestId = requestId;
    this.deadlineAt = deadlineAt;
    this.caller = caller;
    this.stop = cancellation;
    this.hosted = hosted;
    hosted.metrics.begin();
  }

  /** undefined at the root of a trace. A text that is made for who asks. */
  get parentSpanId(): string | undefined {
    return this.span.parentSpanId ?? undefined;
  }

  /** Made anew each time: what middleware adds shows, and nobody can change what another sees. */
  get requestMeta(): RequestMeta {
    return apiCallMeta(this);
  }

  /** Ends the span and counts the call. Once. */
  end(nowMs: number = performance.now()): void {
    this.span.endAt(nowMs);
    this.hosted.metrics.end(this.code, nowMs - this.startedAtMs);
  }

  get requestId(): string {
    this.ownRequestId ??= this.makeRequestId();
    return this.ownRequestId;
  }

  protected makeRequestId(): string {
    return newRequestId();
  }

  /** What the auth handler gave, for this call alone: the same object whenever somebody asks; undefined for nobody. */
  get authData(): unknown {
    this.ownAuthData ??= this.identity?.newData();
    return this.ownAuthData;
  }

  get cancellation(): Cancellation {
    this.stop ??= new Cancellation(undefined);
    return this.stop;
  }

  /** Why the call must stop; undefined while it may go on. */
  get stopReason(): APIError | undefined {
    return this.stop?.reason;
  }

  get signal(): AbortSignal {
    return this.cancellation.signal;
  }
}

/** The cancellation that outgoing calls of this context hang on; a context that is not ours only has a signal. */
export function cancellationOf(context: CallContext | undefined): Cancellation | undefined {
  return context instanceof ServedCall ? context.cancellation : undefined;
}
