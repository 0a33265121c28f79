// What waits in the topics of the running app and what is dead in them, for the dashboard and `tenon topic`.
import type { TopicControl } from "@tenon/model";
import { createTopicControl, type PostgresMessagingConfig } from "@tenon/runtime";

/** `locate`: where the messages are kept now; undefined: nowhere yet. */
export function createTopicLedger(locate: () => PostgresMessagingConfig | undefined): TopicControl {
  const control = () => {
    const config = locate();
    return config && createTopicControl(config.connectionString);
  };
  return {
    states: async () => (await control()?.states()) ?? [],
    deadLetters: async (...wanted) => (await control()?.deadLetters(...wanted)) ?? [],
    replay: async (...wanted) => (await control()?.replay(...wanted)) ?? 0,
    discard: async (...wanted) => (await control()?.discard(...wanted)) ?? 0,
  };
}
