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
    recorded.push(...messages.map((message) => ({ ...message, publishedAt })));
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

  /** Those that this was not called for before. */
  takeUndelivered(topic: string): readonly RecordedMessage[] {
    const fresh = this.messagesOf(topic).filter(({ id }) => !this.#delivered.has(id));
    for (const { id } of fresh) this.#delivered.add(id);
    return fresh;
  }
}
