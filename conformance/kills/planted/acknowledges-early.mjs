// Takes messages for handled as soon as their handlers have begun: the next one of a key does not wait, and a crash loses those under way.
import { carelessEngine } from "./careless-engine.mjs";

export const { createBroker, createTopicControl } = carelessEngine((broker) => ({
  consume(subscription, receiver) {
    const deliver = async (delivery) => {
      void receiver.deliver(delivery);
      return { kind: "handled" };
    };
    return broker.consume(subscription, { deliver, bury: (burial) => receiver.bury(burial) });
  },
}));
