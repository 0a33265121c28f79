// Stands for a broker in a function that is only handed messages: its platform's queue keeps and repeats them. Nothing can be published.
import type { Broker } from "./broker.ts";
import { EngineCannot } from "./errors.ts";

const engine = "push";

export function createPushBroker(): Broker {
  return {
    system: engine,
    declare: async () => {},
    publish: async (topic) => {
      throw new EngineCannot(engine, topic, "only hands over what the platform's queue has");
    },
    consume: ({ topic, name }) => {
      throw new EngineCannot(engine, `${topic}/${name}`, "is for functions, to which their platform brings messages");
    },
    close: async () => {},
  };
}
