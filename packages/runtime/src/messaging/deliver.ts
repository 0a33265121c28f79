// One delivery to a handler of single messages: the message is checked, the handler runs inside its own span and context with the
// middleware around it, and its outcome is told.
import { runInCall } from "../call/context.ts";
import { MiddlewareRequest } from "../middleware/middleware-request.ts";
import { runMiddleware } from "../middleware/run-middleware.ts";
import type { Delivery, Outcome } from "./broker.ts";
import { startConsumerSpan } from "./consumer-span.ts";
import { decodeMessage } from "./decode-message.ts";
import { extendDeliveries } from "./extend-delivery.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";
import type { MessageContext, TransactionContext } from "./message-context.ts";
import { failed, handled, refused, whenTimeIsOver } from "./outcome.ts";
import { ServedMessage } from "./served-message.ts";

/** Never rejects. */
export async function deliver(hosted: HostedSubscription, delivery: Delivery): Promise<Outcome> {
  const { id, attempt, signal } = delivery;
  const span = startConsumerSpan(hosted.spans.handle, delivery);
  span.set("tenon.delivery.attempt", attempt);
  const decoded = decodeMessage(hosted.codec, delivery.payload);
  const message = "message" in decoded ? decoded.message : undefined;
  const served = new ServedMessage(hosted, { id, attempt, message }, span, signal);
  const outcome = await runInCall(served, async () => {
    if ("reason" in decoded) return refused(hosted, delivery, decoded.reason, span);
    try {
      await Promise.race([handle(hosted, delivery, message, served), whenTimeIsOver(signal)]);
      return handled;
    } catch (error) {
      span.fail(error);
      return failed(hosted, delivery, error);
    }
  });
  span.end();
  return outcome;
}

async function handle(
  { subscription, loaded, middlewares, inbox }: HostedSubscription,
  delivery: Delivery,
  message: unknown,
  served: ServedMessage,
): Promise<void> {
  const run = async (context: MessageContext) => {
    const handler = () => loaded.handler!(message, context);
    if (middlewares.length === 0) await handler();
    else await runMiddleware(middlewares, new MiddlewareRequest(served), handler);
  };
  const context = contextOf(subscription.topic, delivery);
  if (inbox === undefined) return run(context);
  const isNew = await inbox(delivery, (tx, holdOpen) => {
    const extend: MessageContext["extend"] = async (duration) => {
      await context.extend(duration);
      await holdOpen(duration);
    };
    return run({ ...context, extend, tx } as TransactionContext);
  });
  if (!isNew) served.span.set("tenon.delivery.repeat", true);
}

function contextOf(topic: string, delivery: Delivery): MessageContext {
  const { id: messageId, attempt, publishedAt, signal } = delivery;
  const extend: MessageContext["extend"] = (duration) => extendDeliveries(topic, [delivery], duration);
  return { messageId, attempt, publishedAt, signal, extend };
}
