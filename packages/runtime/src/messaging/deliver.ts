// One delivery to one handler: the message is checked, the handler runs inside its own span and context with the middleware around it,
// and its outcome is told.
import type { Codec, Issue } from "@tenon/model";
import { runInCall } from "../call/context.ts";
import { log } from "../log/log.ts";
import type { Middleware } from "../middleware/middleware.ts";
import { MiddlewareRequest } from "../middleware/middleware-request.ts";
import { runMiddleware } from "../middleware/run-middleware.ts";
import { startSpan } from "../telemetry/recorder.ts";
import { parseTraceparent } from "../telemetry/trace-context.ts";
import type { Delivery, Outcome, SubscriptionSpec } from "./broker.ts";
import { ServedMessage } from "./served-message.ts";
import type { MessageHandler } from "./subscription.ts";

export interface HostedSubscription {
  readonly service: string;
  /** `messaging.system` of the broker. */
  readonly system: string;
  readonly subscription: SubscriptionSpec;
  readonly codec: Codec;
  readonly handler: MessageHandler;
  /** Outermost first. */
  readonly middlewares: readonly Middleware[];
}

/** Never rejects. */
export async function deliver(receiver: HostedSubscription, delivery: Delivery): Promise<Outcome> {
  const { service, subscription } = receiver;
  const { topic, name } = subscription;
  const parent = parseTraceparent(delivery.traceparent);
  const span = startSpan({
    name: `${topic}/${name}`,
    kind: "consumer",
    service,
    parent,
    attributes: {
      "messaging.system": receiver.system,
      "messaging.operation.type": "process",
      "messaging.destination.name": topic,
      "messaging.consumer.group.name": name,
      "messaging.message.id": delivery.id,
      "tenon.delivery.attempt": delivery.attempt,
    },
  });
  const served = new ServedMessage(service, subscription, delivery, span, parent);
  const outcome = await runInCall(served, () => outcomeOf(receiver, delivery, served));
  if (outcome.kind !== "handled") span.fail(new Error(outcome.reason));
  span.end();
  return outcome;
}

async function outcomeOf(receiver: HostedSubscription, delivery: Delivery, served: ServedMessage): Promise<Outcome> {
  const { codec, subscription } = receiver;
  const { topic, name } = subscription;
  const { id: messageId, attempt } = delivery;
  const decoded = decode(codec, delivery.payload);
  if ("reason" in decoded) {
    const { reason } = decoded;
    log.error(`a message of ${topic}/${name} goes to the dead letters: ${reason}`, { messageId });
    return { kind: "refused", reason };
  }
  served.message = decoded.message;
  try {
    await Promise.race([handle(receiver, delivery, served), whenAborted(delivery.signal)]);
    return { kind: "handled" };
  } catch (error) {
    const isLast = attempt > subscription.retryPolicy.maxRetries;
    if (isLast) log.error(error, `${topic}/${name} failed for the last time; a dead letter`, { messageId, attempt });
    else log.warn(error, `${topic}/${name} failed to handle a message; it comes again`, { messageId, attempt });
    return { kind: "failed", reason: error instanceof Error ? `${error.name}: ${error.message}` : String(error) };
  }
}

async function handle(
  { handler, middlewares }: HostedSubscription,
  delivery: Delivery,
  served: ServedMessage,
): Promise<void> {
  const { id: messageId, attempt, publishedAt, signal } = delivery;
  const run = () => handler(served.message, { messageId, attempt, publishedAt, signal });
  if (middlewares.length === 0) await run();
  else await runMiddleware(middlewares, new MiddlewareRequest(served), run);
}

function decode(codec: Codec, payload: string): { readonly message: unknown } | { readonly reason: string } {
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
