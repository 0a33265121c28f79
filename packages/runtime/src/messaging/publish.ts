// Publishing: checks and encodes the messages, makes the span, hands them to the broker. Resolves only once they are safe.
import type { Issue, Topic } from "@tenon/model";
import { APIError } from "../call/api-error.ts";
import { type CallContext, currentCall } from "../call/context.ts";
import { inPatience } from "../data/patience.ts";
import { startSpan } from "../telemetry/recorder.ts";
import type { RecordingSpan } from "../telemetry/span.ts";
import { formatTraceparent } from "../telemetry/trace-context.ts";
import type { Broker, OutgoingMessage } from "./broker.ts";
import { EngineCannot, messageInvalid } from "./errors.ts";
import { messagingFor } from "./messaging.ts";
import { remembersIds } from "./remembers-ids.ts";
import { transactionOf } from "./outbox/publish-transaction.ts";
import { writeToOutbox } from "./outbox/write-to-outbox.ts";
import { type AnyPublishOptions, planPublish, type PublishPlan } from "./publish-options.ts";
import { wellFormed } from "./storable-text.ts";

const longestPublishMs = 30_000;

/**
 * Ids in the order of the messages. Throws MessagingError for what is wrong with them, APIError `unavailable` when the broker fails; in a
 * transaction what `writeToOutbox` throws.
 */
export async function publish(
  name: string,
  messages: readonly unknown[],
  options: AnyPublishOptions = {},
): Promise<string[]> {
  const { broker, topic, codec } = messagingFor(name);
  const call = currentCall();
  const span = startSpan({
    name: `publish ${name}`,
    kind: "producer",
    service: call?.service ?? name,
    parent: call?.span,
    attributes: {
      "messaging.system": broker.system,
      "messaging.operation.type": "send",
      "messaging.destination.name": name,
      ...(messages.length === 1 ? {} : { "messaging.batch.message_count": messages.length }),
    },
  });
  try {
    const plan = planPublish(topic, messages.length, options);
    if (plan.mayBeRepeat && !remembersIds(broker, name)) throw forgetful(broker, name);
    const outgoing = messages.map((message, index) => {
      const issues: Issue[] = [];
      const wire = codec.encode(message, issues);
      if (issues.length > 0) throw messageInvalid(name, issues);
      return envelope(topic, wire as Record<string, unknown>, span, plan, plan.idOf(message, index));
    });
    if (outgoing.length === 1) span.set("messaging.message.id", outgoing[0]!.id);
    const sent = plan.mayBeRepeat ? withoutRepeats(outgoing) : outgoing;
    const transaction = transactionOf(options);
    if (transaction === undefined) await publishSafely(broker.publish(name, sent), name, call);
    else await writeToOutbox(transaction, name, sent);
    return outgoing.map(({ id }) => id);
  } catch (error) {
    span.fail(error);
    throw error;
  } finally {
    span.end();
  }
}

/** Said here too: what is published in a transaction would be refused when nobody waits for it any more. */
function forgetful({ system }: Broker, topic: string): EngineCannot {
  const lacking = "it does not remember ids, so that a message with a dedupKey could reach its subscriptions twice";
  return new EngineCannot(system, `the topic "${topic}"`, lacking);
}

function envelope(
  topic: Topic,
  wire: Record<string, unknown>,
  span: RecordingSpan,
  { deliverAt, mayBeRepeat }: PublishPlan,
  id: string,
): OutgoingMessage {
  const attributes: Record<string, string> = {};
  for (const name of topic.attributes) {
    const value = wire[name];
    if (value !== undefined && value !== null) attributes[name] = wellFormed(String(value));
  }
  const { orderingAttribute } = topic;
  return {
    id,
    payload: JSON.stringify(wire),
    attributes,
    orderingKey: orderingAttribute === undefined ? null : (attributes[orderingAttribute] ?? ""),
    traceparent: formatTraceparent(span),
    deliverAt,
    mayBeRepeat,
  };
}

/** The first of each id: engines remember what was accepted, and not what is about to be. */
function withoutRepeats(messages: readonly OutgoingMessage[]): OutgoingMessage[] {
  const byId = new Map<string, OutgoingMessage>();
  for (const message of messages) if (!byId.has(message.id)) byId.set(message.id, message);
  return [...byId.values()];
}

async function publishSafely(published: Promise<void>, topic: string, call: CallContext | undefined): Promise<void> {
  try {
    // A broker that says nothing is not waited for until the caller has gone.
    await inPatience(published, call, longestPublishMs, () => new Error("the broker does not answer"));
  } catch (error) {
    // By its code: the package of an engine may have a copy of the class of its own. Trying again would change nothing.
    if ((error as Partial<EngineCannot>).code === "engine_cannot") throw error;
    throw new APIError("unavailable", `a message for the topic "${topic}" could not be published`, error as Error);
  }
}
