// The context of a message while a handler works on it: what `currentCall()` and `currentRequest()` give there.
import type { CallContext } from "../call/context.ts";
import { newRequestId } from "../call/request-id.ts";
import type { PubSubMessageMeta, RequestMeta } from "../call/request-meta.ts";
import type { MiddlewareSubject } from "../middleware/middleware-request.ts";
import type { RecordedSpan } from "../telemetry/recorded-span.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";

/** A message as `currentRequest()` tells of it. */
export interface ServedDelivery {
  readonly id: string;
  readonly attempt: number;
  /** Decoded; undefined: it does not match its type. */
  readonly message: unknown;
}

/** Neither the publisher's deadline nor who it acted for holds here; its trace goes on. */
export class ServedMessage implements CallContext, MiddlewareSubject {
  readonly span: RecordedSpan;
  readonly service: string;
  /** The subscription. */
  readonly endpoint: string;
  readonly requestId = newRequestId();
  readonly deadlineAt = undefined;
  readonly caller = undefined;
  readonly signal: AbortSignal;
  /** What middleware leaves for the middleware inside of it. */
  middlewareData: Record<string, unknown> | undefined = undefined;
  readonly #topic: string;
  readonly #served: ServedDelivery | readonly ServedDelivery[];

  /** `served`: an array is a batch, of one at least. */
  constructor(
    { service, subscription }: HostedSubscription,
    served: ServedDelivery | readonly ServedDelivery[],
    span: RecordedSpan,
    signal: AbortSignal,
  ) {
    this.span = span;
    this.service = service;
    this.endpoint = subscription.name;
    this.signal = signal;
    this.#topic = subscription.topic;
    this.#served = served;
  }

  /** Made anew each time, so that nobody can change what another sees. */
  get requestMeta(): RequestMeta {
    const served = this.#served;
    const isBatch = Array.isArray(served);
    const { id, attempt, message }: ServedDelivery = isBatch ? served[0] : served;
    const meta: PubSubMessageMeta = {
      type: "pubsub-message",
      service: this.service,
      topic: this.#topic,
      subscription: this.endpoint,
      messageId: id,
      deliveryAttempt: attempt,
      ...(message === undefined ? {} : { parsedPayload: copyOf(message) }),
      ...(isBatch ? { batch: served.map(metaOf) } : {}),
    };
    const { traceId, spanId, parentSpanId } = this.span;
    return { ...meta, trace: { traceId, spanId, ...(parentSpanId === null ? {} : { parentSpanId }) } };
  }
}

function metaOf({ id, attempt, message }: ServedDelivery) {
  return { messageId: id, deliveryAttempt: attempt, parsedPayload: copyOf(message) };
}

function copyOf(message: unknown): Record<string, unknown> {
  return { ...(message as object) };
}
