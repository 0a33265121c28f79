// How many messages were published, handled and failed within the last minute, counted from the spans that arrive: they tell the same of
// every engine. What is older is in the traces.
import type { Span } from "@tenon/model";

export interface Outcomes {
  readonly handledPerMinute: number;
  readonly failedPerMinute: number;
}

const windowSeconds = 60;
/** Any program of the machine may send spans. */
const mostNames = 2_000;

export class MessageRates {
  readonly #now: () => number;
  readonly #published = new Map<string, SlidingCount>();
  readonly #handled = new Map<string, SlidingCount>();
  readonly #failed = new Map<string, SlidingCount>();

  /** `now`: epoch milliseconds. */
  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  add(spans: readonly Span[]): void {
    for (const { kind, attributes, status } of spans) {
      const topic = attributes["messaging.destination.name"];
      if (typeof topic !== "string") continue;
      const count = Number(attributes["messaging.batch.message_count"] ?? 1);
      const subscription = attributes["messaging.consumer.group.name"];
      // What leaves an outbox was counted when it was written there.
      const isPublish = kind === "producer" && attributes["messaging.operation.name"] !== "relay";
      if (isPublish && status !== "error") this.#count(this.#published, topic, count);
      if (kind !== "consumer" || typeof subscription !== "string") continue;
      const outcomes = status === "error" ? this.#failed : this.#handled;
      this.#count(outcomes, `${topic}/${subscription}`, count);
    }
  }

  publishedPerMinute(topic: string): number {
    return this.#published.get(topic)?.sum(this.#second()) ?? 0;
  }

  of(topic: string, subscription: string): Outcomes {
    const name = `${topic}/${subscription}`;
    return {
      handledPerMinute: this.#handled.get(name)?.sum(this.#second()) ?? 0,
      failedPerMinute: this.#failed.get(name)?.sum(this.#second()) ?? 0,
    };
  }

  #count(counts: Map<string, SlidingCount>, name: string, count: number): void {
    if (!Number.isSafeInteger(count) || count < 0) return;
    let sliding = counts.get(name);
    if (sliding === undefined) {
      if (counts.size >= mostNames) return;
      sliding = new SlidingCount();
      counts.set(name, sliding);
    }
    sliding.add(this.#second(), count);
  }

  #second(): number {
    return Math.floor(this.#now() / 1_000);
  }
}

/** One number for each second of the window; a second takes the place of the one a window before. */
class SlidingCount {
  readonly #counts = new Array<number>(windowSeconds).fill(0);
  readonly #seconds = new Array<number>(windowSeconds).fill(0);

  add(second: number, count: number): void {
    const slot = second % windowSeconds;
    if (this.#seconds[slot] !== second) this.#counts[slot] = 0;
    this.#seconds[slot] = second;
    this.#counts[slot] = this.#counts[slot]! + count;
  }

  sum(second: number): number {
    return this.#counts.reduce(
      (sum, count, slot) => (this.#seconds[slot]! > second - windowSeconds ? sum + count : sum),
      0,
    );
  }
}
