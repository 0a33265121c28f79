// The last words about a message: the dead-letter handler of its subscription is told before it is put among the dead letters. Whatever
// the handler does, the message is kept.
import { runInCall } from "../call/context.ts";
import { clock } from "../clock/clock.ts";
import { log } from "../log/log.ts";
import type { Burial } from "./broker.ts";
import { startConsumerSpan } from "./consumer-span.ts";
import { decodeMessage } from "./decode-message.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";
import { whenTimeIsOver } from "./outcome.ts";
import { ServedMessage } from "./served-message.ts";

/** Never rejects, and takes no longer than the handler of a message may. */
export async function bury(hosted: HostedSubscription, { message, attempts, reason }: Burial): Promise<void> {
  const { codec, fullName, loaded, spans, subscription } = hosted;
  const { deadLetterHandler } = loaded;
  if (deadLetterHandler === undefined) return;
  const { id: messageId, publishedAt } = message;
  const span = startConsumerSpan(spans.bury, message);
  span.set("tenon.dead_letter.reason", reason);
  const decoded = decodeMessage(codec, message.payload);
  const isValid = "message" in decoded;
  const value = isValid ? decoded.message : decoded.raw;
  const over = new AbortController();
  const timer = clock().after(subscription.ackDeadlineMs, () => over.abort());
  const subject = { id: messageId, attempt: attempts, message: isValid ? value : undefined };
  const served = new ServedMessage(hosted, subject, span, over.signal);
  await runInCall(served, async () => {
    try {
      const told = deadLetterHandler(value, { messageId, attempts, reason, publishedAt, isValid });
      await Promise.race([told, whenTimeIsOver(over.signal)]);
    } catch (error) {
      span.fail(error);
      log.error(error, `the dead-letter handler of ${fullName} failed; the message is kept all the same`, {
        messageId,
      });
    }
  });
  timer.cancel();
  span.end();
}
