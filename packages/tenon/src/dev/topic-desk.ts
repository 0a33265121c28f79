// What people ask of the app's topics while it runs, for the dashboard and `tenon topic`. A replay is a span of its own, which the spans of
// what is delivered again are linked to.
import type { TopicDesk } from "@tenon/dashboard";
import type { TopicControl } from "@tenon/model";
import { formatTraceparent, startSpan } from "@tenon/runtime";

/** Who replays, in traces. */
const service = "tenon";

export function createTopicDesk(control: TopicControl): TopicDesk {
  return {
    states: () => control.states(),
    deadLetters: (...wanted) => control.deadLetters(...wanted),
    discard: (...wanted) => control.discard(...wanted),
    async replay(topic, subscription, options) {
      const span = startSpan({
        name: `replay ${topic}/${subscription}`,
        kind: "internal",
        service,
        attributes: {
          "messaging.destination.name": topic,
          "messaging.consumer.group.name": subscription,
          ...(options.perSecond === undefined ? {} : { "tenon.replay.per_second": options.perSecond }),
        },
      });
      try {
        const replayed = await control.replay(topic, subscription, {
          ...options,
          traceparent: formatTraceparent(span),
        });
        span.set("messaging.batch.message_count", replayed);
        return { replayed, traceId: span.traceId };
      } catch (error) {
        span.fail(error);
        throw error;
      } finally {
        span.end();
      }
    },
  };
}
