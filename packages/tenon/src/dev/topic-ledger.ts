// What waits in the topics of an app and what is dead in them, for the dashboard and `tenon topic`.
import type { TopicControl } from "@tenon/model";
import { type MessagingConfig, openTopicControl } from "@tenon/runtime";

/** `locate`: where the messages are kept now; undefined: nowhere yet. */
export function createTopicLedger(locate: () => MessagingConfig | undefined): TopicControl {
  const control = async () => {
    const config = locate();
    return config && openTopicControl(config, process.cwd());
  };
  return {
    states: async () => (await (await control())?.states()) ?? [],
    deadLetters: async (...wanted) => (await (await control())?.deadLetters(...wanted)) ?? [],
    replay: async (...wanted) => (await (await control())?.replay(...wanted)) ?? 0,
    discard: async (...wanted) => (await (await control())?.discard(...wanted)) ?? 0,
  };
}
