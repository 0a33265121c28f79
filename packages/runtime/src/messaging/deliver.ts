// One delivery to one handler: the message is checked, the handler runs inside its own span and context, and its outcome is told.
import type { Codec, Issue } from "@tenon/model";
import { type CallContext, runInCall } from "../call/context.ts";
import { newRequestId } from "../call/request-id.ts";
import { log } from "../log/log.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { Delivery, Outcome, SubscriptionSpec } from "./broker.ts";
import { type Decoded, messageMeta } from "./message-meta.ts";
import type { MessageHandler } from "./subscription.ts";

export interface Receiver {
  readonly service: string;
  readonly subscription: SubscriptionSpec;
  readonly codec: Codec;
  readonly handler: MessageHandler;
}

/** Never rejects. */
export async function deliver(receiver: Receiver, delivery: Delivery): Promise<Outcome> {
  const { service, subscription } = receiver;
  const { topic, name } = subscription;
  const parent = parseTraceparent(delivery.traceparent);
  const span = startSpan({
    name: `${topic}/${name}`,
    kind: "consumer",
    service,
    parent,
    attributes: {
      "messaging.system": "tenon",
      "messaging.operation.type": "process",
      "messaging.destination.name": topic,
      "messaging.consumer.group.name": name,
      "messaging.message.id": delivery.id,
      "tenon.delivery.attempt": delivery.attempt,
    },
  });
  const decoded = decode(receiver.codec, delivery.payload);
  const readable = "reason" in decoded ? undefined : decoded;
  // Neither the publisher's deadline nor who it acted for holds here; its trace goes on.
  const context: CallContext = {
    span,
    service,
    endpoint: name,
    requestId: newRequestId(),
    deadlineAt: undefined,
    signal: delivery.signal,
    caller: undefined,
    requestMeta: messageMeta(receiver, delivery, readable, span, parent?.spanId),
  };
  const outcome = await runInCall(context, () => outcomeOf(receiver, delivery, decoded));
  if (outcome.kind !== "handled") span.fail(new Error(outcome.reason));
  span.end();
  return outcome;
}

async function outcomeOf(
  { handler, subscription }: Receiver,
  delivery: Delivery,
  decoded: Decoded | Unreadable,
): Promise<Outcome> {
  const { topic, name } = subscription;
  if ("reason" in decoded) {
    log.error(`a message of ${topic} does not match its type and goes to the dead letters`, { reason: decoded.reason });
    return { kind: "refused", reason: decoded.reason };
  }
  const { id: messageId, attempt, publishedAt, signal } = delivery;
  try {
    const running = handler(decoded.message, { messageId, attempt, publishedAt, signal });
    await Promise.race([running, whenAborted(signal)]);
    return { kind: "handled" };
  } catch (error) {
    log.error(error, `${topic}/${name} failed to handle a message`, { messageId, attempt });
    return { kind: "failed", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

interface Unreadable {
  readonly reason: string;
}

function decode(codec: Codec, payload: string): Decoded | Unreadable {
  const issues: Issue[] = [];
  const message = codec.decode(JSON.parse(payload), issues);
  if (issues.length === 0) return { message };
  const list = issues.map((issue) => `${issue.path === "" ? "the message" : issue.path} ${issue.message}`);
  return { reason: `it does not match its type: ${list.join("; ")}` };
}

/** A handler that goes on after its time is no longer waited for: the message is somebody else's by then. */
function whenAborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const give = () => reject(new Error("the time for handling the message was over"));
    if (signal.aborted) give();
    else signal.addEventListener("abort", give, { once: true });
  });
}
