// Writes acknowledgements and deadlines of one subscription. What comes up while a request is under way goes out with the next one, so
// that a busy consumer makes few requests and a quiet one waits for none.
import type { PubsubApi } from "./pubsub-api.ts";

/** A request may have 512 KiB, and ids are some two hundred characters. */
const mostAtOnce = 1_000;

interface Entry {
  readonly ackId: string;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

class Lane {
  readonly #send: (ackIds: readonly string[]) => Promise<void>;
  readonly #waiting: Entry[] = [];
  #isSending = false;

  constructor(send: (ackIds: readonly string[]) => Promise<void>) {
    this.#send = send;
  }

  add(ackId: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ ackId, resolve, reject });
      if (!this.#isSending) void this.#sendAll();
    });
  }

  async #sendAll(): Promise<void> {
    this.#isSending = true;
    // Whoever asks in the same moment comes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const part = this.#waiting.splice(0, mostAtOnce);
      try {
        await this.#send(part.map(({ ackId }) => ackId));
        for (const { resolve } of part) resolve();
      } catch (error) {
        for (const { reject } of part) reject(error);
      }
    }
    this.#isSending = false;
  }
}

export class AckWriter {
  readonly #api: PubsubApi;
  readonly #subscription: string;
  readonly #acks: Lane;
  /** By seconds. */
  readonly #deadlines = new Map<number, Lane>();

  /** `subscription`: its whole name. */
  constructor(api: PubsubApi, subscription: string) {
    this.#api = api;
    this.#subscription = subscription;
    this.#acks = new Lane((ackIds) => api.acknowledge(subscription, ackIds));
  }

  acknowledge(ackId: string): Promise<void> {
    return this.#acks.add(ackId);
  }

  /** From now on nobody else is given it for so long; 0: somebody is at once. */
  setDeadline(ackId: string, seconds: number): Promise<void> {
    let lane = this.#deadlines.get(seconds);
    if (lane === undefined) {
      lane = new Lane((ackIds) => this.#api.modifyAckDeadline(this.#subscription, ackIds, seconds));
      this.#deadlines.set(seconds, lane);
    }
    return lane.add(ackId);
  }
}
