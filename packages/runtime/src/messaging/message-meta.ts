// What `currentRequest()` tells the handler of a message about it.
import type { RequestMeta } from "../call/request-meta.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import type { Delivery } from "./broker.ts";
import type { Receiver } from "./deliver.ts";

export interface Decoded {
  readonly message: unknown;
}

/** `parentSpanId` is the span that published it. */
export function messageMeta(
  { service, subscription }: Receiver,
  delivery: Delivery,
  decoded: Decoded | undefined,
  span: RecordingSpan,
  parentSpanId: string | undefined,
): RequestMeta {
  return {
    type: "pubsub-message",
    service,
    topic: subscription.topic,
    subscription: subscription.name,
    messageId: delivery.id,
    deliveryAttempt: delivery.attempt,
    ...(decoded === undefined ? {} : { parsedPayload: { ...(decoded.message as object) } }),
    trace: {
      traceId: span.traceId,
      spanId: span.spanId,
      ...(parentSpanId === undefined ? {} : { parentSpanId }),
    },
  };
}
