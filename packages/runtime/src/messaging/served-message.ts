// The context of a message while a handler works on it: what `currentCall()` and `currentRequest()` give there.
import type { CallContext } from "../call/context.ts";
import { newRequestId } from "../call/request-id.ts";
import type { PubSubMessageMeta, RequestMeta } from "../call/request-meta.ts";
import type { MiddlewareSubject } from "../middleware/middleware-request.ts";
import type { RecordingSpan, SpanContext } from "../telemetry/span.ts";
import type { Delivery, SubscriptionSpec } from "./broker.ts";

/** Neither the publisher's deadline nor who it acted for holds here; its trace goes on. */
export class ServedMessage implements CallContext, MiddlewareSubject {
  readonly span: RecordingSpan;
  readonly service: string;
  /** The subscription. */
  readonly endpoint: string;
  readonly requestId = newRequestId();
  readonly deadlineAt = undefined;
  readonly caller = undefined;
  /** The decoded message, once it is there. */
  message: unknown = undefined;
  /** What middleware leaves for the middleware inside of it. */
  middlewareData: Record<string, unknown> | undefined = undefined;
  readonly #subscription: SubscriptionSpec;
  readonly #delivery: Delivery;
  readonly #parent: SpanContext | undefined;

  constructor(
    service: string,
    subscription: SubscriptionSpec,
    delivery: Delivery,
    span: RecordingSpan,
    parent: SpanContext | undefined,
  ) {
    this.span = span;
    this.service = service;
    this.endpoint = subscription.name;
    this.#subscription = subscription;
    this.#delivery = delivery;
    this.#parent = parent;
  }

  get signal(): AbortSignal {
    return this.#delivery.signal;
  }

  /** Made anew each time, so that nobody can change what another sees. */
  get requestMeta(): RequestMeta {
    const { topic, name } = this.#subscription;
    const meta: PubSubMessageMeta = {
      type: "pubsub-message",
      service: this.service,
      topic,
      subscription: name,
      messageId: this.#delivery.id,
      deliveryAttempt: this.#delivery.attempt,
      ...(this.message === undefined ? {} : { parsedPayload: { ...(this.message as object) } }),
    };
    const { traceId, spanId } = this.span;
    const parentSpanId = this.#parent?.spanId;
    return { ...meta, trace: { traceId, spanId, ...(parentSpanId === undefined ? {} : { parentSpanId }) } };
  }
}
