// The default engine with one of its promises broken, as an engine of somebody else's would be loaded: what the checker has to find.
import { join } from "node:path";
import { createTopicControl as createControl } from "@tenon/runtime";
import { root } from "../../harness/tenon.mjs";

const { createPostgresBroker } = await import(
  join(root, "packages/runtime/dist/messaging/postgres/postgres-broker.js")
);

/** `change(broker)`: the methods that are not the engine's own. */
export function carelessEngine(change) {
  return {
    createTopicControl: ({ connection_string: url }) => createControl(url),
    createBroker({ connection_string: url }) {
      const broker = createPostgresBroker(url);
      return {
        system: broker.system,
        declare: (topics) => broker.declare(topics),
        publish: (topic, messages) => broker.publish(topic, messages),
        consume: (subscription, receiver) => broker.consume(subscription, receiver),
        close: () => broker.close(),
        ...change(broker),
      };
    },
  };
}
