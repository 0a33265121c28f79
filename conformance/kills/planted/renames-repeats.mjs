// Gives a message another id each time it is delivered, and is slow to write down that it was handled: whoever remembers ids takes a
// repeat for something new.
import { randomUUID } from "node:crypto";
import { carelessEngine } from "./careless-engine.mjs";

const delayMs = 50;

export const { createBroker, createTopicControl } = carelessEngine((broker) => ({
  consume(subscription, receiver) {
    const deliver = async (delivery) => {
      const outcome = await receiver.deliver(renamed(delivery));
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      return outcome;
    };
    return broker.consume(subscription, { deliver, bury: (burial) => receiver.bury(burial) });
  },
}));

function renamed(delivery) {
  const { payload, attributes, orderingKey, traceparent, deliverAt, mayBeRepeat, publishedAt, attempt, signal } =
    delivery;
  const extend = (durationMs) => delivery.extend(durationMs);
  const same = { payload, attributes, orderingKey, traceparent, deliverAt, mayBeRepeat, publishedAt, attempt, signal };
  return { ...same, id: randomUUID(), extend };
}
