// The broker of a test: keeps what was published, in order, and delivers nothing by itself, so that a test decides what happens.
import type { Broker, OutgoingMessage } from "../messaging/broker.ts";

export interface RecordedMessage extends OutgoingMessage {
  readonly publishedAt: Date;
}

export class RecordingBroker implements Broker {
  readonly system = "memory";
  readonly #byTopic = new Map<string, RecordedMessage[]>();
  readonly #delivered = new Set<string>();

  async declare(): Promise<void> {}

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<void> {
    const publishedAt = new Date();
    const recorded = this.#byTopic.get(topic) ?? [];
    const isRepeat = ({ id, mayBeRepeat }: OutgoingMessage) => mayBeRepeat && recorded.some((one) => one.id === id);
    const fresh = messages.filter((message) => !isRepeat(message));
    recorded.push(...fresh.map((message) => ({ ...message, publishedAt })));
    this.#byTopic.set(topic, recorded);
  }

  consume(): { stop(): Promise<void> } {
    return { stop: async () => {} };
  }

  async close(): Promise<void> {
    this.#byTopic.clear();
  }

  messagesOf(topic: string): readonly RecordedMessage[] {
    return this.#byTopic.get(topic) ?? [];
  }

  /** Those that are due by now, and that this was not called for before. */
  takeUndelivered(topic: string, now: Date): readonly RecordedMessage[] {
    const isDue = ({ deliverAt }: OutgoingMessage) => deliverAt === null || deliverAt <= now;
    const fresh = this.messagesOf(topic).filter((message) => !this.#delivered.has(message.id) && isDue(message));
    for (const { id } of fresh) this.#delivered.add(id);
    return fresh;
  }
}
