// Puts deliveries that come one by one together for a batch handler. A batch is full, or its first message has waited long enough. A
// message that was tried before comes alone: what it did to a batch, it does to itself only.
import { clock, type Timer } from "../clock/clock.ts";
import type { Delivery, Outcome } from "./broker.ts";
import { decodeMessage } from "./decode-message.ts";
import { type CheckedDelivery, deliverBatch } from "./deliver-batch.ts";
import { deliver } from "./deliver.ts";
import type { HostedSubscription } from "./hosted-subscription.ts";
import { failed, whenTimeIsOver } from "./outcome.ts";

interface Waiting extends CheckedDelivery {
  readonly settle: (outcome: Outcome | Promise<Outcome>) => void;
}

export class BatchCollector {
  readonly #hosted: HostedSubscription;
  readonly #maxSize: number;
  readonly #maxWaitMs: number;
  #waiting: Waiting[] = [];
  #timer: Timer | undefined;

  constructor(hosted: HostedSubscription, { maxSize, maxWaitMs }: { maxSize: number; maxWaitMs: number }) {
    this.#hosted = hosted;
    this.#maxSize = maxSize;
    this.#maxWaitMs = maxWaitMs;
  }

  /** Never rejects. */
  deliver(delivery: Delivery): Promise<Outcome> {
    const decoded = decodeMessage(this.#hosted.codec, delivery.payload);
    // As every message that matches no type: with a span of its own.
    if ("reason" in decoded) return deliver(this.#hosted, delivery);
    const { message } = decoded;
    if (delivery.attempt > 1) return deliverBatch(this.#hosted, [{ delivery, message }])[0]!;
    return new Promise((settle) => this.#add({ delivery, message, settle }));
  }

  #add(waiting: Waiting): void {
    this.#waiting.push(waiting);
    whenTimeIsOver(waiting.delivery.signal).catch((error: unknown) => this.#giveUp(waiting, error));
    if (this.#waiting.length >= this.#maxSize) this.#handOver();
    else this.#timer ??= clock().after(this.#maxWaitMs, () => this.#handOver());
  }

  #handOver(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    const batch = this.#waiting;
    this.#waiting = [];
    if (batch.length === 0) return;
    for (const [index, outcome] of deliverBatch(this.#hosted, batch).entries()) batch[index]!.settle(outcome);
  }

  /** Its time was over before it was its turn. */
  #giveUp(waiting: Waiting, error: unknown): void {
    const place = this.#waiting.indexOf(waiting);
    if (place === -1) return;
    this.#waiting.splice(place, 1);
    waiting.settle(failed(this.#hosted, waiting.delivery, error));
  }
}
