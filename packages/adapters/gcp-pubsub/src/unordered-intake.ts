// Messages without an order: each is begun when it comes.
import { handleDelivery, type Receiver, type SubscriptionSpec, UnderWay } from "@tenon/runtime/engine";
import type { HeldMessage } from "./held-message.ts";
import type { Intake } from "./intake.ts";

export class UnorderedIntake implements Intake {
  readonly #subscription: SubscriptionSpec;
  readonly #receiver: Receiver;
  readonly #onRoom: () => void;
  readonly #underWay: UnderWay;

  constructor(subscription: SubscriptionSpec, receiver: Receiver, onRoom: () => void) {
    this.#subscription = subscription;
    this.#receiver = receiver;
    this.#onRoom = onRoom;
    this.#underWay = new UnderWay(`${subscription.topic}/${subscription.name}`);
  }

  get room(): number {
    return this.#subscription.maxConcurrency - this.#underWay.count;
  }

  accept(messages: readonly HeldMessage[]): void {
    for (const held of messages) this.#underWay.add((stopping) => this.#run(held, stopping), this.#onRoom);
  }

  stop(timeoutMs: number): Promise<void> {
    return this.#underWay.end(timeoutMs);
  }

  async #run(held: HeldMessage, stopping: AbortSignal): Promise<void> {
    const { deliverAt } = held.read;
    if (deliverAt !== null) await held.putOff(deliverAt);
    else await handleDelivery(held, this.#subscription, this.#receiver, stopping);
  }
}
