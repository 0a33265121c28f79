// What an app's topics and subscriptions are called in NSQ: as infra.json says, but for names that NSQ does not take, which are hashed as
// Encore.ts does, so that its queues are found again. Dead letters of a subscription have a topic of their own.
import { createHash } from "node:crypto";
import type { NsqEngineConfig } from "./config.ts";

export interface SubscriptionNames {
  readonly topic: string;
  readonly channel: string;
  readonly deadTopic: string;
}

/** Of the topics of dead letters. */
export const lettersChannel = "letters";
/** For topics without subscriptions, which would otherwise keep everything for the first one to come. Gone with its last process. */
export const sinkChannel = "tenon-sink#ephemeral";

const longestName = 64;

export class Names {
  readonly #topics: NsqEngineConfig["topics"];

  constructor({ topics }: NsqEngineConfig) {
    this.#topics = topics;
  }

  topic(name: string): string | undefined {
    return Object.hasOwn(this.#topics, name) ? nameInNsq(this.#topics[name]!.name) : undefined;
  }

  subscription(topic: string, name: string): SubscriptionNames | undefined {
    if (!Object.hasOwn(this.#topics, topic)) return undefined;
    const { name: topicName, subscriptions } = this.#topics[topic]!;
    if (!Object.hasOwn(subscriptions, name)) return undefined;
    const [inNsq, channel] = [nameInNsq(topicName), nameInNsq(subscriptions[name]!.name)];
    return { topic: inNsq, channel, deadTopic: deadTopicOf(inNsq, channel) };
  }

  /** All of infra.json, by name. */
  all(): { readonly topic: string; readonly subscription: string; readonly names: SubscriptionNames }[] {
    return Object.keys(this.#topics)
      .sort()
      .flatMap((topic) =>
        Object.keys(this.#topics[topic]!.subscriptions)
          .sort()
          .map((subscription) => ({ topic, subscription, names: this.subscription(topic, subscription)! })),
      );
  }
}

function nameInNsq(name: string): string {
  return /^[.a-zA-Z0-9_-]{1,64}$/.test(name) ? name : createHash("sha3-256").update(name).digest("hex");
}

function deadTopicOf(topic: string, channel: string): string {
  const plain = `${topic}.${channel}.dead`;
  if (plain.length <= longestName) return plain;
  const digest = createHash("sha256").update(`${topic}/${channel}`).digest("hex").slice(0, 16);
  const end = `.${digest}.dead`;
  return `${topic.slice(0, longestName - end.length)}${end}`;
}
